import { encodeList, encodeValue } from '@onlyif/cql';
import { type ScalarKind, scalarTypes } from '@onlyif/core';
import driver from 'cassandra-driver';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driverEncoder, driverType } from './driver-codec.ts';
import { goldenValues } from './golden-values.ts';

const { types } = driver;
const hexOf = (kind: ScalarKind, value: unknown): string => encodeValue({ kind }, value).toString('hex');

test('R16 there is a golden value of every type', () => {
  expect(new Set(goldenValues.map(([kind]) => kind))).toEqual(new Set(Object.keys(scalarTypes)));
});

describe('R16 the bytes of the native protocol, v4 section 6', () => {
  test.each(goldenValues)('%s %s is 0x%s', (kind, value, hex) => {
    expect(scalarTypes[kind].canonical(value)).toStrictEqual(value);
    expect(hexOf(kind, value)).toBe(hex);
  });
});

/** A canonical value as cassandra-driver wants it to encode it right. */
const forDriver: { readonly [K in ScalarKind]: (value: never) => unknown } = {
  text: (value) => value,
  ascii: (value) => value,
  json: (value) => JSON.stringify(value),
  int: (value) => value,
  smallint: (value) => value,
  tinyint: (value) => value,
  bigint: (value: bigint) => types.Long.fromString(String(value)),
  varint: (value: bigint) => types.Integer.fromString(String(value)),
  decimal: (value: string) => types.BigDecimal.fromString(value),
  float: (value) => value,
  double: (value) => value,
  boolean: (value) => value,
  blob: (value: Uint8Array) => Buffer.from(value),
  uuid: (value: string) => types.Uuid.fromString(value),
  timeuuid: (value: string) => types.TimeUuid.fromString(value),
  timestamp: (value) => value,
  date: (value: string) => types.LocalDate.fromString(value),
  time: (value: string) => types.LocalTime.fromString(value),
  inet: (value: string) => types.InetAddress.fromString(value),
};

describe('the bytes that cassandra-driver writes for its own types', () => {
  test.each(goldenValues)('%s %s', (kind, value, hex) => {
    expect(
      driverEncoder()
        .encode(forDriver[kind](value as never), driverType(kind))
        .toString('hex'),
    ).toBe(hex);
  });

  const arbitraries: { readonly [K in ScalarKind]?: fc.Arbitrary<unknown> } = {
    text: fc.string({ unit: 'binary' }),
    bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    varint: fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
    decimal: fc
      .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 40 }))
      .map(([digits, scale]) => `${digits}e-${scale}`),
    double: fc.double({ noNaN: true, noDefaultInfinity: true }),
    timestamp: fc.date({ noInvalidDate: true }),
    date: fc
      .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    inet: fc.oneof(fc.ipV4(), fc.ipV6()),
  };
  test.each(Object.entries(arbitraries) as [ScalarKind, fc.Arbitrary<unknown>][])('%s, 500 random values', (kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        const value = scalarTypes[kind].canonical(given);
        expect(hexOf(kind, value)).toBe(
          driverEncoder()
            .encode(forDriver[kind](value as never), driverType(kind))
            .toString('hex'),
        );
      }),
      { numRuns: 500, seed: 20_251_125 },
    );
  });
});

describe('lists, for IN', () => {
  test('a count, then each member with its length', () => {
    expect(encodeList({ kind: 'int' }, []).toString('hex')).toBe('00000000');
    expect(encodeList({ kind: 'int' }, [1, -1]).toString('hex')).toBe('00000002000000040000000100000004ffffffff');
    expect(encodeList({ kind: 'text' }, ['', 'é']).toString('hex')).toBe('000000020000000000000002c3a9');
  });
  test('as cassandra-driver writes them', () => {
    const list = { code: types.dataTypes.list, info: driverType('text') };
    expect(encodeList({ kind: 'text' }, ['a', 'bc', '']).equals(driverEncoder().encode(['a', 'bc', ''], list))).toBe(true);
  });
});

test('R16 what is handed out is a Buffer of its own, which the driver passes through', () => {
  const value = Uint8Array.of(1, 2);
  const bytes = encodeValue({ kind: 'blob' }, value);
  value[0] = 9;
  expect([Buffer.isBuffer(bytes), bytes.toString('hex')]).toEqual([true, '0102']);
  for (const [kind, golden] of goldenValues) {
    const encoded = encodeValue({ kind }, golden);
    expect(driverEncoder().encode(encoded, driverType(kind))).toBe(encoded);
  }
});
