import { type ColumnDefinition, type DecimalParts, invalidValue, parseDecimal, type ScalarKind } from '@onlyif/core';
import type { AttributeValue } from './attribute-value.ts';

type Encoder = (value: never, column: ColumnDefinition) => AttributeValue;

/** A canonical value as an attribute value; throws `invalid-value` for numbers that DynamoDB cannot hold. */
export function encodeValue(column: ColumnDefinition, value: unknown): AttributeValue {
  return encoders[column.type.kind](value as never, column);
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

/** DynamoDB Developer Guide, "Data types": 38 digits, 1E-130 to 9.9…E+125. */
function numberText(column: ColumnDefinition, value: string): string {
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
