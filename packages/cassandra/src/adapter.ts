import {
  type Adapter,
  type Answer,
  type CallContext,
  type Dialect,
  type Failure,
  invalidStatement,
  keyOf,
  type AnyTable,
  LWTError,
  type Row,
  type TableDefinition,
} from '@onlyif/core';
import { type AbsentRow, type CqlCompiled, decodeAnswer, decodeColumns, decodeRow, encodeValue, quoteName } from '@onlyif/cql';
import { checkEncoding } from './check-encoding.ts';
import { classifyCassandraError, classifyScyllaError, neverWritten } from './classify.ts';
import { Connection, type ConnectionOptions, type CqlClient, type CqlResult } from './connect.ts';
import { cassandraDialect, type CassandraVersion, scyllaDialect } from './dialect.ts';
import { systemOptions, readOptions, schemaOptions, type SerialConsistency, writeOptions } from './request-options.ts';
import { CassandraTables } from './tables.ts';

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
  const { version = '5.0', ...shared } = options;
  return new CqlAdapter(shared, cassandraDialect({ version, ...namespaceOf(shared) }), {
    oldest: version,
    absentRow: 'left-out',
    classify: classifyCassandraError,
  });
}

/** ScyllaDB, through the same driver. */
export function scylla(options: ScyllaOptions): CassandraAdapter {
  return new CqlAdapter(options, scyllaDialect(namespaceOf(options)), {
    oldest: undefined,
    absentRow: 'nulls',
    classify: classifyScyllaError,
  });
}

function namespaceOf({ keyspace, tableName }: SharedOptions): { keyspace: string; tableName?: (name: string) => string } {
  if (typeof keyspace !== 'string' || !/^\w{1,48}$/.test(keyspace) || /^system/i.test(keyspace)) {
    throw invalidStatement(
      `keyspace is 1 to 48 letters, digits and underscores, and not one of the system's; got ${JSON.stringify(keyspace)}.`,
    );
  }
  return tableName === undefined ? { keyspace } : { keyspace, tableName };
}

/** What differs between the servers. */
interface ServerKind {
  readonly oldest: string | undefined;
  readonly absentRow: AbsentRow;
  readonly classify: (error: unknown) => Failure;
}

class CqlAdapter implements CassandraAdapter {
  readonly dialect: Dialect<CqlCompiled>;
  readonly tables: CassandraTables;
  readonly #connection: Connection;
  readonly #keyspace: string;
  readonly #serial: SerialConsistency;
  readonly #server: ServerKind;

  constructor(options: SharedOptions, dialect: Dialect<CqlCompiled>, server: ServerKind) {
    const { client, keyspace, serialConsistency = 'SERIAL', tableName: _tableName, ...own } = options;
    if (serialConsistency !== 'SERIAL' && serialConsistency !== 'LOCAL_SERIAL')
      throw invalidStatement(`serialConsistency is SERIAL or LOCAL_SERIAL, not ${String(serialConsistency)}.`);
    this.dialect = dialect;
    this.#connection = new Connection(client, own);
    this.#keyspace = keyspace;
    this.#serial = serialConsistency;
    this.#server = server;
    this.tables = new CassandraTables(this.#connection, namespaceOf(options), server.oldest);
  }

  get client(): CqlClient | undefined {
    return this.#connection.client;
  }

  async execute(compiled: CqlCompiled, context: CallContext): Promise<Answer> {
    const client = await this.#connection.open();
    checkEncoding(client, compiled.statement.table);
    const options = writeOptions(this.#serial, context);
    context.dispatched();
    const { rows } = await this.#sendOnce(client, compiled, options);
    return decodeAnswer(rows, compiled, this.#server.absentRow);
  }

  async read(compiled: CqlCompiled, context: CallContext): Promise<Row | null> {
    const { statement } = compiled;
    if (statement.kind !== 'get') throw invalidStatement('Only a get is read.');
    const client = await this.#connection.open();
    checkEncoding(client, statement.table);
    const options = readOptions(this.#serial, statement.consistency, context);
    context.dispatched();
    const { rows } = await client.execute(compiled.cql, compiled.bytes, options);
    if (rows === undefined) throw new LWTError('protocol', 'The answer to a SELECT holds no rows section.', { outcome: 'not-applied' });
    const [row] = rows;
    if (row === undefined) return null;
    return statement.columns === undefined ? decodeRow(statement.table, row) : decodeColumns(compiled.answer.columns, row);
  }

  classify(error: unknown): Failure {
    return this.#server.classify(error);
  }

  async #sendOnce(client: CqlClient, { cql, bytes }: CqlCompiled, options: object): Promise<CqlResult> {
    try {
      return await client.execute(cql, bytes, options);
    } catch (error) {
      const unknown = this.classify(error).code === 'outcome-unknown';
      // Of this request, not of the error: the driver ends all that a connection held with one and the same.
      throw unknown && (await this.#connection.neverWritten(error, options)) ? neverWritten(error) : error;
    }
  }

  encodeKey(table: TableDefinition, key: Row): readonly Buffer[] {
    const checked = keyOf(table as AnyTable, key) as Row;
    return table.key.map((column) => encodeValue(column.type, checked[column.name]));
  }

  decodeRow(table: TableDefinition, nativeRow: unknown): Row {
    return decodeRow(table, nativeRow as Row);
  }

  async createKeyspace(replication: Replication = { class: 'SimpleStrategy', replication_factor: 1 }): Promise<boolean> {
    const client = await this.#connection.open();
    const { rows } = await client.execute(
      'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?',
      [this.#keyspace],
      systemOptions,
    );
    if (rows?.length === 1) return false;
    const map = Object.entries(replication).map(([name, value]) => `${literal(name)}: ${literal(String(value))}`);
    try {
      await client.execute(`CREATE KEYSPACE ${quoteName(this.#keyspace)} WITH replication = {${map.join(', ')}}`, [], schemaOptions);
    } catch (error) {
      // Another client made it meanwhile.
      if ((error as { code?: unknown }).code === alreadyExists) return false;
      throw error;
    }
    return true;
  }

  async dropKeyspace(): Promise<void> {
    const client = await this.#connection.open();
    await client.execute(`DROP KEYSPACE IF EXISTS ${quoteName(this.#keyspace)}`, [], schemaOptions);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** The error code of the native protocol for a keyspace or table that is there. */
const alreadyExists = 0x2400;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
