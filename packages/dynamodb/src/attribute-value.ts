import { type ColumnType, isCollection, type ScalarColumnType, type ScalarKind } from '@onlyif/core';

/** A value as DynamoDB's API writes it; the kinds that columns use. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** The natural attribute type of each column type. */
const scalarAttributes: { readonly [K in ScalarKind]: 'S' | 'N' | 'B' | 'BOOL' } = {
  text: 'S',
  ascii: 'S',
  json: 'S',
  uuid: 'S',
  timeuuid: 'S',
  inet: 'S',
  date: 'S',
  time: 'S',
  int: 'N',
  smallint: 'N',
  tinyint: 'N',
  bigint: 'N',
  varint: 'N',
  decimal: 'N',
  float: 'N',
  double: 'N',
  timestamp: 'N',
  blob: 'B',
  boolean: 'BOOL',
};

export function scalarAttribute({ kind }: ScalarColumnType): 'S' | 'N' | 'B' | 'BOOL' {
  return scalarAttributes[kind];
}

export function attributeType(type: ColumnType): AttributeType {
  if (!isCollection(type)) return scalarAttribute(type);
  if (type.kind !== 'set') return type.kind === 'list' ? 'L' : 'M';
  const member = scalarAttribute(type.element);
  // Sets of booleans are refused before (R19).
  return member === 'N' ? 'NS' : member === 'B' ? 'BS' : 'SS';
}
