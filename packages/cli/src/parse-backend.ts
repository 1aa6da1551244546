import { UsageError } from './usage-error.ts';

/** A backend and where it is. */
export type BackendOptions =
  | { readonly kind: 'memory' }
  | {
      readonly kind: 'cassandra';
      readonly contactPoints: readonly string[];
      readonly localDataCenter: string;
      readonly keyspace: string;
    }
  | KeyspacesPlace
  | { readonly kind: 'dynamodb'; readonly endpoint: URL | undefined; readonly region: string | undefined };

export interface KeyspacesPlace {
  readonly kind: 'keyspaces';
  readonly keyspace: string;
  /** `host` or `host:port`. */
  readonly endpoint?: string;
  /** Undefined for that of the environment. */
  readonly region?: string;
  /** The name of a file with certificates. */
  readonly ca?: string;
  readonly servername?: string;
}

type Kind = BackendOptions['kind'];

/** Options of the command line by their names, `--backend` among them. */
export interface OptionValues {
  readonly [name: string]: string | undefined;
}

const defaultKeyspace = 'onlyif_demo';

const parsers: { readonly [K in Kind]: (values: OptionValues) => Extract<BackendOptions, { kind: K }> } = {
  memory: () => ({ kind: 'memory' }),
  cassandra: (values) => ({
    kind: 'cassandra',
    contactPoints: parseContactPoints(required(values, 'contact-points', 'such as 127.0.0.1:9042')),
    localDataCenter: required(values, 'local-data-center', 'such as datacenter1'),
    keyspace: values['keyspace'] ?? defaultKeyspace,
  }),
  keyspaces: parseKeyspaces,
  dynamodb: ({ endpoint, region }) => {
    if (endpoint === undefined && region === undefined)
      throw new UsageError('--backend dynamodb needs --endpoint, such as http://127.0.0.1:8000, or --region for AWS.');
    return { kind: 'dynamodb', endpoint: endpoint === undefined ? undefined : parseEndpoint(endpoint), region };
  },
};

const optionsOf: { readonly [K in Kind]: readonly string[] } = {
  memory: [],
  cassandra: ['contact-points', 'local-data-center', 'keyspace'],
  keyspaces: ['region', 'keyspace', 'endpoint', 'ca', 'servername'],
  dynamodb: ['endpoint', 'region'],
};

export function parseKeyspaces({ keyspace = defaultKeyspace, region, endpoint, ca, servername }: OptionValues): KeyspacesPlace {
  const given = { ...(region && { region }), ...(endpoint && { endpoint }), ...(ca && { ca }), ...(servername && { servername }) };
  return { kind: 'keyspaces', keyspace, ...given };
}

/** The backend that the options name; throws `UsageError` for an unknown one, and for options that it does not have. */
export function parseBackend(values: OptionValues): BackendOptions {
  const { backend = 'memory', ...others } = values;
  if (!isKind(backend)) throw new UsageError(`Unknown backend ${backend}; there are ${Object.keys(parsers).join(', ')}.`);
  const stranger = Object.keys(others).find((name) => !optionsOf[backend].includes(name));
  if (stranger !== undefined) throw new UsageError(`--${stranger} is not an option of --backend ${backend}.`);
  return parsers[backend](values);
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(parsers, name);
}

function required(values: OptionValues, name: string, example: string): string {
  const value = values[name];
  if (value === undefined) throw new UsageError(`--backend cassandra needs --${name}, ${example}.`);
  return value;
}

/** The driver takes its default port where it cannot read one. */
const contactPoint = /^(\[[^\]]+\]|[^:\s[\]]+)(:\d+)?$/;

function parseContactPoints(list: string): readonly string[] {
  const points = list.split(',').map((point) => point.trim());
  if (points.every((point) => contactPoint.test(point))) return points;
  throw new UsageError(`--contact-points is host:port, several with commas between them; got ${list}.`);
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`--endpoint is a URL such as http://127.0.0.1:8000; got ${text}.`);
}
