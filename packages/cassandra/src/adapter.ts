import { type Adapter, administer, checkNames, type Dialect, invalidStatement } from '@onlyif/core';
import {
  adapterNamespace,
  alreadyExists,
  Connection,
  type CqlClient,
  type CqlCompiled,
  CqlAdapter,
  type CqlServer,
  CqlTables,
  consistencies,
  driverOptions,
  type Levels,
  quoteName,
  scanOptions,
  schemaOptions,
  systemOptions,
  textLiteral,
} from '@onlyif/cql';
import { classifyCassandraError, classifyScyllaError } from './classify.ts';
import { checkConnection, connect, type ConnectionOptions } from './connect.ts';
import { cassandraDialect, type CassandraVersion, oldestRelease, scyllaDialect } from './dialect.ts';

export type SerialConsistency = 'SERIAL' | 'LOCAL_SERIAL';

interface SharedOptions extends ConnectionOptions {
  /** A client of cassandra-driver; it stays open on `close()`. Without it, the other options make one. */
  readonly client?: CqlClient;
  readonly keyspace: string;
  /**
   * `'SERIAL'` (default): one Paxos electorate over all data centres, committed at QUORUM.
   * `'LOCAL_SERIAL'`: one per data centre, committed at LOCAL_QUORUM. Every writer of a table must use the same.
   */
  readonly serialConsistency?: SerialConsistency;
  /** Names per environment: the name of a table in the database, from its name in the definition. */
  readonly tableName?: (name: string) => string;
}

export interface CassandraOptions extends SharedOptions {
  /** The version of the oldest server; `'5.0'` by default. It is not probed; verification refuses an older server. */
  readonly version?: CassandraVersion;
}

export type ScyllaOptions = SharedOptions;

/** How the keyspace of tests and demos keeps its data. */
export interface Replication {
  readonly class: string;
  readonly [option: string]: string | number;
}

/** The adapter of Apache Cassandra and ScyllaDB. */
export interface CassandraAdapter extends Adapter<CqlCompiled> {
  readonly client: CqlClient | undefined;
  /** Creates the keyspace where it is missing, for development and tests; true where it was made. One copy of the data by default. */
  createKeyspace(replication?: Replication): Promise<boolean>;
  /** Drops the keyspace with all its tables. */
  dropKeyspace(): Promise<void>;
}

/**
 * Apache Cassandra: `cassandra({ client, keyspace: 'app' })`, or with the driver's options instead of a client:
 * `cassandra({ contactPoints: ['127.0.0.1'], localDataCenter: 'datacenter1', keyspace: 'app' })`.
 */
export function cassandra(options: CassandraOptions): CassandraAdapter {
  checkNames('The options of cassandra', [...ownOptions, 'version', ...driverOptions], options);
  const { version = '5.0', ...shared } = options;
  return new CassandraCqlAdapter(shared, cassandraDialect({ version, ...adapterNamespace(shared) }), {
    oldest: oldestRelease[version],
    absentRow: 'left-out',
    classify: classifyCassandraError,
  });
}

/** ScyllaDB, through the same driver. */
export function scylla(options: ScyllaOptions): CassandraAdapter {
  checkNames('The options of scylla', [...ownOptions, ...driverOptions], options);
  return new CassandraCqlAdapter(options, scyllaDialect(adapterNamespace(options)), {
    oldest: undefined,
    absentRow: 'nulls',
    classify: classifyScyllaError,
  });
}

const ownOptions = ['client', 'keyspace', 'serialConsistency', 'tableName'] as const;

/** Serial levels, with the commit level that matches each. */
const levelsOf: { readonly [S in SerialConsistency]: Levels } = {
  SERIAL: levels(consistencies.SERIAL, consistencies.QUORUM),
  LOCAL_SERIAL: levels(consistencies.LOCAL_SERIAL, consistencies.LOCAL_QUORUM),
};

function levels(serial: number, commit: number): Levels {
  const reads = { strong: serial, quorum: commit, eventual: consistencies.LOCAL_ONE };
  return { write: commit, serial, reads, scan: consistencies.QUORUM };
}

/** What differs between the servers. */
interface ServerKind extends Omit<CqlServer, 'levels'> {
  readonly oldest: string | undefined;
}

class CassandraCqlAdapter extends CqlAdapter implements CassandraAdapter {
  readonly #connection: Connection;
  readonly #keyspace: string;

  constructor(options: SharedOptions, dialect: Dialect<CqlCompiled>, { oldest, ...server }: ServerKind) {
    const { client, keyspace, serialConsistency = 'SERIAL', tableName: _tableName, ...own } = options;
    if (serialConsistency !== 'SERIAL' && serialConsistency !== 'LOCAL_SERIAL')
      throw invalidStatement(`serialConsistency is SERIAL or LOCAL_SERIAL, not ${String(serialConsistency)}.`);
    if (client === undefined) checkConnection(own);
    const serial = levelsOf[serialConsistency];
    const connection = new Connection(client, own, (written) => connect(own, written));
    const tables = new CqlTables(connection, adapterNamespace(options), {
      oldest,
      scan: { options: scanOptions(serial), writeTimes: true },
    });
    super(dialect, connection, tables, { ...server, levels: serial });
    this.#connection = connection;
    this.#keyspace = keyspace;
  }

  createKeyspace(replication: Replication = { class: 'SimpleStrategy', replication_factor: 1 }): Promise<boolean> {
    return administer(this, `Keyspace ${this.#keyspace} could not be created.`, () => this.#create(replication));
  }

  dropKeyspace(): Promise<void> {
    return administer(this, `Keyspace ${this.#keyspace} could not be dropped.`, async () => {
      const client = await this.#connection.open();
      await client.execute(`DROP KEYSPACE IF EXISTS ${quoteName(this.#keyspace)}`, [], schemaOptions);
    });
  }

  async #create(replication: Replication): Promise<boolean> {
    const client = await this.#connection.open();
    const { rows } = await client.execute(
      'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?',
      [this.#keyspace],
      systemOptions,
    );
    if (rows?.length === 1) return false;
    const map = Object.entries(replication).map(([name, value]) => `${textLiteral(name)}: ${textLiteral(String(value))}`);
    try {
      await client.execute(`CREATE KEYSPACE ${quoteName(this.#keyspace)} WITH replication = {${map.join(', ')}}`, [], schemaOptions);
    } catch (error) {
      if (alreadyExists(error)) return false;
      throw error;
    }
    return true;
  }
}
