import type { ScanFinding, TableAdministration, TableDefinition, TableDescription } from '@onlyif/core';
import { type CqlTables, type Namespace, qualifiedName, quoteName, tableNameIn } from '@onlyif/cql';
import { createKeyspaceText, createTableText, type CreationOptions } from './ddl.ts';
import type { Schema } from './schema.ts';

/** Creates, drops and inspects tables of one keyspace, and returns when the service has done so. */
export class KeyspacesTables implements TableAdministration {
  readonly #inspect: CqlTables;
  readonly #schema: Schema;
  readonly #namespace: Namespace & { readonly keyspace: string };
  readonly #creation: CreationOptions;

  constructor(inspect: CqlTables, schema: Schema, namespace: Namespace & { readonly keyspace: string }, creation: CreationOptions) {
    this.#inspect = inspect;
    this.#schema = schema;
    this.#namespace = namespace;
    this.#creation = creation;
  }

  async create(table: TableDefinition): Promise<void> {
    await this.#schema.define(createTableText(table, this.#namespace, this.#creation));
    await this.#until(tableNameIn(this.#namespace, table), 'ACTIVE');
  }

  async drop(table: TableDefinition): Promise<void> {
    await this.#schema.define(`DROP TABLE IF EXISTS ${qualifiedName(this.#namespace, table)}`);
    await this.#until(tableNameIn(this.#namespace, table), 'absent');
  }

  describe(table: TableDefinition): Promise<TableDescription | null> {
    return this.#inspect.describe(table);
  }

  scan(table: TableDefinition): AsyncIterable<ScanFinding> {
    return this.#inspect.scan(table);
  }

  /** True where the keyspace was made. */
  async createKeyspace(): Promise<boolean> {
    const { keyspace } = this.#namespace;
    if ((await this.#keyspaceStatus()) === 'ACTIVE') return false;
    const made = await this.#schema.define(createKeyspaceText(keyspace, this.#creation)).then(() => true, unlessThere);
    await this.#schema.until(keyspace, 'ACTIVE', () => this.#keyspaceStatus());
    return made;
  }

  /** Its tables go first, for the service takes no keyspace that holds some. */
  async dropKeyspace(): Promise<void> {
    const { keyspace } = this.#namespace;
    const tables = await this.#schema.rows('SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?', keyspace);
    for (const row of tables) {
      const name = String(row['table_name']);
      await this.#schema.define(`DROP TABLE IF EXISTS ${quoteName(keyspace)}.${quoteName(name)}`);
      await this.#until(name, 'absent');
    }
    await this.#schema.define(`DROP KEYSPACE IF EXISTS ${quoteName(keyspace)}`);
    await this.#schema.until(keyspace, 'absent', () => this.#keyspaceStatus());
  }

  async #until(name: string, wanted: 'ACTIVE' | 'absent'): Promise<void> {
    const { keyspace } = this.#namespace;
    const cql = 'SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?';
    await this.#schema.until(`${keyspace}.${name}`, wanted, async () => {
      const [row] = await this.#schema.rows(cql, keyspace, name);
      return row === undefined ? 'absent' : String(row['status']);
    });
  }

  /** A keyspace is shown when it can be used (Developer Guide, "Check keyspace creation status"). */
  async #keyspaceStatus(): Promise<'ACTIVE' | 'absent'> {
    const cql = 'SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?';
    const rows = await this.#schema.rows(cql, this.#namespace.keyspace);
    return rows.length === 0 ? 'absent' : 'ACTIVE';
  }
}

/** The error code of the native protocol for a keyspace that is there. */
const alreadyExists = 0x2400;

function unlessThere(error: unknown): false {
  if ((error as { readonly code?: unknown }).code === alreadyExists) return false;
  throw error;
}
