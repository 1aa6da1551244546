import {
  type DescribedColumn,
  LWTError,
  type Row,
  type ScanFinding,
  type TableAdministration,
  type TableDefinition,
  type TableDescription,
} from '@onlyif/core';
import type { Connection } from './connection.ts';
import { cqlType, ddl } from './ddl.ts';
import { type Namespace, qualifiedName, tableNameIn } from './names.ts';
import { allRows } from './pages.ts';
import { systemOptions, schemaOptions } from './request-options.ts';
import { type ScanSettings, scanTable } from './scan-table.ts';

const roles: { readonly [kind: string]: DescribedColumn['role'] } = {
  partition_key: 'partition',
  clustering: 'clustering',
  static: 'static',
  regular: 'regular',
};

export interface TableSettings {
  /** The oldest release that the dialect was made for; undefined where releases are not compared. */
  readonly oldest: string | undefined;
  readonly scan: ScanSettings;
}

/** Creates, drops and inspects tables of one keyspace. */
export class CqlTables implements TableAdministration {
  readonly #connection: Connection;
  readonly #namespace: Namespace & { readonly keyspace: string };
  readonly #oldest: string | undefined;

  readonly #scan: ScanSettings;

  constructor(connection: Connection, namespace: Namespace & { readonly keyspace: string }, { oldest, scan }: TableSettings) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#oldest = oldest;
    this.#scan = scan;
  }

  async create(table: TableDefinition): Promise<void> {
    const client = await this.#connection.open();
    await client.execute(ddl(table, this.#namespace), [], schemaOptions);
  }

  async drop(table: TableDefinition): Promise<void> {
    const client = await this.#connection.open();
    await client.execute(`DROP TABLE IF EXISTS ${qualifiedName(this.#namespace, table)}`, [], schemaOptions);
  }

  async describe(table: TableDefinition): Promise<TableDescription | null> {
    await this.#checkVersion();
    const columns = await this.#system(
      'SELECT column_name, type, kind, position FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?',
      table,
    );
    if (columns.length === 0) return this.#absent();
    const options = await this.#system(
      'SELECT default_time_to_live FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
      table,
    );
    const found = columns
      .toSorted((a, b) => Number(a['position']) - Number(b['position']))
      .map((column) => ({
        name: String(column['column_name']),
        type: String(column['type']),
        role: roles[String(column['kind'])] ?? 'regular',
      }));
    const wanted = table.all.map((column) => ({ name: column.native, type: cqlType(column), role: column.role }));
    return { found, wanted, problems: expiryProblems(Number(options[0]?.['default_time_to_live'] ?? 0)) };
  }

  async *scan(table: TableDefinition): AsyncIterable<ScanFinding> {
    yield* scanTable(await this.#connection.open(), this.#namespace, table, this.#scan);
  }

  async #absent(): Promise<TableDescription | null> {
    const { keyspace } = this.#namespace;
    const cql = 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?';
    const keyspaces = await allRows(await this.#connection.open(), cql, [keyspace], systemOptions);
    return keyspaces.length > 0 ? null : { found: [], wanted: [], problems: [`Keyspace ${keyspace} does not exist.`] };
  }

  async #system(cql: string, table: TableDefinition): Promise<readonly Row[]> {
    const client = await this.#connection.open();
    return allRows(client, cql, [this.#namespace.keyspace, tableNameIn(this.#namespace, table)], systemOptions);
  }

  async #checkVersion(): Promise<void> {
    if (this.#oldest === undefined) return;
    const client = await this.#connection.open();
    const { rows } = await client.execute('SELECT release_version FROM system.local', [], systemOptions);
    const live = String(rows?.[0]?.['release_version']);
    if (isOlder(live, this.#oldest)) {
      throw new LWTError('unsupported', `The server is Cassandra ${live}, and the adapter was made for ${this.#oldest} and later.`, {
        alternative: 'cassandra({ version: … }) with the version of the oldest server',
      });
    }
  }
}

/** By the numbers that both name: 4.0 and 4.0.5 are as old as each other. */
function isOlder(live: string, wanted: string): boolean {
  const [numbers, least] = [live, wanted].map((version) => version.split(/[.-]/).map(Number)) as [number[], number[]];
  const at = least.findIndex((number, i) => number !== numbers[i]);
  return at >= 0 && (numbers[at] ?? 0) < (least[at] ?? 0);
}

/** R4: marker and guard expire before a cell that was written later, and the guard is then false on a live row. */
function expiryProblems(seconds: number): readonly string[] {
  return seconds > 0
    ? [`The table has default_time_to_live = ${seconds}: rows would lose what proves that they exist before they lose their values.`]
    : [];
}
