import { canonicalDate, canonicalDecimal, canonicalInet, canonicalTime, compareValues, type ScalarKind, scalarTypes } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { NotOfType } from '../src/values/canonical.ts';

describe('decimals in their one form', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['+0.000', '0'],
    ['0e5', '0'],
    ['1', '1'],
    ['1.0', '1'],
    ['1.00', '1'],
    ['+1', '1'],
    ['-1.50', '-1.5'],
    ['007.10', '7.1'],
    ['0.10', '0.1'],
    ['100', '100'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.5e1', '15'],
    ['1.5e-3', '0.0015'],
    ['12.50e-1', '1.25'],
    ['-1e-2', '-0.01'],
    ['120e-1', '12'],
    ['1e999', `1${'0'.repeat(999)}`],
    ['1e-1000', `0.${'0'.repeat(999)}1`],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
    expect(canonicalDecimal(canonical)).toBe(canonical);
  });
  test.each([
    '',
    ' 1',
    '1 ',
    '.',
    '.5',
    '5.',
    '1e',
    'e1',
    '--1',
    '1,5',
    '1_0',
    'NaN',
    'Infinity',
    '0x10',
    '٣',
    '1e1000',
    '1e-1001',
    '1e9999999999',
  ])('%j is none', (text) => {
    expect(canonicalDecimal(text)).toBeUndefined();
  });
});

describe('R18 addresses in their one form', () => {
  test.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['fe80::1.2.3.4', 'fe80::102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0a00:0001', '10.0.0.1'],
    ['0:0:0:0:0:ffff:255.255.255.255', '255.255.255.255'],
    ['::ffff:0:0', '0.0.0.0'],
    ['::fffe:10.0.0.1', '::fffe:a00:1'],
    ['1::ffff:10.0.0.1', '1::ffff:a00:1'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalInet(text)).toBe(canonical);
    expect(canonicalInet(canonical)).toBe(canonical);
  });
  test.each([
    ['', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.04', ' 1.2.3.4', '-1.2.3.4', '1.2.3.4/8', 'localhost'],
    [':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::', '12345::', 'g::', ':1::2', '1::2:'],
    ['::1%eth0', 'fe80::1%1', '[::1]', '1.2.3.4::', '::1.2.3.4:5', '::1.2.3.256', '1:2:3:4:5:6:7:1.2.3.4', '::01.2.3.4'],
  ])('none of %j and its like is one', (...texts) => {
    for (const text of texts) expect([text, canonicalInet(text)]).toEqual([text, undefined]);
  });
});

describe('R18 dates', () => {
  test.each(['0001-01-01', '1970-01-01', '1900-02-28', '2000-02-29', '2024-02-29', '9999-12-31'])('%s is one', (text) => {
    expect(canonicalDate(text)).toBe(text);
  });
  test.each([
    ['0000-01-01', '0000-12-31', '10000-01-01', '-0001-01-01', '+2024-01-01', '2024-1-1', '2024-01-01T00:00:00Z', '2024-01-01 '],
    ['1900-02-29', '2023-02-29', '2025-02-30', '2025-04-31', '2025-00-01', '2025-13-01', '2025-01-00', '2025-01-32', ''],
    [new Date(0), 0, 20_240_101, null],
  ])('none of %j and its like is one', (...values) => {
    for (const value of values) expect(() => canonicalDate(value)).toThrow(NotOfType);
  });
});

describe('times of day', () => {
  test.each([
    ['00:00:00', '00:00:00.000000000'],
    ['23:59:59.999999999', '23:59:59.999999999'],
    ['08:12:54.5', '08:12:54.500000000'],
    ['08:12:54.000000001', '08:12:54.000000001'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalTime(text)).toBe(canonical);
    expect(canonicalTime(canonical)).toBe(canonical);
  });
  test.each(['24:00:00', '08:60:00', '08:00:60', '8:00:00', '08:00', '08:00:00.', '08:00:00.1234567890', '-08:00:00', ' 08:00:00', '', 0])(
    '%j is none',
    (value) => {
      expect(() => canonicalTime(value)).toThrow(NotOfType);
    },
  );
});

