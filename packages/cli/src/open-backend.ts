import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Adapter, administer, isLWTError } from '@onlyif/core';
import { cassandra, type CassandraAdapter } from '@onlyif/cassandra';
import { dynamodb, type DynamoDbOptions } from '@onlyif/dynamodb';
import { keyspaces, type KeyspacesAdapter, type Undocumented } from '@onlyif/keyspaces';
import { memory } from '@onlyif/memory';
import type { BackendOptions, KeyspacesPlace } from './parse-backend.ts';
import { UsageError } from './usage-error.ts';

/** A backend that a command runs on, with table names that no other run has. */
export interface Backend {
  readonly adapter: Adapter;
  /** Where it is, for people; undefined in this process. */
  readonly place: string | undefined;
  /** Makes what tables need, and returns what takes it away again; undefined where all was there. */
  prepare(): Promise<Undo | undefined>;
}

/** Takes away what was made; resolves to a line about what had to stay. */
export type Undo = () => Promise<string | undefined>;

type Environment = Readonly<Record<string, string | undefined>>;
type Openers = {
  readonly [K in BackendOptions['kind']]: (options: Extract<BackendOptions, { kind: K }>, environment: Environment) => Backend;
};

const openers: Openers = {
  memory: () => ({ adapter: memory(), place: undefined, prepare: async () => undefined }),
  cassandra: ({ contactPoints, localDataCenter, keyspace }) => {
    const adapter = cassandra({ contactPoints: [...contactPoints], localDataCenter, keyspace, tableName: uniqueNames() });
    const place = `Cassandra at ${contactPoints.join(', ')}, keyspace ${keyspace}`;
    return { adapter, place, prepare: () => createKeyspace(adapter, keyspace) };
  },
  keyspaces: (options) => openKeyspaces(options, {}),
  dynamodb: ({ endpoint, region }, environment) => ({
    adapter: dynamodb({ ...connection(endpoint, region, environment), tableName: uniqueNames() }),
    place: endpoint === undefined ? `DynamoDB in ${region}` : `DynamoDB at ${endpoint.host}`,
    prepare: async () => undefined,
  }),
};

/** Opens the backend without connecting; throws `UsageError` for options that its adapter does not take. */
export function openBackend(options: BackendOptions, environment: Environment): Backend {
  // TypeScript does not relate the kind of the options to the parameter of its opener.
  const open = openers[options.kind] as (options: BackendOptions, environment: Environment) => Backend;
  return asUsage(() => open(options, environment));
}

/** Amazon Keyspaces, to be sent what it does not document too. */
export function openKeyspaces({ kind: _kind, ca, ...options }: KeyspacesPlace, undocumented: Undocumented): Backend {
  const { keyspace, region, endpoint } = options;
  return asUsage(() => {
    const trusted = ca === undefined ? {} : { ca: readCertificates(ca) };
    const adapter = keyspaces({ ...options, ...trusted, undocumented, tableName: uniqueNames() });
    const place = `Amazon Keyspaces at ${endpoint ?? region ?? 'the Region of the environment'}, keyspace ${keyspace}`;
    return { adapter, place, prepare: () => createKeyspace(adapter, keyspace) };
  });
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca cannot be read: ${(error as Error).message}.`);
  }
}

function asUsage(open: () => Backend): Backend {
  try {
    return open();
  } catch (error) {
    throw isLWTError(error) ? new UsageError(error.message) : error;
  }
}

function uniqueNames(): (name: string) => string {
  const suffix = randomBytes(4).toString('hex');
  return (name) => `${name}_${suffix}`;
}

type KeyspaceAdapter = CassandraAdapter | KeyspacesAdapter;

async function createKeyspace(adapter: KeyspaceAdapter, keyspace: string): Promise<Undo | undefined> {
  return (await adapter.createKeyspace()) ? () => dropKeyspaceIfEmpty(adapter, keyspace) : undefined;
}

/** The keyspace stays where another run, or somebody else, has put tables into it meanwhile. */
async function dropKeyspaceIfEmpty(adapter: KeyspaceAdapter, keyspace: string): Promise<string | undefined> {
  const cql = 'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?';
  const left = await administer(adapter, `Keyspace ${keyspace} could not be inspected.`, async () =>
    adapter.client?.execute(cql, [keyspace], { prepare: true }),
  );
  if (left?.rows?.length !== 0) return `Keyspace ${keyspace} stays: there are other tables in it.`;
  await adapter.dropKeyspace();
  return undefined;
}

const dummy = { accessKeyId: 'local', secretAccessKey: 'local' };

function connection(endpoint: URL | undefined, region: string | undefined, environment: Environment): DynamoDbOptions {
  const given = { ...(region === undefined ? {} : { region }), ...(endpoint === undefined ? {} : { endpoint: endpoint.href }) };
  if (endpoint === undefined || !isLocal(endpoint)) return given;
  const credentials = hasCredentials(environment) ? {} : { credentials: dummy };
  return { region: environment['AWS_REGION'] ?? 'local', ...credentials, ...given };
}

function isLocal({ hostname }: URL): boolean {
  return hostname === '[::1]' || /^(localhost|127(\.\d+){3})$/.test(hostname);
}

function hasCredentials(environment: Environment): boolean {
  const keys = environment['AWS_ACCESS_KEY_ID'] !== undefined && environment['AWS_SECRET_ACCESS_KEY'] !== undefined;
  return keys || environment['AWS_PROFILE'] !== undefined;
}
