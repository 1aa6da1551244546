import type { ColumnDefinition, ScalarKind } from '@onlyif/core';

/** A value as DynamoDB's API writes it; the kinds that scalar columns use. */
export type AttributeValue = { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array } | { readonly BOOL: boolean };

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL';

/** The natural attribute type of each column type. */
const attributeTypes: { readonly [K in ScalarKind]: AttributeType } = {
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

export function attributeType({ type }: ColumnDefinition): AttributeType {
  return attributeTypes[type.kind];
}
