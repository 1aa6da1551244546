import { type ColumnDefinition, describeType, type TableDefinition } from '@onlyif/core';
import { type Namespace, qualifiedName, quoteName } from './names.ts';

/** The CQL type of a column. */
export function cqlType({ type }: ColumnDefinition): string {
  return type.kind === 'json' ? 'text' : describeType(type);
}

/** The `CREATE TABLE` of a definition, as text. Sends nothing. */
export function ddl(table: TableDefinition, namespace: Namespace = {}): string {
  const columns = table.all.map((column) => `${quoteName(column.native)} ${cqlType(column)}${column.role === 'static' ? ' static' : ''}`);
  const names = (key: readonly ColumnDefinition[]): string => key.map(({ native }) => quoteName(native)).join(', ');
  const clustering = table.clusteringKey.length === 0 ? '' : `, ${names(table.clusteringKey)}`;
  const primaryKey = `PRIMARY KEY ((${names(table.partitionKey)})${clustering})`;
  return `CREATE TABLE ${qualifiedName(namespace, table)} (${[...columns, primaryKey].join(', ')})`;
}
