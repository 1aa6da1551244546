import {
  canonicalDecimal,
  type ColumnDefinition,
  type ColumnType,
  describeType,
  isCollection,
  isEmpty,
  LWTError,
  type Row,
  type ScalarColumnType,
  valueType,
  type ScalarKind,
  type TableDefinition,
} from '@onlyif/core';
import { attributeType, scalarAttribute } from './attribute-value.ts';

type Decoder = (value: never) => unknown;
type Item = Readonly<Record<string, unknown>>;

const toBigint = (value: string): bigint => BigInt(plain(value));
const toNumber = (value: string): number => exactNumber(plain(value));

const decoders: { readonly [K in ScalarKind]: Decoder } = {
  text: same,
  ascii: same,
  json: (value: string) => JSON.parse(value) as unknown,
  uuid: same,
  timeuuid: same,
  inet: same,
  date: same,
  time: same,
  int: toNumber,
  smallint: toNumber,
  tinyint: toNumber,
  bigint: toBigint,
  varint: toBigint,
  decimal: plain,
  float: toNumber,
  double: toNumber,
  timestamp: (value: string) => new Date(Number(toBigint(value))),
  blob: same,
  boolean: same,
};

function same(value: unknown): unknown {
  return value;
}

function plain(value: string): string {
  const text = canonicalDecimal(value);
  if (text === undefined) throw new RangeError('not a number');
  return text;
}

/** A number that is not the nearest to any other: nothing is rounded on the way out. */
function exactNumber(text: string): number {
  const value = Number(text);
  if (canonicalDecimal(String(value)) !== text) throw new RangeError('more digits than a double holds');
  return value;
}

/** The server compares text as it is stored: an upper-case UUID would be equal here and different there. */
function decodeScalar(type: ScalarColumnType, value: unknown): unknown {
  const decoded = decoders[type.kind](value as never);
  if (scalarAttribute(type) === 'S' && type.kind !== 'json' && valueType(type).canonical(decoded) !== value)
    throw new RangeError('another form of the value');
  return decoded;
}

function decodeAs(type: ColumnType, attribute: unknown): unknown {
  const value = (attribute as Record<string, unknown>)[attributeType(type)];
  if (value === undefined) throw new RangeError('another attribute type');
  if (!isCollection(type)) return decodeScalar(type, value);
  switch (type.kind) {
    case 'list':
      return (value as readonly unknown[]).map((item) => decodeAs(type.element, item));
    case 'set':
      return new Set((value as readonly unknown[]).map((member) => decodeScalar(type.element, member)));
    case 'map':
      return new Map(Object.entries(value as object).map(([key, item]) => [decodeScalar(type.key, key), decodeAs(type.value, item)]));
  }
}

/** One attribute as its column gives it; null where it is absent. Throws `schema-mismatch` for anything else. */
export function decodeAttribute(column: ColumnDefinition, attribute: unknown): unknown {
  if (attribute === undefined) return null;
  try {
    const value = valueType(column.type).canonical(decodeAs(column.type, attribute));
    return isEmpty(column.type, value) ? null : value;
  } catch (cause) {
    const found = JSON.stringify(attribute).slice(0, 100);
    throw new LWTError(
      'schema-mismatch',
      `${column.table}.${column.name}: found ${found}, wanted a ${attributeType(column.type)} that is a value of ${describeType(column.type)}. Another writer stored it.`,
      { cause },
    );
  }
}

/** Some columns of an item, by their names in code. */
export function decodeColumns(columns: readonly ColumnDefinition[], item: Item): Row {
  const row: Record<string, unknown> = {};
  for (const column of columns)
    row[column.name] = decodeAttribute(column, Object.hasOwn(item, column.native) ? item[column.native] : undefined);
  return row;
}

/** A whole item. Throws `schema-mismatch` where a `notNull` column holds nothing. */
export function decodeRow(table: TableDefinition, item: Item): Row {
  const row = decodeColumns(table.all, item);
  for (const { name } of table.notNull) {
    if (row[name] === null) {
      throw new LWTError(
        'schema-mismatch',
        `${table.name}.${name} is notNull, and this item has no such attribute. Another writer left it out; set it, or declare the column nullable.`,
      );
    }
  }
  return row;
}
