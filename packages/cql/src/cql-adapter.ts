import {
  type Adapter,
  type Answer,
  type AnyTable,
  type CallContext,
  type Dialect,
  type Failure,
  invalidStatement,
  keyOf,
  LWTError,
  type Row,
  type TableAdministration,
  type TableDefinition,
} from '@onlyif/core';
import { checkEncoding } from './check-encoding.ts';
import { neverWritten } from './classify-error.ts';
import type { AbsentRow, CqlCompiled } from './compiled.ts';
import type { Connection, CqlClient, CqlResult } from './connection.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeColumns, decodeRow } from './decode-value.ts';
import { encodeValue } from './encode-value.ts';
import { pagesOf } from './pages.ts';
import { type Levels, readOptions, writeOptions } from './request-options.ts';

/** What differs between servers that speak CQL, once a statement is compiled. */
export interface CqlServer {
  readonly absentRow: AbsentRow;
  readonly levels: Levels;
  readonly classify: (error: unknown) => Failure;
}

/** The adapter of a server that speaks CQL, through cassandra-driver or a client with its surface. */
export class CqlAdapter implements Adapter<CqlCompiled> {
  readonly dialect: Dialect<CqlCompiled>;
  readonly tables: TableAdministration;
  readonly #connection: Connection;
  readonly #server: CqlServer;

  constructor(dialect: Dialect<CqlCompiled>, connection: Connection, tables: TableAdministration, server: CqlServer) {
    this.dialect = dialect;
    this.tables = tables;
    this.#connection = connection;
    this.#server = server;
  }

  get client(): CqlClient | undefined {
    return this.#connection.client;
  }

  async execute(compiled: CqlCompiled, context: CallContext): Promise<Answer> {
    const client = await this.#connection.open();
    checkEncoding(client, compiled.statement.table);
    const options = writeOptions(this.#server.levels, context);
    context.dispatched();
    const { rows } = await this.#sendOnce(client, compiled, options);
    return decodeAnswer(rows, compiled, this.#server.absentRow);
  }

  async read(compiled: CqlCompiled, context: CallContext): Promise<Row | null> {
    const { statement } = compiled;
    if (statement.kind !== 'get') throw invalidStatement('Only a get is read.');
    const client = await this.#connection.open();
    checkEncoding(client, statement.table);
    const options = readOptions(this.#server.levels, statement.consistency, context);
    context.dispatched();
    const row = await readOne(client, compiled, options);
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
    const row = nativeRow as Row;
    const missing = table.all.find(({ native }) => !Object.hasOwn(row, native));
    if (missing !== undefined)
      throw invalidStatement(`decodeRow: the row of ${table.name} has no column ${missing.native}; the query has to select it.`);
    return decodeRow(table, row);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

async function readOne(client: CqlClient, { cql, bytes }: CqlCompiled, options: object): Promise<Row | undefined> {
  for await (const { rows } of pagesOf(client, cql, bytes, options)) {
    if (rows === undefined) throw new LWTError('protocol', 'The answer to a SELECT holds no rows section.', { outcome: 'not-applied' });
    if (rows[0] !== undefined) return rows[0];
  }
  return undefined;
}
