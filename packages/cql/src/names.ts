import { type TableDefinition, unsupported } from '@onlyif/core';

/** A quoted identifier: any name is data, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export interface Namespace {
  /** Left out, names stay unqualified: enough to read the text of a statement, not to send it. */
  readonly keyspace?: string;
  /** Names per environment: the name of a table in the database, from its name in the definition. */
  readonly tableName?: (name: string) => string;
}

/** Cassandra holds 48 word characters (`SchemaConstants.NAME_LENGTH`). */
const tablePattern = /^\w{1,48}$/;

/** The table's name in the database. */
export function tableNameIn({ tableName = (name) => name }: Namespace, table: TableDefinition): string {
  const name = tableName(table.native);
  if (tablePattern.test(name)) return name;
  throw unsupported(
    `A table cannot be named ${JSON.stringify(name)} in CQL: table names are 1 to 48 letters, digits and underscores.`,
    `defineTable(${JSON.stringify(table.name)}, { named: … })`,
  );
}

/** The quoted, qualified name of a table. */
export function qualifiedName(namespace: Namespace, table: TableDefinition): string {
  const name = quoteName(tableNameIn(namespace, table));
  return namespace.keyspace === undefined ? name : `${quoteName(namespace.keyspace)}.${name}`;
}
