import { invalidStatement } from '@onlyif/core';

export interface EndpointOptions {
  /** The AWS Region; by default that of the environment (`AWS_REGION`, `AWS_DEFAULT_REGION`). */
  readonly region?: string | undefined;
  /** `host` or `host:port`, instead of the public endpoint of the Region: a VPC endpoint, a dual-stack one, a stand-in. */
  readonly endpoint?: string | undefined;
  /** The FIPS endpoint of the Region. */
  readonly fips?: boolean | undefined;
}

export interface Endpoint {
  readonly region: string;
  readonly host: string;
  readonly port: number;
}

const defaultPort = 9142;
const maxPort = 65_535;

/** Where a Region is reached. Throws `invalid-statement` where no Region is said, and where none is known by what was said. */
export function endpointOf({ region = regionOfEnvironment(), endpoint, fips = false }: EndpointOptions): Endpoint {
  if (region === undefined || region === '')
    throw invalidStatement('keyspaces: no region is given, and the environment has neither AWS_REGION nor AWS_DEFAULT_REGION.');
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) throw invalidStatement(`keyspaces: ${JSON.stringify(region)} is no AWS Region.`);
  if (endpoint === undefined) return { region, host: publicHost(region, fips), port: defaultPort };
  if (fips) throw invalidStatement('keyspaces: an endpoint is given, so fips would not be used.');
  const { host = '', port = String(defaultPort) } = /^(?<host>[^:]+)(?::(?<port>\d{1,5}))?$/.exec(endpoint)?.groups ?? {};
  if (host === '' || Number(port) < 1 || Number(port) > maxPort)
    throw invalidStatement(
      `keyspaces: endpoint is a host, or host:port, with a port from 1 to ${maxPort}, not ${JSON.stringify(endpoint)}.`,
    );
  return { region, host, port: Number(port) };
}

function regionOfEnvironment(): string | undefined {
  return process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
}

/** Partitions whose names end otherwise, and those of which nothing is known here. Developer Guide, "Service endpoints". */
const suffixes: readonly (readonly [regions: RegExp, suffix: string | undefined])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^[a-z]+-iso/, undefined],
  [/^eusc-/, undefined],
  [/^/, 'amazonaws.com'],
];

/** Regions with a FIPS endpoint; those of GovCloud are FIPS endpoints by themselves. */
const fipsPrefixes: Readonly<Record<string, string>> = {
  'us-east-1': 'cassandra-fips',
  'us-west-2': 'cassandra-fips',
  'us-gov-east-1': 'cassandra',
  'us-gov-west-1': 'cassandra',
};

function publicHost(region: string, fips: boolean): string {
  const suffix = suffixes.find(([regions]) => regions.test(region))?.[1];
  const prefix = fips ? fipsPrefixes[region] : 'cassandra';
  if (suffix === undefined || prefix === undefined)
    throw invalidStatement(`keyspaces: no ${fips ? 'FIPS endpoint' : 'endpoint'} of ${region} is known here; give it as endpoint.`);
  return `${prefix}.${region}.${suffix}`;
}
