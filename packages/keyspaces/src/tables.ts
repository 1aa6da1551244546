import type { Row, ScanFinding, TableAdministration, TableDefinition, TableDescription } from '@onlyif/core';
import { alreadyExists, type CqlTables, type Namespace, qualifiedName, quoteName, tableNameIn } from '@onlyif/cql';
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
    const deadline = this.#schema.deadline();
    const name = tableNameIn(this.#namespace, table);
    try {
      await this.#schema.define(createTableText(table, this.#namespace, this.#creation));
    } catch (error) {
      // One whose making an earlier call did not wait for to the end is waited for here.
      if (!alreadyExists(error) || (await this.#statusOf(name)) !== 'CREATING') throw error;
    }
    await this.#until(name, 'ACTIVE', deadline);
  }

  async drop(table: TableDefinition): Promise<void> {
    const deadline = this.#schema.deadline();
    await this.#schema.define(`DROP TABLE IF EXISTS ${qualifiedName(this.#namespace, table)}`);
    await this.#until(tableNameIn(this.#namespace, table), 'absent', deadline);
  }

  async describe(table: TableDefinition): Promise<TableDescription | null> {
    const description = await this.#inspect.describe(table);
    if (description === null) return null;
    const row = await this.#row('custom_properties', tableNameIn(this.#namespace, table));
    return hasClientTimestamps(row?.['custom_properties']) ? { ...description, warnings: [clientTimestamps] } : description;
  }

  scan(table: TableDefinition): AsyncIterable<ScanFinding> {
    return this.#inspect.scan(table);
  }

  /** True where the keyspace was made. */
  async createKeyspace(): Promise<boolean> {
    const { keyspace } = this.#namespace;
    const deadline = this.#schema.deadline();
    if ((await this.#keyspaceStatus()) === 'ACTIVE') return false;
    const made = await this.#schema.define(createKeyspaceText(keyspace, this.#creation)).then(() => true, unlessThere);
    await this.#schema.until(keyspace, 'ACTIVE', () => this.#keyspaceStatus(), deadline);
    return made;
  }

  /** Its tables go first, one after the other, so that what takes long is seen; the service would drop them with it. */
  async dropKeyspace(): Promise<void> {
    const { keyspace } = this.#namespace;
    const deadline = this.#schema.deadline();
    const tables = await this.#schema.rows('SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?', keyspace);
    for (const row of tables) {
      const name = String(row['table_name']);
      await this.#schema.define(`DROP TABLE IF EXISTS ${quoteName(keyspace)}.${quoteName(name)}`);
      await this.#until(name, 'absent', deadline);
    }
    await this.#schema.define(`DROP KEYSPACE IF EXISTS ${quoteName(keyspace)}`);
    await this.#schema.until(keyspace, 'absent', () => this.#keyspaceStatus(), deadline);
  }

  async #until(name: string, wanted: 'ACTIVE' | 'absent', deadline: number): Promise<void> {
    await this.#schema.until(`${this.#namespace.keyspace}.${name}`, wanted, () => this.#statusOf(name), deadline);
  }

  async #statusOf(name: string): Promise<string> {
    const row = await this.#row('status', name);
    return row === undefined || row['status'] === 'DELETED' ? 'absent' : String(row['status']);
  }

  async #row(column: 'status' | 'custom_properties', name: string): Promise<Row | undefined> {
    const cql = `SELECT ${column} FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?`;
    const [row] = await this.#schema.rows(cql, this.#namespace.keyspace, name);
    return row;
  }

  /** A keyspace is shown when it can be used (Developer Guide, "Check keyspace creation status"). */
  async #keyspaceStatus(): Promise<'ACTIVE' | 'absent'> {
    const cql = 'SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?';
    const rows = await this.#schema.rows(cql, this.#namespace.keyspace);
    return rows.length === 0 ? 'absent' : 'ACTIVE';
  }
}

function unlessThere(error: unknown): false {
  if (alreadyExists(error)) return false;
  throw error;
}

const clientTimestamps =
  'The table has client-side timestamps, as tables of several Regions must, and they cannot be turned off. What they mean for conditional writes is not documented: a plain write with a time in the future, of up to 5 minutes, may hide conditional writes that report applied.';

/** `{ client_side_timestamps: { status: 'enabled' } }`, as a `Map` or, of a client that decodes maps so, as an object. */
function hasClientTimestamps(properties: unknown): boolean {
  return entryOf(entryOf(properties, 'client_side_timestamps'), 'status') === 'enabled';
}

function entryOf(map: unknown, key: string): unknown {
  return map instanceof Map ? map.get(key) : (map as Readonly<Record<string, unknown>> | null | undefined)?.[key];
}