describe('other types', () => {
  const canonical = (kind: ScalarKind, value: unknown): unknown => scalarTypes[kind].canonical(value);

  test.each<[ScalarKind, unknown, unknown]>([
    ['int', -0, 0],
    ['double', -0, 0],
    ['float', -0, 0],
    ['float', 0.1 + 2 ** -40, undefined],
    ['float', Math.fround(0.1), Math.fround(0.1)],
    ['uuid', '123E4567-E89B-42D3-A456-426614174000', '123e4567-e89b-42d3-a456-426614174000'],
    ['timeuuid', '123e4567-e89b-42d3-a456-426614174000', undefined],
    ['bigint', 2n ** 63n, undefined],
    ['bigint', -(2n ** 63n), -(2n ** 63n)],
    ['varint', 10n ** 1000n, undefined],
    ['varint', 10n ** 1000n - 1n, 10n ** 1000n - 1n],
    ['text', '\ud800', undefined],
    ['text', '\u{1f600}', '\u{1f600}'],
    ['ascii', '\u0080', undefined],
    ['double', Number.NaN, undefined],
    ['double', Infinity, undefined],
    ['float', 3.5e38, undefined],
    ['blob', new ArrayBuffer(1), undefined],
    ['timestamp', new Date(Number.NaN), undefined],
    ['json', -0, undefined],
    ['json', { a: undefined }, undefined],
    ['json', [, 1], undefined], // oxlint-disable-line no-sparse-arrays -- that is what is refused
    ['json', new Date(0), undefined],
    ['json', '\ud800', '\ud800'],
    ['json', { toString: 1 }, { toString: 1 }],
  ])('%s ← %s', (kind, value, expected) => {
    if (expected === undefined) expect(() => canonical(kind, value)).toThrow(NotOfType);
    else expect(canonical(kind, value)).toStrictEqual(expected);
  });

  test('R18 a float that would be rounded names the nearest one', () => {
    expect(() => canonical('float', 0.1)).toThrow(String(Math.fround(0.1)));
  });
  test('R16 mutable values are copied', () => {
    const [blob, date, json] = [Uint8Array.of(1), new Date(0), { list: [1] }];
    expect([canonical('blob', blob), canonical('timestamp', date), canonical('json', json)]).toEqual([blob, date, json]);
    expect(canonical('blob', blob)).not.toBe(blob);
    expect(canonical('timestamp', date)).not.toBe(date);
    expect(canonical('json', json)).not.toBe(json);
  });
  test('a Buffer becomes a plain Uint8Array', () => {
    expect(canonical('blob', Buffer.from([1, 2]))).toStrictEqual(Uint8Array.of(1, 2));
  });
});

describe('order', () => {
  const ascending: { readonly [K in ScalarKind]?: readonly unknown[] } = {
    int: [-2147483648, -1, 0, 1, 2147483647],
    bigint: [-(2n ** 63n), -1n, 0n, 2n ** 53n, 2n ** 53n + 1n],
    decimal: ['-10', '-9.9', '-0.5', '-0.25', '0', '0.09', '0.1', '0.11', '1', '9', '10', '10.5'],
    double: [-1e300, -0.1, 0, 5e-324, 1],
    text: ['', '\u0000', 'A', 'Z', 'a', 'aa', 'z', '\u00e9', '\ud7ff', '\ue000', '\uff5e', '\u{10000}', '\u{1f600}', '\u{10ffff}'],
    blob: [[], [0], [0, 0], [0, 255], [1], [127], [128], [255], [255, 0]].map((bytes) => Uint8Array.from(bytes)),
    timestamp: [-8.64e15, -1, 0, 1].map((time) => new Date(time)),
    date: ['0001-01-01', '0999-12-31', '1000-01-01', '1969-12-31', '1970-01-01', '9999-12-31'],
    time: ['00:00:00.000000000', '00:00:00.000000001', '09:59:59.999999999', '10:00:00.000000000'],
  };
  test.each(Object.entries(ascending) as [ScalarKind, readonly unknown[]][])('of %s', (kind, values) => {
    const signs = values.map((a) => values.map((b) => Math.sign(compareValues({ kind }, a, b))));
    expect(signs).toEqual(values.map((_, i) => values.map((__, j) => Math.sign(i - j))));
  });
  test('types without one tell equal values from others', () => {
    for (const kind of ['boolean', 'uuid', 'timeuuid', 'inet'] as const) expect([kind, scalarTypes[kind].ordered]).toEqual([kind, false]);
    expect(compareValues({ kind: 'boolean' }, true, true)).toBe(0);
    expect(compareValues({ kind: 'boolean' }, true, false)).not.toBe(0);
  });
});
