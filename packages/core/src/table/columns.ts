import { invalidStatement } from '../errors.ts';
import { type ColumnType, describeType, isCollection, type ScalarColumnType, type ScalarKind } from '../values/column-type.ts';

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
  /** Every row holds a value. The first `notNull` column lets CQL tell a live row from an absent one. A collection cannot be it. */
  notNull(this: NullableSpec<K & ScalarKind, V>): ColumnSpec<K, V, 'notNull'>;
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
    notNull: () => columnSpec(refuseCollection(type), reflag(flag, 'notNull'), native),
    static: () => columnSpec(type, reflag(flag, 'static'), native),
  });
}

/** A collection whose last member is removed is null (R2). */
function refuseCollection(type: ColumnType): ColumnType {
  if (isCollection(type)) throw invalidStatement(`A ${describeType(type)} column cannot be notNull: an empty collection is null.`);
  return type;
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

type ElementKind = Exclude<ScalarKind, 'json'>;
type Scalar<K extends ElementKind, V> = ColumnSpec<K, V, 'nullable'>;

function elementType(spec: AnySpec, kind: string): ScalarColumnType {
  const { type, flag, native } = spec;
  if (isCollection(type) || type.kind === 'json')
    throw invalidStatement(`The elements of a ${kind} are scalars; ${describeType(type)} is none.`);
  if (flag !== 'nullable' || native !== undefined)
    throw invalidStatement(`The elements of a ${kind} have a type and nothing else: no name, notNull or static.`);
  return type;
}

/** A list, a readonly array; an empty one is null. */
export function list<K extends ElementKind, V>(element: Scalar<K, V>): ColumnSpec<`list<${K}>`, readonly V[], 'nullable'> {
  return columnSpec(Object.freeze({ kind: 'list', element: elementType(element as never, 'list') }), 'nullable', undefined) as never;
}

/** A set, a `ReadonlySet` whose members differ by value; an empty one is null. */
export function set<K extends ElementKind, V>(element: Scalar<K, V>): ColumnSpec<`set<${K}>`, ReadonlySet<V>, 'nullable'> {
  return columnSpec(Object.freeze({ kind: 'set', element: elementType(element as never, 'set') }), 'nullable', undefined) as never;
}

/** A map, a `ReadonlyMap` whose keys differ by value; an empty one is null. */
export function map<A extends ElementKind, W, K extends ElementKind, V>(
  key: Scalar<A, W>,
  value: Scalar<K, V>,
): ColumnSpec<`map<${A}, ${K}>`, ReadonlyMap<W, V>, 'nullable'> {
  const type = { kind: 'map', key: elementType(key, 'map'), value: elementType(value, 'map') } as const;
  return columnSpec(Object.freeze(type), 'nullable', undefined) as never;
}

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
  readonly list: typeof list;
  readonly set: typeof set;
  readonly map: typeof map;
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
  list,
  set,
  map,
});
