import { invalidStatement } from '../errors.ts';
import type { ColumnType, ScalarKind } from '../values/column-type.ts';

/** Where columns and tables keep their TypeScript types. It has no value at run time. */
export declare const types: unique symbol;

export type ColumnFlag = 'nullable' | 'notNull' | 'static';

/** A column before it belongs to a table: what `text()`, `int()` … return. Phantom types: CQL type, JavaScript value, flag. */
export interface ColumnSpec<out K extends string = string, out V = unknown, out F extends ColumnFlag = ColumnFlag> {
  readonly [types]: {
    readonly kind: K;
    readonly value: V;
    /** What a row holds and `set` takes. */
    readonly cell: F extends 'notNull' ? V : V | null;
    /** What a record of equalities takes. */
    readonly equals: K extends 'json' ? never : V | null;
  };
  readonly type: ColumnType;
  readonly flag: F;
  /** The column's name in the database, where it differs from the property in code. */
  readonly native: string | undefined;
  /** `text().named('profile_version')`: the column's name in the database. */
  named(native: string): ColumnSpec<K, V, F>;
  /** Every row holds a value. The first `notNull` column lets CQL tell a live row from an absent one. */
  notNull(this: NullableSpec<K, V>): ColumnSpec<K, V, 'notNull'>;
  /** One value for the whole partition. */
  static(this: NullableSpec<K, V>): ColumnSpec<K, V, 'static'>;
}

/** A column that may still be declared `notNull` or `static`. */
export type NullableSpec<K extends string, V> = ColumnSpec<K, V, 'nullable'>;

interface AnySpec {
  readonly type: ColumnType;
  readonly flag: ColumnFlag;
  readonly native: string | undefined;
  named(native: string): AnySpec;
  notNull(): AnySpec;
  static(): AnySpec;
}

function columnSpec(type: ColumnType, flag: ColumnFlag, native: string | undefined): AnySpec {
  return Object.freeze({
    type,
    flag,
    native,
    named: (name: string) => columnSpec(type, flag, name),
    notNull: () => columnSpec(type, reflag(flag, 'notNull'), native),
    static: () => columnSpec(type, reflag(flag, 'static'), native),
  });
}

function reflag(before: ColumnFlag, after: ColumnFlag): ColumnFlag {
  if (before !== 'nullable') throw invalidStatement(`A column is declared ${before} and ${after}; it can be one of them, once.`);
  return after;
}

function builder<K extends ScalarKind, D>(kind: K): <V extends D = D>() => NullableSpec<K, V> {
  const type: ColumnType = Object.freeze({ kind });
  return (() => columnSpec(type, 'nullable', undefined)) as never;
}

/** UTF-8 text. `text<'open' | 'paid'>()` narrows the TypeScript type. */
export const text: <V extends string = string>() => ColumnSpec<'text', V, 'nullable'> = builder('text');
/** ASCII text. */
export const ascii: <V extends string = string>() => ColumnSpec<'ascii', V, 'nullable'> = builder('ascii');
/** 32-bit integer, a `number`. */
export const int: <V extends number = number>() => ColumnSpec<'int', V, 'nullable'> = builder('int');
/** 16-bit integer, a `number`. */
export const smallint: <V extends number = number>() => ColumnSpec<'smallint', V, 'nullable'> = builder('smallint');
/** 8-bit integer, a `number`. */
export const tinyint: <V extends number = number>() => ColumnSpec<'tinyint', V, 'nullable'> = builder('tinyint');
/** 64-bit integer, a `bigint`. */
export const bigint: <V extends bigint = bigint>() => ColumnSpec<'bigint', V, 'nullable'> = builder('bigint');
/** Integer of any size, a `bigint`; DynamoDB holds 38 digits. */
export const varint: <V extends bigint = bigint>() => ColumnSpec<'varint', V, 'nullable'> = builder('varint');
/** Decimal number as a plain-decimal `string`; DynamoDB holds 38 significant digits. */
export const decimal: <V extends string = string>() => ColumnSpec<'decimal', V, 'nullable'> = builder('decimal');
/** 32-bit floating point, a finite `number` that a 32-bit float can hold. */
export const float: <V extends number = number>() => ColumnSpec<'float', V, 'nullable'> = builder('float');
/** 64-bit floating point, a finite `number`; −0 becomes 0. */
export const double: <V extends number = number>() => ColumnSpec<'double', V, 'nullable'> = builder('double');
export const boolean: <V extends boolean = boolean>() => ColumnSpec<'boolean', V, 'nullable'> = builder('boolean');
/** Bytes, a `Uint8Array`. */
export const blob: <V extends Uint8Array = Uint8Array>() => ColumnSpec<'blob', V, 'nullable'> = builder('blob');
/** UUID as lower-case text. */
export const uuid: <V extends string = string>() => ColumnSpec<'uuid', V, 'nullable'> = builder('uuid');
/** Version 1 UUID as lower-case text. */
export const timeuuid: <V extends string = string>() => ColumnSpec<'timeuuid', V, 'nullable'> = builder('timeuuid');
/** A moment in milliseconds, a `Date`. */
export const timestamp: <V extends Date = Date>() => ColumnSpec<'timestamp', V, 'nullable'> = builder('timestamp');
/** Calendar date, `YYYY-MM-DD`, years 0001 to 9999. */
export const date: <V extends string = string>() => ColumnSpec<'date', V, 'nullable'> = builder('date');
/** Time of day, `HH:MM:SS.nnnnnnnnn`. */
export const time: <V extends string = string>() => ColumnSpec<'time', V, 'nullable'> = builder('time');
/** IPv4 or IPv6 address as text by RFC 5952. */
export const inet: <V extends string = string>() => ColumnSpec<'inet', V, 'nullable'> = builder('inet');
/** A value stored as JSON text; conditions on it are `isNull` and `isNotNull`. */
export const json: <V>() => ColumnSpec<'json', V, 'nullable'> = builder('json') as never;

/** All column builders, for `columns: (t) => ({ id: t.text() })`. */
export interface ColumnBuilders {
  readonly text: typeof text;
  readonly ascii: typeof ascii;
  readonly int: typeof int;
  readonly smallint: typeof smallint;
  readonly tinyint: typeof tinyint;
  readonly bigint: typeof bigint;
  readonly varint: typeof varint;
  readonly decimal: typeof decimal;
  readonly float: typeof float;
  readonly double: typeof double;
  readonly boolean: typeof boolean;
  readonly blob: typeof blob;
  readonly uuid: typeof uuid;
  readonly timeuuid: typeof timeuuid;
  readonly timestamp: typeof timestamp;
  readonly date: typeof date;
  readonly time: typeof time;
  readonly inet: typeof inet;
  readonly json: typeof json;
}

export const columnBuilders: ColumnBuilders = Object.freeze({
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
});
