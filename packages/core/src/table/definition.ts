import type { ColumnType } from '../values/column-type.ts';

/** What a column is to its table. */
export type ColumnRole = 'partition' | 'clustering' | 'static' | 'regular';

/** One column as data. The handle `table.columns.x` is this object, and so is the operand of a condition. */
export interface ColumnDefinition {
  readonly kind: 'column';
  /** The table's name in code. */
  readonly table: string;
  /** The column's name in code: the property of rows. */
  readonly name: string;
  /** The column's name in the database. */
  readonly native: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  readonly notNull: boolean;
}

/** A table as data, without its TypeScript types. All lists are in the order of the definition. */
export interface TableDefinition {
  readonly name: string;
  /** The table's name in the database, before an adapter's `tableName`. */
  readonly native: string;
  readonly columns: { readonly [name: string]: ColumnDefinition };
  readonly partitionKey: readonly ColumnDefinition[];
  readonly clusteringKey: readonly ColumnDefinition[];
  /** Partition key, then clustering key. */
  readonly key: readonly ColumnDefinition[];
  readonly regular: readonly ColumnDefinition[];
  readonly statics: readonly ColumnDefinition[];
  /** Key, then regular, then static columns: what a whole row holds. */
  readonly all: readonly ColumnDefinition[];
  /** The `notNull` columns; on CQL the first one proves that a row is there (`<guard> != null`). */
  readonly notNull: readonly ColumnDefinition[];
  /** The column in which every write but a delete leaves a token of its own, so that an unknown outcome can be resolved. */
  readonly writeToken: ColumnDefinition | undefined;
  /** The column whose values never return once they have been replaced, not even by a delete and an insert (R43). */
  readonly version: ColumnDefinition | undefined;
}

/** A row, a key or a part of a row: canonical values by the columns' names in code; null where there is none. */
export interface Row {
  readonly [column: string]: unknown;
}

export function columnOf(table: TableDefinition, name: string): ColumnDefinition | undefined {
  return Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
}
