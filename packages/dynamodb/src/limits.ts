import { type ColumnDefinition, LWTError, type Row, type TableDefinition } from '@onlyif/core';
import type { AttributeValue } from './attribute-value.ts';
import { encodeValue } from './encode-value.ts';

const maxItemBytes = 400 * 1024;
const maxPartitionKeyBytes = 2048;
const maxSortKeyBytes = 1024;

/** The key attributes of an item; throws `limit-exceeded` for keys that are too long. */
export function encodeKey(table: TableDefinition, key: Row): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const column of table.key) {
    const value = encodeValue(column, key[column.name]);
    checkKeySize(column, value);
    attributes[column.native] = value;
  }
  return attributes;
}

function checkKeySize(column: ColumnDefinition, value: AttributeValue): void {
  const limit = column.role === 'partition' ? maxPartitionKeyBytes : maxSortKeyBytes;
  const size = valueBytes(value);
  if (size > limit)
    throw new LWTError(
      'limit-exceeded',
      `${column.table}.${column.name}: a ${column.role} key has at most ${limit} bytes in DynamoDB; this one has ${size}.`,
    );
}

/** The attributes that a request writes fit in one item; what the item holds besides, only the server knows. */
export function checkItemSize(table: TableDefinition, attributes: Readonly<Record<string, AttributeValue>>): void {
  let size = 0;
  for (const name in attributes) size += valueBytes(attributes[name] as AttributeValue);
  if (size > maxItemBytes)
    throw new LWTError(
      'limit-exceeded',
      `${table.name}: an item has at most ${maxItemBytes} bytes in DynamoDB; the values of this one have ${size}.`,
    );
}

/** DynamoDB Developer Guide, "Item sizes": text by its UTF-8 bytes, bytes by their number; numbers are small. */
function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return value.B.length;
  if ('L' in value) return sumOf(value.L);
  if ('SS' in value) return sumOf(value.SS.map((S) => ({ S })));
  if ('BS' in value) return sumOf(value.BS.map((B) => ({ B })));
  if ('M' in value) return sumOf(Object.values(value.M)) + sumOf(Object.keys(value.M).map((S) => ({ S })));
  return 0;
}

function sumOf(values: readonly AttributeValue[]): number {
  return values.reduce((sum, value) => sum + valueBytes(value), 0);
}
