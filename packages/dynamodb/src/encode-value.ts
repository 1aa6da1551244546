import {
  type CollectionColumnType,
  type ColumnDefinition,
  type ColumnType,
  type DecimalParts,
  invalidValue,
  parseDecimal,
  type ScalarKind,
} from '@onlyif/core';
import type { AttributeValue } from './attribute-value.ts';

type Encoder = (value: never, column: ColumnDefinition) => AttributeValue;

/** A canonical value as an attribute value; throws `invalid-value` for what DynamoDB cannot hold. */
export function encodeValue(column: ColumnDefinition, value: unknown, type: ColumnType = column.type): AttributeValue {
  const encode = encoders[type.kind as ScalarKind] as Encoder | undefined;
  if (encode !== undefined) return encode(value as never, column);
  return encodeCollection(column, value, type as CollectionColumnType);
}

function encodeCollection(column: ColumnDefinition, value: unknown, type: CollectionColumnType): AttributeValue {
  switch (type.kind) {
    case 'list':
      return { L: (value as readonly unknown[]).map((item) => encodeValue(column, item, type.element)) };
    case 'set':
      return encodeSet([...(value as ReadonlySet<unknown>)].map((member) => encodeValue(column, member, type.element)));
    case 'map': {
      const entries = Array.from(
        value as ReadonlyMap<string, unknown>,
        ([key, item]) => [mapKey(column, key), encodeValue(column, item, type.value)] as const,
      );
      return { M: Object.fromEntries(entries) };
    }
  }
}

function encodeSet(members: readonly AttributeValue[]): AttributeValue {
  const [first] = members;
  if (first !== undefined && 'N' in first) return { NS: members.map((member) => (member as { N: string }).N) };
  if (first !== undefined && 'B' in first) return { BS: members.map((member) => (member as { B: Uint8Array }).B) };
  return { SS: members.map((member) => (member as { S: string }).S) };
}

/** The key of a map is the name of an attribute: never empty, and no own property that an object would lose. */
export function mapKey(column: ColumnDefinition, key: string): string {
  if (key === '' || key === '__proto__') throw invalidValue(column, key, 'another key, for DynamoDB and its SDK cannot hold this one');
  return key;
}

const toText = (value: string): AttributeValue => ({ S: value });
/** Integers of 64 bits and fewer always fit. */
const toInteger = (value: number | bigint): AttributeValue => ({ N: String(value) });
const toNumber: Encoder = (value: unknown, column) => ({ N: numberText(column, String(value)) });

const encoders: { readonly [K in ScalarKind]: Encoder } = {
  text: toText,
  ascii: toText,
  json: (value: unknown) => ({ S: JSON.stringify(value) }),
  uuid: toText,
  timeuuid: toText,
  inet: toText,
  date: toText,
  time: toText,
  int: toInteger,
  smallint: toInteger,
  tinyint: toInteger,
  bigint: toInteger,
  varint: toNumber,
  decimal: toNumber,
  float: toNumber,
  double: toNumber,
  timestamp: (value: Date) => ({ N: String(value.getTime()) }),
  blob: (value: Uint8Array) => ({ B: value }),
  boolean: (value: boolean) => ({ BOOL: value }),
};

const maxDigits = 38;
const minMagnitude = -130;
const maxMagnitude = 125;

/** Plain text of at most 38 digits, well within the range. */
const plain = /^-?\d{1,19}(\.\d{1,19})?$/;

/** DynamoDB Developer Guide, "Data types": 38 digits, 1E-130 to 9.9…E+125. */
function numberText(column: ColumnDefinition, value: string): string {
  if (plain.test(value)) return value;
  const parts = parseDecimal(value);
  if (parts === undefined || !fits(parts))
    throw invalidValue(column, value, 'a number of at most 38 digits from 1E-130 to 9.9E+125, which is what DynamoDB holds');
  if (parts.digits === '') return '0';
  return `${parts.negative ? '-' : ''}${parts.digits}${parts.exponent === 0 ? '' : `E${parts.exponent}`}`;
}

function fits({ digits, exponent }: DecimalParts): boolean {
  const magnitude = digits.length + exponent - 1;
  return digits === '' || (digits.length <= maxDigits && magnitude >= minMagnitude && magnitude <= maxMagnitude);
}
