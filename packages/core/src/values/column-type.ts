import {
  canonicalAscii,
  canonicalBigint,
  canonicalBlob,
  canonicalBoolean,
  canonicalDate,
  canonicalDecimalValue,
  canonicalDouble,
  canonicalFloat,
  canonicalInetValue,
  canonicalInteger,
  canonicalJson,
  canonicalText,
  canonicalTime,
  canonicalTimestamp,
  canonicalTimeuuid,
  canonicalUuid,
  canonicalVarint,
} from './canonical.ts';
import { compareBytes, compareText } from './bytes.ts';
import { compareDecimals } from './decimal.ts';

/** What the library knows of one scalar column type. */
export interface ScalarType {
  /** The value in its one canonical form, a copy where it is mutable; throws `NotOfType` for everything else. */
  readonly canonical: (value: unknown) => unknown;
  /** Orders two canonical values; 0 exactly for equal ones. For unordered types only 0 has a meaning. */
  readonly compare: (a: never, b: never) => number;
  /** Whether `lt lte gt gte between` are defined. */
  readonly ordered: boolean;
  /** What a prefix is made of; absent where `beginsWith` is not defined. */
  readonly prefix?: 'text' | 'ascii' | 'bytes';
  /** False for `json`, which knows `isNull` and `isNotNull` only. */
  readonly comparable: boolean;
}

type Comparer<T> = (a: T, b: T) => number;

const byNumber: Comparer<number> = (a, b) => a - b;
const byBigint: Comparer<bigint> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byTime: Comparer<Date> = (a, b) => a.getTime() - b.getTime();
const byIdentity: Comparer<unknown> = (a, b) => (a === b ? 0 : 1);

function ordered<T>(canonical: (value: unknown) => T, compare: Comparer<T>): ScalarType {
  return { canonical, compare, ordered: true, comparable: true };
}

function unordered(canonical: (value: unknown) => unknown): ScalarType {
  return { canonical, compare: byIdentity, ordered: false, comparable: true };
}

/** Every scalar column type, by the name that CQL gives it. */
export const scalarTypes: { readonly [K in ScalarKind]: ScalarType } = Object.freeze({
  text: { ...ordered(canonicalText, compareText), prefix: 'text' },
  ascii: { ...ordered(canonicalAscii, compareText), prefix: 'ascii' },
  int: ordered(canonicalInteger('int', 32), byNumber),
  smallint: ordered(canonicalInteger('smallint', 16), byNumber),
  tinyint: ordered(canonicalInteger('tinyint', 8), byNumber),
  bigint: ordered(canonicalBigint, byBigint),
  varint: ordered(canonicalVarint, byBigint),
  decimal: ordered(canonicalDecimalValue, compareDecimals),
  float: ordered(canonicalFloat, byNumber),
  double: ordered(canonicalDouble, byNumber),
  boolean: unordered(canonicalBoolean),
  blob: { ...ordered(canonicalBlob, compareBytes), prefix: 'bytes' },
  uuid: unordered(canonicalUuid),
  timeuuid: unordered(canonicalTimeuuid),
  timestamp: ordered(canonicalTimestamp, byTime),
  date: ordered(canonicalDate, compareText),
  time: ordered(canonicalTime, compareText),
  inet: unordered(canonicalInetValue),
  json: { ...unordered(canonicalJson), comparable: false },
} as const);

export type ScalarKind =
  | 'text'
  | 'ascii'
  | 'int'
  | 'smallint'
  | 'tinyint'
  | 'bigint'
  | 'varint'
  | 'decimal'
  | 'float'
  | 'double'
  | 'boolean'
  | 'blob'
  | 'uuid'
  | 'timeuuid'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'inet'
  | 'json';

/** The type of a column, as data. */
export interface ColumnType {
  readonly kind: ScalarKind;
}

export function scalarType(type: ColumnType): ScalarType {
  return scalarTypes[type.kind];
}

/** The type as CQL writes it. */
export function describeType(type: ColumnType): string {
  return type.kind;
}

/** Orders two canonical, non-null values of one type; 0 exactly for equal ones. */
export function compareValues(type: ColumnType, a: unknown, b: unknown): number {
  return scalarType(type).compare(a as never, b as never);
}
