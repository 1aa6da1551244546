import {
  canonicalDecimal,
  type ColumnDefinition,
  LWTError,
  type Row,
  scalarType,
  type ScalarKind,
  type TableDefinition,
} from '@onlyif/core';
import { attributeType } from './attribute-value.ts';

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

/** One attribute as its column gives it; null where it is absent. Throws `schema-mismatch` for anything else. */
export function decodeAttribute(column: ColumnDefinition, attribute: unknown): unknown {
  if (attribute === undefined) return null;
  const wanted = attributeType(column);
  const value = (attribute as Record<string, unknown>)[wanted];
  try {
    if (value === undefined) throw new RangeError('another attribute type');
    const canonical = scalarType(column.type).canonical(decoders[column.type.kind](value as never));
    // The server compares text as it is stored: an upper-case UUID would be equal here and different there.
    if (wanted === 'S' && column.type.kind !== 'json' && canonical !== value) throw new RangeError('another form of the value');
    return canonical;
  } catch (cause) {
    const found = JSON.stringify(attribute).slice(0, 100);
    throw new LWTError(
      'schema-mismatch',
      `${column.table}.${column.name}: found ${found}, wanted a ${wanted} that is a value of ${column.type.kind}. Another writer stored it.`,
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
