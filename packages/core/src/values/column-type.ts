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
import { canonicalList, canonicalMap, canonicalSet, compareLists, compareMaps, compareSets } from './collections.ts';
import { compareBytes, compareText } from './bytes.ts';
import { compareDecimals } from './decimal.ts';

/** What the library knows of one column type. */
export interface ValueType {
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
/** An order of no meaning, for types that have none: it sorts the members of sets. */
const arbitrary: Comparer<string | boolean> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function ordered<T>(canonical: (value: unknown) => T, compare: Comparer<T>): ValueType {
  return { canonical, compare, ordered: true, comparable: true };
}

function unordered(canonical: (value: unknown) => unknown): ValueType {
  return { canonical, compare: arbitrary, ordered: false, comparable: true };
}

/** Every scalar column type, by the name that CQL gives it. */
export const scalarTypes: { readonly [K in ScalarKind]: ValueType } = Object.freeze({
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

/** A scalar type, as data. */
export interface ScalarColumnType {
  readonly kind: ScalarKind;
}
export interface ListColumnType {
  readonly kind: 'list';
  readonly element: ScalarColumnType;
}
export interface SetColumnType {
  readonly kind: 'set';
  readonly element: ScalarColumnType;
}
export interface MapColumnType {
  readonly kind: 'map';
  readonly key: ScalarColumnType;
  readonly value: ScalarColumnType;
}
export type CollectionColumnType = ListColumnType | SetColumnType | MapColumnType;

/** The type of a column, as data. Elements are non-null scalars. */
export type ColumnType = ScalarColumnType | CollectionColumnType;

export function isCollection(type: ColumnType): type is CollectionColumnType {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}

const collectionTypes = new WeakMap<CollectionColumnType, ValueType>();

export function valueType(type: ColumnType): ValueType {
  const scalar = scalarTypes[type.kind as ScalarKind] as ValueType | undefined;
  if (scalar !== undefined) return scalar;
  return ofCollection(type as CollectionColumnType);
}

function ofCollection(type: CollectionColumnType): ValueType {
  let known = collectionTypes.get(type);
  if (known === undefined) collectionTypes.set(type, (known = collectionType(type)));
  return known;
}

function collectionType(type: CollectionColumnType): ValueType {
  switch (type.kind) {
    case 'list':
      return {
        canonical: canonicalList(valueType(type.element)),
        compare: compareLists(valueType(type.element)),
        ordered: false,
        comparable: true,
      };
    case 'set':
      return {
        canonical: canonicalSet(valueType(type.element)),
        compare: compareSets(valueType(type.element)),
        ordered: false,
        comparable: true,
      };
    case 'map': {
      const [key, value] = [valueType(type.key), valueType(type.value)];
      return { canonical: canonicalMap(key, value), compare: compareMaps(key, value), ordered: false, comparable: true };
    }
  }
}

/** The type as CQL writes it. */
export function describeType(type: ColumnType): string {
  if (!isCollection(type)) return type.kind;
  return type.kind === 'map' ? `map<${type.key.kind}, ${type.value.kind}>` : `${type.kind}<${type.element.kind}>`;
}

/** Orders two canonical, non-null values of one type; 0 exactly for equal ones. */
export function compareValues(type: ColumnType, a: unknown, b: unknown): number {
  return valueType(type).compare(a as never, b as never);
}

/** The type of the members of a list or set. */
export function memberType(type: ColumnType): ScalarColumnType {
  if (type.kind === 'list' || type.kind === 'set') return type.element;
  throw new TypeError(`${describeType(type)} has no members`);
}

/** The type of the keys of a map. */
export function keyType(type: ColumnType): ScalarColumnType {
  if (type.kind === 'map') return type.key;
  throw new TypeError(`${describeType(type)} has no keys`);
}

/** An empty collection is null, everywhere. */
export function isEmpty(type: ColumnType, value: unknown): boolean {
  if (!isCollection(type)) return false;
  return type.kind === 'list' ? (value as readonly unknown[]).length === 0 : (value as ReadonlySet<unknown>).size === 0;
}
