import type { ScalarKind } from '@onlyif/core';

/** Values of one column type, for tests. */
export interface Sample {
  /** In ascending order where the type has one, else three different values. All three have a common prefix type. */
  readonly low: unknown;
  readonly middle: unknown;
  readonly high: unknown;
  /** A prefix of `middle` and of no other, where the type has prefixes. */
  readonly prefix?: unknown;
  /** Values at the limits of the type that every backend can hold. */
  readonly extremes: readonly unknown[];
  /** Values of the type that some backend cannot hold: it refuses them before any I/O. */
  readonly unholdable?: readonly unknown[];
  /** Values that are not of the type, or that would have to be rounded to be. */
  readonly wrong: readonly unknown[];
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

export const samples: { readonly [K in ScalarKind]: Sample } = {
  text: {
    low: 'Z\uff5e',
    middle: 'Z\u{1f600}a',
    high: 'a',
    prefix: 'Z\u{1f600}',
    extremes: ['', ' ', '\u0000', '\u{10ffff}', 'é', 'e\u0301', '\ud7ff', '\ue000', "'; DROP TABLE x; --", '"#n0" :v0', '😀'.repeat(1000)],
    wrong: [1, true, '\ud800', 'a\udc00', [], {}],
  },
  ascii: {
    low: 'A',
    middle: 'a\u007f',
    high: 'b',
    prefix: 'a\u007f',
    extremes: ['', '\u0000', '\u007f\u007f', '?'],
    wrong: [1, 'é', '\u0080'],
  },
  int: {
    low: -1,
    middle: 0,
    high: 256,
    extremes: [-2147483648, 2147483647, -0],
    wrong: ['1', 1n, 1.5, 2147483648, -2147483649, Number.NaN, Infinity, true],
  },
  smallint: { low: -1, middle: 0, high: 256, extremes: [-32768, 32767], wrong: [32768, -32769, 0.5, '0'] },
  tinyint: { low: -1, middle: 0, high: 1, extremes: [-128, 127], wrong: [128, -129, 0.5, '0'] },
  bigint: {
    low: -1n,
    middle: 0n,
    high: 2n ** 53n + 1n,
    extremes: [-(2n ** 63n), 2n ** 63n - 1n],
    wrong: [1, '1', 2n ** 63n, -(2n ** 63n) - 1n],
  },
  varint: {
    low: -129n,
    middle: -128n,
    high: 2n ** 64n,
    extremes: [0n, 127n, 128n, 255n, -1n, -255n, 10n ** 38n - 1n, -(10n ** 38n - 1n)],
    unholdable: [10n ** 38n + 1n, 12345678901234567890123456789012345678901n],
    wrong: [1, '1', 1.5, 10n ** 1000n],
  },
  decimal: {
    low: '-0.5',
    middle: '1.00',
    high: '9.99',
    extremes: [
      '0',
      '-0',
      '1e3',
      '1E-130',
      '0.00000000000000000000000000000000000001',
      '99999999999999999999999999999999999999',
      '-1.2345678901234567890123456789012345678',
      '9.9e125',
    ],
    unholdable: ['123456789012345678901234567890123456789', '1e126', '1e-131', '0.1234567890123456789012345678901234567891'],
    wrong: [1, 'x', '', '1,5', 'NaN', 'Infinity', '0x10', '1e9999', '.', '1e'],
  },
  float: {
    low: -1.5,
    middle: 0.25,
    high: 16777216,
    extremes: [0, -0, Math.fround(0.1), Math.fround(3.4028234663852886e38), Math.fround(1.17549435e-38)],
    wrong: ['1', 0.1, Number.NaN, -Infinity, 1e300, 16777217],
  },
  double: {
    low: -0.1,
    middle: 0.1,
    high: 0.30000000000000004,
    extremes: [0, -0, 1e-130, 9.99e125, -9.99e125, Number.MAX_SAFE_INTEGER, 1 / 3, 5e-7],
    unholdable: [Number.MAX_VALUE, Number.MIN_VALUE, 1e126, 1e-131],
    wrong: ['1', Number.NaN, Infinity, 1n],
  },
  boolean: { low: false, middle: true, high: false, extremes: [true, false], wrong: [0, 1, 'true', 'false', ''] },
  blob: {
    low: bytes(0x00),
    middle: bytes(0x7f, 0xff),
    high: bytes(0x80),
    prefix: bytes(0x7f, 0xff),
    extremes: [bytes(), bytes(0), bytes(0xff, 0xff), Uint8Array.from({ length: 256 }, (_, i) => i)],
    wrong: ['x', [1], new ArrayBuffer(1), 1],
  },
  uuid: {
    low: '00000000-0000-0000-0000-000000000000',
    middle: '123e4567-e89b-42d3-a456-426614174000',
    high: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    extremes: ['123E4567-E89B-42D3-A456-426614174000'],
    wrong: ['', '123e4567e89b42d3a456426614174000', 'zz', 1],
  },
  timeuuid: {
    low: '00000000-0000-1000-8000-000000000000',
    middle: '50554d6e-29bb-11e5-b345-feff819cdc9f',
    high: 'ffffffff-ffff-1fff-bfff-ffffffffffff',
    extremes: ['50554D6E-29BB-11E5-B345-FEFF819CDC9F'],
    wrong: ['123e4567-e89b-42d3-a456-426614174000', '', 1],
  },
  timestamp: {
    low: new Date(-1),
    middle: new Date(0),
    high: new Date(1),
    extremes: [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59.999Z'), new Date(8.64e15), new Date(-8.64e15)],
    wrong: [0, '1970-01-01', new Date(Number.NaN)],
  },
  date: {
    low: '1969-12-31',
    middle: '1970-01-01',
    high: '2024-02-29',
    extremes: ['0001-01-01', '9999-12-31'],
    wrong: ['0000-12-31', '2023-02-29', '2025-1-1', '10000-01-01', '-0001-01-01', new Date(0), 0],
  },
  time: {
    low: '00:00:00',
    middle: '08:12:54.123456789',
    high: '08:12:54.12345679',
    extremes: ['23:59:59.999999999', '00:00:00.000000001', '12:00:00.5'],
    wrong: ['24:00:00', '8:00:00', '08:60:00', '08:00', '08:00:00.1234567890', 0],
  },
  inet: {
    low: '10.0.0.1',
    middle: '::1',
    high: '2001:db8::ff00:42:8329',
    extremes: ['0.0.0.0', '255.255.255.255', '::', '::ffff:10.0.0.1', '2001:0DB8:0:0:0:0:0:1', '1:0:0:2:0:0:0:3', 'fe80::1.2.3.4'],
    wrong: ['999.1.1.1', '1.2.3', '::1%eth0', '1::2::3', '', 'example', '01.2.3.4', 1],
  },
  json: {
    low: 'a',
    middle: { lines: [1, 2.5, { deep: true }], 'a"b': null },
    high: [],
    extremes: [0, '', false, {}, '😀', '\ud800', [null], { toString: 1 }],
    wrong: [1n, Number.NaN, new Date(0), { gone: undefined }, () => 1, new Map(), -0],
  },
};
