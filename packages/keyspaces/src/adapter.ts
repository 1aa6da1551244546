import { type Adapter, administer, type Failure, invalidStatement } from '@onlyif/core';
import {
  adapterNamespace,
  Connection,
  CqlAdapter,
  type CqlClient,
  type CqlCompiled,
  CqlTables,
  consistencies,
  type Levels,
  scanOptions,
} from '@onlyif/cql';
import { checkKeyspacesOptions } from './check-options.ts';
import { classifyKeyspacesError } from './classify.ts';
import { type ConnectionOptions, connector } from './connect.ts';
import type { CreationOptions } from './ddl.ts';
import { keyspacesDialect, type Undocumented } from './dialect.ts';
import { lastRefusal, type RefusedAuthentication } from './refused-authentication.ts';
import { Schema } from './schema.ts';
import { KeyspacesTables } from './tables.ts';

export interface KeyspacesOptions extends ConnectionOptions {
  /** A client of cassandra-driver that the application has; it stays open on `close()`. Without it, the other options make one. */
  readonly client?: CqlClient;
  readonly keyspace: string;
  /** Names per environment: the name of a table in the database, from its name in the definition. */
  readonly tableName?: (name: string) => string;
  /** What to send although the service does not document it. */
  readonly undocumented?: Undocumented;
  /** How `createTable` and `createKeyspace` make what they make, and how long they wait for it. */
  readonly creation?: CreationOptions;
}

/** The adapter of Amazon Keyspaces. */
export interface KeyspacesAdapter extends Adapter<CqlCompiled> {
  readonly client: CqlClient | undefined;
  /** Creates the keyspace where it is missing, in this Region alone, and returns when it can be used; true where it was made. */
  createKeyspace(): Promise<boolean>;
  /** Drops all tables of the keyspace, then the keyspace, and returns when they are gone. */
  dropKeyspace(): Promise<void>;
}

/** Writes at LOCAL_QUORUM, which is all that the service takes; it has no serial levels. Developer Guide, "Consistency levels". */
const levels: Levels = {
  write: consistencies.LOCAL_QUORUM,
  serial: null,
  reads: { strong: consistencies.LOCAL_QUORUM, quorum: consistencies.LOCAL_QUORUM, eventual: consistencies.LOCAL_ONE },
  scan: consistencies.LOCAL_QUORUM,
};

/**
 * Amazon Keyspaces: `keyspaces({ region: 'eu-west-1', keyspace: 'app' })`, with the AWS credentials that the machine has.
 * Throws `invalid-statement` for options that cannot be; connects at the first request.
 */
export function keyspaces(options: KeyspacesOptions): KeyspacesAdapter {
  checkKeyspacesOptions(options);
  const { client, keyspace, tableName, undocumented = {}, creation = {}, ...own } = options;
  const namespace = adapterNamespace({ keyspace, ...(tableName && { tableName }) });
  // API reference, "CreateKeyspace".
  if (keyspace.startsWith('_'))
    throw invalidStatement(`keyspaces: a keyspace begins with a letter or digit; got ${JSON.stringify(keyspace)}.`);
  const refused: RefusedAuthentication = {};
  const connection = new Connection(client, own, client === undefined ? connector(own, refused) : neverMade);
  const inspect = new CqlTables(connection, namespace, { oldest: undefined, scan: { options: scanOptions(levels), writeTimes: false } });
  const tables = new KeyspacesTables(inspect, new Schema(connection, creation), namespace, creation);
  const adapter = new CqlAdapter(keyspacesDialect({ ...namespace, undocumented }), connection, tables, {
    absentRow: 'unclear',
    levels,
    classify: (error) => withLastRefusal(classifyKeyspacesError(error), refused),
  });
  return Object.assign(adapter, {
    createKeyspace: () => administer(adapter, `Keyspace ${keyspace} could not be created.`, () => tables.createKeyspace()),
    dropKeyspace: () => administer(adapter, `Keyspace ${keyspace} could not be dropped.`, () => tables.dropKeyspace()),
  });
}

const neverMade = (): Promise<never> => Promise.reject(new Error('A client is given.'));

function withLastRefusal(failure: Failure, refused: RefusedAuthentication): Failure {
  return failure.code === 'unavailable' ? { ...failure, message: `${failure.message}${lastRefusal(refused)}` } : failure;
}
