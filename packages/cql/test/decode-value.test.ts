import { defineTable, isLWTError, type LWTError, type Row, type ScalarKind, scalarTypes, text } from '@onlyif/core';
import * as core from '@onlyif/core';
import { decodeColumns, decodeRow, encodeValue } from '@onlyif/cql';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { driverEncoder, driverType } from './driver-codec.ts';
import { goldenValues } from './golden-values.ts';

const { types } = driver;
/** The constructor takes an Integer too, which its declaration does not say. */
const BigDecimal = types.BigDecimal as unknown as new (unscaled: unknown, scale: number) => object;
const builders = core as unknown as { readonly [K in ScalarKind]: typeof text };
const kinds = Object.keys(scalarTypes) as ScalarKind[];
const every = defineTable('every', {
  columns: { id: text(), ...Object.fromEntries(kinds.map((kind) => [`c_${kind}`, builders[kind]()])) },
  partitionKey: ['id'],
});

/** What `get` gives for what the driver decoded. */
function decode(kind: ScalarKind, value: unknown): unknown {
  const column = every.columns[`c_${kind}` as never];
  return decodeColumns([column], { [`c_${kind}`]: value })[`c_${kind}`];
}

function mismatch(kind: ScalarKind, value: unknown): LWTError {
  try {
    decode(kind, value);
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error(`${String(decode(kind, value))} came back`);
}

const clients: { readonly [name: string]: object } = {
  'the driver’s defaults': {},
  'bigints as BigInt': { useBigIntAsLong: true, useBigIntAsVarint: true },
};

describe.each(Object.entries(clients))('what the driver decodes comes back as it was written, with %s', (_, encoding) => {
  test.each(goldenValues)('%s %s from 0x%s', (kind, value, hex) => {
    // The driver shows an empty value of text and blob as such, and of other types as null.
    expect(decode(kind, driverEncoder(encoding).decode(Buffer.from(hex, 'hex'), driverType(kind)))).toStrictEqual(value);
  });
});

describe('the driver’s own objects', () => {
  test('R16 a BigDecimal with a negative scale, whose own text is wrong', () => {
    expect(decode('decimal', new BigDecimal(types.Integer.fromNumber(1), -3))).toBe('1000');
    expect(decode('decimal', new BigDecimal(types.Integer.fromNumber(-25), -1))).toBe('-250');
  });
  test('a BigDecimal with trailing zeros', () => {
    expect(decode('decimal', new BigDecimal(types.Integer.fromNumber(1500), 3))).toBe('1.5');
    expect(decode('decimal', new BigDecimal(types.Integer.fromNumber(0), 5))).toBe('0');
  });
  test('bigint and varint by their classes, and as BigInt', () => {
    expect(decode('bigint', types.Long.fromString('-9223372036854775808'))).toBe(-(2n ** 63n));
    expect(decode('bigint', 2n ** 63n - 1n)).toBe(2n ** 63n - 1n);
    expect(decode('varint', types.Integer.fromString('18446744073709551616'))).toBe(2n ** 64n);
  });
  test.each([10n ** 400n, -(10n ** 400n), 10n ** 1000n - 1n, 1n - 10n ** 1000n, 2n ** 31n, -(2n ** 31n), 2n ** 32n - 1n, -(2n ** 1024n)])(
    'R16 a varint above the largest double, whose own text the driver never ends: %s',
    (value) => {
      const bytes = encodeValue({ kind: 'varint' }, value);
      expect(decode('varint', types.Integer.fromBuffer(bytes))).toBe(value);
      expect(decode('decimal', new BigDecimal(types.Integer.fromBuffer(bytes), 0))).toBe(String(value));
    },
  );
  test('null, undefined, and a column that did not come', () => {
    for (const kind of kinds) expect([kind, decode(kind, null), decode(kind, undefined)]).toEqual([kind, null, null]);
    expect(decodeColumns([every.columns['id' as never]], {})).toEqual({ id: null });
    expect(decodeColumns([every.columns['id' as never]], Object.create({ id: 'inherited' }) as Row)).toEqual({ id: null });
  });
  test('a Date and a Buffer are copied', () => {
    const [date, buffer] = [new Date(5), Buffer.from([1, 2])];
    expect(decode('timestamp', date)).not.toBe(date);
    expect(decode('blob', buffer)).toStrictEqual(Uint8Array.of(1, 2));
  });
});

describe('R16, R18 what a type cannot hold is a schema-mismatch that names the column', () => {
  const { Integer, LocalDate, InetAddress } = types;
  const fromHex = (kind: ScalarKind, hex: string): unknown => driverEncoder().decode(Buffer.from(hex, 'hex'), driverType(kind));
  const cases: readonly (readonly [name: string, kind: ScalarKind, value: () => unknown])[] = [
    ['NaN in a double', 'double', () => Number.NaN],
    ['NaN in a float', 'float', () => fromHex('float', '7fc00000')],
    ['infinity', 'double', () => -Infinity],
    ['a number that is no float', 'float', () => 0.1],
    ['a fraction in an int', 'int', () => 1.5],
    ['a bigint out of range', 'bigint', () => 2n ** 63n],
    ['a moment that no Date holds', 'timestamp', () => fromHex('timestamp', '7fffffffffffffff')],
    ['an invalid Date', 'timestamp', () => new Date(Number.NaN)],
    ['a date before the year 1', 'date', () => LocalDate.fromBuffer(Buffer.from('7ff506c5', 'hex'))],
    ['a date after the year 9999', 'date', () => LocalDate.fromBuffer(Buffer.from('802cc0a1', 'hex'))],
    ['the first date that there is', 'date', () => fromHex('date', '00000000')],
    ['the last date that there is', 'date', () => fromHex('date', 'ffffffff')],
    ['a decimal of a large scale', 'decimal', () => new BigDecimal(Integer.fromNumber(1), 2 ** 31 - 1)],
    ['a decimal of a large negative scale', 'decimal', () => new BigDecimal(Integer.fromNumber(1), -(2 ** 31))],
    ['a decimal of 1,001 digits', 'decimal', () => new BigDecimal(Integer.fromNumber(1), -1000)],
    ['a varint of 1,001 digits', 'varint', () => Integer.fromBuffer(encodeValue({ kind: 'varint' }, 10n ** 1000n))],
    ['a varint of a million bytes', 'varint', () => Integer.fromBuffer(Buffer.alloc(1_000_000, 0x7f))],
    ['a decimal of a million bytes', 'decimal', () => new BigDecimal(Integer.fromBuffer(Buffer.alloc(1_000_000, 0x7f)), 2)],
    ['an IPv4-mapped address in 16 bytes', 'inet', () => new InetAddress(Buffer.from('00000000000000000000ffff0a000001', 'hex'))],
    ['another UUID version in a timeuuid', 'timeuuid', () => types.Uuid.fromString('123e4567-e89b-42d3-a456-426614174000')],
    ['text that is not ASCII in an ascii column', 'ascii', () => 'é'],
    ['text that is no JSON', 'json', () => '{'],
    ['text in an int column', 'int', () => '1'],
    ['a number in a text column', 'text', () => 1],
  ];
  test.each(cases)('%s', (_, kind, value) => {
    const error = mismatch(kind, value());
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
    expect(error.message).toContain(`every.c_${kind}`);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('R4 whole rows', () => {
  const marked = defineTable('marked', { columns: { id: text(), mark: text().notNull().named('m'), n: text() }, partitionKey: ['id'] });

  test('come by their names in code', () => {
    expect(decodeRow(marked, { id: 'x', m: 'y', n: null, unknown: 1 })).toEqual({ id: 'x', mark: 'y', n: null });
  });
  test.each([{ id: 'x', m: null }, { id: 'x' }])('with nothing in a notNull column are a schema-mismatch: %j', (row) => {
    expect(() => decodeRow(marked, row)).toThrow(expect.objectContaining({ code: 'schema-mismatch', outcome: 'not-applied' }) as Error);
  });
});
