import {
  type AnyTable,
  type ColumnDefinition,
  ascii,
  bigint,
  blob,
  boolean,
  date,
  decimal,
  defineTable,
  double,
  float,
  inet,
  int,
  json,
  type ScalarKind,
  smallint,
  text,
  time,
  timestamp,
  timeuuid,
  tinyint,
  uuid,
  varint,
} from '@onlyif/core';

const builders = {
  text,
  ascii,
  int,
  smallint,
  tinyint,
  bigint,
  varint,
  decimal,
  float,
  double,
  boolean,
  blob,
  uuid,
  timeuuid,
  timestamp,
  date,
  time,
  inet,
  json,
} as const satisfies { readonly [K in ScalarKind]: unknown };

export const kinds = Object.keys(builders) as ScalarKind[];

/** A column of a type that is only known when the suite runs. */
export function scalar(kind: ScalarKind): ReturnType<typeof text> {
  return (builders[kind] as typeof text)();
}

/** Two columns of every type, `a_<type>` and `b_<type>`, named apart from their names in the database. */
function columnsOfEveryType(): Record<string, ReturnType<typeof text>> {
  return Object.fromEntries(kinds.flatMap((kind) => ['a', 'b'].map((side) => [`${side}_${kind}`, scalar(kind)])));
}

/** A row of every type, with a `notNull` column and a plain one beside them. */
export const guarded: AnyTable = defineTable('guarded', {
  columns: { pk: text(), ck: int(), ...columnsOfEveryType(), guard: text().notNull(), other: int() },
  partitionKey: ['pk'],
  clusteringKey: ['ck'],
}) as never;

/** The same without a `notNull` column and without a clustering key. */
export const bare: AnyTable = defineTable('bare', {
  columns: { pk: text(), ...columnsOfEveryType(), other: int() },
  partitionKey: ['pk'],
}) as never;

export function column(table: AnyTable, name: string): ColumnDefinition {
  return table.columns[name] as ColumnDefinition;
}
