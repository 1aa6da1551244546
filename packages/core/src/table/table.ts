import type { MutableKind, Mutation } from '../mutation/build.ts';
import type { ColumnSpec, types } from './columns.ts';
import type { ColumnDefinition, TableDefinition } from './definition.ts';

export type { types };

/** What every table's `[types]` holds, so that functions over tables can be written. */
export interface TableTypes {
  readonly name: string;
  readonly row: object;
  readonly key: object;
  readonly keyName: string;
  readonly insert: object;
  readonly set: object;
  readonly upsert: object;
  readonly equals: object;
}

/** Any table: its definition as data, with its types under one symbol. */
export interface AnyTable extends TableDefinition {
  readonly [types]: TableTypes;
}

/** Names the columns of a table by CQL type, JavaScript value and flag. */
export interface Specs {
  readonly [name: string]: ColumnSpec;
}

/** A column of a table, usable in conditions. Made by `defineTable`, reached by `table.columns`. */
export interface Column<out T extends string, out N extends string, out K extends string, out V> extends ColumnDefinition {
  readonly [types]: { readonly table: T; readonly name: N; readonly kind: K; readonly value: V };
}

type NotNullOf<C extends Specs> = { [N in keyof C]: C[N] extends { readonly flag: 'notNull' } ? N : never }[keyof C];

/** What may change a column in place. */
type MutationOf<S extends ColumnSpec> = S[typeof types]['kind'] extends MutableKind
  ? Mutation<S[typeof types]['kind'], S[typeof types]['value']>
  : never;

/** A table with the columns `C`, whose key columns are `Q`; the library alone sets the column `W`. */
export interface Table<Name extends string, C extends Specs, Q extends keyof C, W extends keyof C = never> extends TableDefinition {
  readonly columns: {
    readonly [N in keyof C]: Column<Name, N & string, C[N][typeof types]['kind'], C[N][typeof types]['value']>;
  };
  readonly [types]: {
    readonly name: Name;
    readonly row: { readonly [N in keyof C]: C[N][typeof types][N extends Q ? 'value' : 'cell'] };
    readonly key: { readonly [N in Q]: C[N][typeof types]['value'] };
    readonly keyName: Q & string;
    readonly insert: { readonly [N in Q | NotNullOf<C>]: C[N][typeof types]['value'] } & {
      readonly [N in Exclude<keyof C, Q | W | NotNullOf<C>>]?: C[N][typeof types]['cell'];
    };
    readonly set: { readonly [N in Exclude<keyof C, Q | W>]?: C[N][typeof types]['cell'] | MutationOf<C[N]> };
    readonly upsert: { readonly [N in NotNullOf<C>]: C[N][typeof types]['cell'] | MutationOf<C[N]> } & {
      readonly [N in Exclude<keyof C, Q | W | NotNullOf<C>>]?: C[N][typeof types]['cell'] | MutationOf<C[N]>;
    };
    readonly equals: { readonly [N in Exclude<keyof C, Q>]: C[N][typeof types]['equals'] };
  };
}

/** The row of a table: `T` for key and `notNull` columns, `T | null` for the others. */
export type RowOf<T extends AnyTable> = T[typeof types]['row'];
/** The whole primary key of a table. */
export type KeyOf<T extends AnyTable> = T[typeof types]['key'];
/** What `insert` and `replace` take: nullable columns may be left out. */
export type InsertRow<T extends AnyTable> = T[typeof types]['insert'];
/** What `update` may set. */
export type SetOf<T extends AnyTable> = T[typeof types]['set'];
/** What `upsert` sets: every `notNull` column, and any other. */
export type UpsertSetOf<T extends AnyTable> = T[typeof types]['upsert'];
/** The equalities that `if: { … }` may hold; null means is-null, and a `json` column has none. */
export type EqualsOf<T extends AnyTable> = T[typeof types]['equals'];
/** The names of the columns that are not in the key, which conditions may read. */
export type ConditionName<T extends AnyTable> = keyof EqualsOf<T> & string;
