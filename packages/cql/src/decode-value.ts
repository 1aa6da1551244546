import {
  canonicalDate,
  canonicalTime,
  type ColumnDefinition,
  type ColumnType,
  describeType,
  describeValue,
  formatDecimal,
  formatInet,
  isCollection,
  isEmpty,
  isV4Mapped,
  LWTError,
  parseDecimal,
  type Row,
  valueType,
  type ScalarKind,
  type TableDefinition,
} from '@onlyif/core';

type Decoder = (value: never) => unknown;

/** What the driver decoded, as `get` gives it. The driver's types are taken by shape: its options and copies differ. */
const decoders: { readonly [K in ScalarKind]: Decoder } = {
  text: same,
  ascii: same,
  json: (value: string) => JSON.parse(value) as unknown,
  int: same,
  smallint: same,
  tinyint: same,
  bigint: toBigint,
  varint: toBigint,
  decimal: decodeDecimal,
  float: same,
  double: same,
  boolean: same,
  blob: same,
  uuid: String,
  timeuuid: String,
  timestamp: same,
  date: (value: Printable) => canonicalDate(value.toString()),
  time: (value: Printable) => canonicalTime(value.toString()),
  inet: decodeInet,
};

/** The driver's own types say their value as text. */
interface Printable {
  toString(): string;
}

function same(value: unknown): unknown {
  return value;
}

/** The driver's Integer: words of 32 bits, the lowest first, and 0 or -1 above them. */
interface Integer {
  readonly bits_: readonly number[];
  readonly sign_: number;
}

/** 1,000 digits are 104 words. */
const maxWords = 104;

/** A `bigint`, or the driver's Long or Integer, by its options `useBigIntAsLong` and `useBigIntAsVarint`. */
function toBigint(value: bigint | Printable | Integer): bigint {
  if (typeof value === 'bigint') return value;
  return 'bits_' in value ? integerValue(value) : BigInt(value.toString());
}

/** Integer's own `toString` never ends for numbers above the largest double, of some 308 digits. */
function integerValue({ bits_, sign_ }: Integer): bigint {
  if (bits_.length > maxWords) throw new RangeError('too many digits');
  return bits_.reduceRight((value, word) => (value << 32n) | BigInt(word >>> 0), BigInt(sign_));
}

/** The driver's BigDecimal. Its own text is wrong for a negative scale: 1E+3 prints as `1.`. */
function decodeDecimal(value: { readonly _intVal: Integer; readonly _scale: number }): string {
  const parts = parseDecimal(`${toBigint(value._intVal)}e${-value._scale}`);
  const text = parts && formatDecimal(parts);
  if (text === undefined) throw new RangeError('too many digits');
  return text;
}

/** The driver's InetAddress. A 16-byte IPv4-mapped address equals neither of its forms on the server. */
function decodeInet(value: { readonly buffer: Uint8Array }): string {
  if (isV4Mapped(value.buffer)) throw new RangeError('an IPv4-mapped address in 16 bytes');
  return formatInet(value.buffer);
}

/** A collection as the driver decodes it: an array, a Set or a Map, of driver values. */
function decodeDriverValue(type: ColumnType, value: unknown): unknown {
  if (!isCollection(type)) return decoders[type.kind](value as never);
  if (type.kind === 'map') {
    // An object would have lost keys: those that are no text, and `__proto__`.
    if (!(value instanceof Map)) throw new TypeError('the driver needs encoding: { map: Map }');
    return new Map(Array.from(value, ([key, entry]) => [decodeDriverValue(type.key, key), decodeDriverValue(type.value, entry)]));
  }
  const members = Array.from(iterable(value), (member) => decodeDriverValue(type.element, member));
  return type.kind === 'list' ? members : new Set(members);
}

/** `Array.from` makes an empty array of an object that is no collection, and letters of text. */
function iterable(value: unknown): Iterable<unknown> {
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) return value as Iterable<unknown>;
  throw new TypeError('no collection');
}

/** Numbers of any size and collections are not shown: the driver writes out every digit, if it ends at all. */
const unprintable: ReadonlySet<ColumnType['kind']> = new Set<ColumnType['kind']>(['varint', 'decimal', 'list', 'set', 'map']);

function textOf({ type: { kind } }: ColumnDefinition, value: unknown): string {
  return unprintable.has(kind) ? 'a value of too many digits, or of another form' : describeValue(String(value));
}

/** One column of a row; null where there is no value. Throws `schema-mismatch` for what its type cannot hold. */
export function decodeColumn(column: ColumnDefinition, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  try {
    const decoded = decodeDriverValue(column.type, value);
    const canonical = valueType(column.type).canonical(decoded);
    if (isEmpty(column.type, canonical)) return null;
    // R20: −0, which other writers can store, equals no 0 on the server; a pin of emulation needs it as it is.
    return Object.is(decoded, -0) ? decoded : canonical;
  } catch (cause) {
    const found = `found ${textOf(column, value)}, which is not a value of ${describeType(column.type)} that this library can give back exactly`;
    throw new LWTError('schema-mismatch', `${column.table}.${column.name}: ${found}.`, { cause });
  }
}

/** Some columns of a driver's row, by their names in code. */
export function decodeColumns(columns: readonly ColumnDefinition[], row: Row): Row {
  const decoded: Record<string, unknown> = {};
  for (const column of columns) decoded[column.name] = decodeColumn(column, Object.hasOwn(row, column.native) ? row[column.native] : null);
  return decoded;
}

/** A whole row of the driver. Throws `schema-mismatch` where a `notNull` column holds nothing. */
export function decodeRow(table: TableDefinition, row: Row): Row {
  const decoded = decodeColumns(table.all, row);
  checkNotNull(table.notNull, decoded);
  return decoded;
}

export function checkNotNull(columns: readonly ColumnDefinition[], row: Row): void {
  for (const { table, name } of columns) {
    if (row[name] === null) {
      throw new LWTError(
        'schema-mismatch',
        `${table}.${name} is notNull, and this row holds no value in it. Another writer left it out; set it, or declare the column nullable.`,
      );
    }
  }
}
