import {
  boolean,
  type ColumnSpec,
  type ColumnType,
  decimal,
  defineTable,
  double,
  int,
  isLWTError,
  list,
  type LWTError,
  map,
  set,
  text,
  timestamp,
  uuid,
  valueType,
  varint,
} from '@onlyif/core';
import { decodeColumns, encodeValue } from '@onlyif/cql';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { driverEncoder, driverType } from './driver-codec.ts';

const { types } = driver;
const codes = types.dataTypes as unknown as { readonly [name: string]: number };

/** A collection type as cassandra-driver writes it. */
function driverCollection(type: ColumnType): object {
  switch (type.kind) {
    case 'list':
    case 'set':
      return { code: codes[type.kind], info: driverType(type.element.kind) };
    case 'map':
      return { code: codes['map'], info: [driverType(type.key.kind), driverType(type.value.kind)] };
    default:
      return driverType(type.kind);
  }
}

const uuidText = '123e4567-e89b-42d3-a456-426614174000';
const uuidHex = uuidText.replaceAll('-', '');

/** A canonical value and its bytes: a count, then each member, or key and value, with its length before it. */
const golden: readonly (readonly [name: string, spec: ColumnSpec, value: unknown, hex: string])[] = [
  ['list<int>', list(int()), [1, -1], '00000002 00000004 00000001 00000004 ffffffff'],
  ['list<text>', list(text()), ['', 'é', ''], '00000003 00000000 00000002 c3a9 00000000'],
  ['list<varint>', list(varint()), [128n], '00000001 00000002 0080'],
  ['set<text>', set(text()), new Set(['a', 'b']), '00000002 00000001 61 00000001 62'],
  ['set<int>', set(int()), new Set([-1, 2]), '00000002 00000004 ffffffff 00000004 00000002'],
  ['set<timestamp>', set(timestamp()), new Set([new Date(1)]), '00000001 00000008 0000000000000001'],
  ['set<decimal>', set(decimal()), new Set(['1.5']), '00000001 00000005 000000010f'],
  ['set<boolean>', set(boolean()), new Set([false, true]), '00000002 00000001 00 00000001 01'],
  ['map<text, int>', map(text(), int()), new Map([['a', 1]]), '00000001 00000001 61 00000004 00000001'],
  [
    'map<text, int> with the key __proto__',
    map(text(), int()),
    new Map([['__proto__', 1]]),
    '00000001 00000009 5f5f70726f746f5f5f 00000004 00000001',
  ],
  ['map<uuid, double>', map(uuid(), double()), new Map([[uuidText, 1]]), `00000001 00000010 ${uuidHex} 00000008 3ff0000000000000`],
];

const clients: { readonly [name: string]: object } = {
  'Set and Map': {},
  'arrays for sets, which is the default': { set: undefined },
  'bigints as BigInt': { useBigIntAsLong: true, useBigIntAsVarint: true },
};

function decode(spec: ColumnSpec, value: unknown): unknown {
  const table = defineTable('t', { columns: { id: text(), c: spec }, partitionKey: ['id'] });
  return decodeColumns([table.columns['c' as never]], { c: value })['c'];
}

function mismatch(spec: ColumnSpec, value: unknown): LWTError {
  try {
    decode(spec, value);
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(decode(spec, value))} came back`);
}

describe('R16, R19 the bytes of collections', () => {
  test.each(golden)('%s', (_, { type }, value, hex) => {
    expect(valueType(type).canonical(value)).toStrictEqual(value);
    const bytes = encodeValue(type, value);
    expect(bytes.toString('hex')).toBe(hex.replaceAll(' ', ''));
    expect(driverEncoder().encode(bytes, driverCollection(type))).toBe(bytes);
  });
  test('members of a set are in order, whatever the order given', () => {
    const { type } = set(text());
    const [one, other] = [new Set(['b', 'a']), new Set(['a', 'b'])].map((value) => encodeValue(type, valueType(type).canonical(value)));
    expect(one).toEqual(other);
  });
});

describe.each(Object.entries(clients))('what the driver decodes comes back as it was written, with %s', (_, encoding) => {
  test.each(golden)('%s', (__, spec, value, hex) => {
    expect(
      decode(spec, driverEncoder(encoding).decode(Buffer.from(hex.replaceAll(' ', ''), 'hex'), driverCollection(spec.type))),
    ).toStrictEqual(value);
  });
});

describe('R19 what comes back', () => {
  test('a list is an array, a set a Set in order, a map a Map in order', () => {
    expect(decode(list(int()), [2, 1])).toStrictEqual([2, 1]);
    expect([...(decode(set(int()), [2, 1]) as Set<number>)]).toEqual([1, 2]);
    expect([...(decode(set(int()), new Set([10, 9])) as Set<number>)]).toEqual([9, 10]);
    expect([...(decode(map(text(), int()), new Map([['b', 1], ['a', 2]])) as Map<string, number>)]).toEqual([['a', 2], ['b', 1]]); // prettier-ignore
  });
  test('null, undefined and an empty collection are null', () => {
    for (const spec of [list(int()), set(int()), map(text(), int())] as const)
      for (const value of [null, undefined]) expect(decode(spec, value)).toBeNull();
    expect([decode(list(int()), []), decode(set(int()), []), decode(set(int()), new Set()), decode(map(text(), int()), new Map())]).toEqual(
      [null, null, null, null],
    );
  });
});

describe('R16, R19 what would come back otherwise than it is stored is a schema-mismatch', () => {
  test.each<readonly [name: string, spec: ColumnSpec, value: unknown]>([
    ['a map as a plain object, which loses keys', map(text(), int()), { a: 1 }],
    ['a map as an empty object', map(text(), int()), {}],
    ['a map as pairs', map(text(), int()), [['a', 1]]],
    ['a list as a plain object', list(int()), { 0: 1, length: 1 }],
    ['a list as an empty object', list(int()), {}],
    ['a list as text', list(text()), 'abc'],
    ['a set as a plain object', set(text()), { a: 1 }],
    ['a set as text', set(text()), 'abc'],
    ['a set as a number', set(int()), 5],
    ['a member of another type', list(int()), ['1']],
    ['a member that is null', list(int()), [1, null]],
    ['a member that does not fit', set(double()), [Number.NaN]],
    ['two equal moments in an array', set(timestamp()), [new Date(1), new Date(1)]],
    ['a value of another type in a map', map(text(), int()), new Map([['a', 'b']])],
    ['a key of another type in a map', map(text(), int()), new Map([[1, 1]])],
  ])('%s', (_, spec, value) => {
    const error = mismatch(spec, value);
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
    expect(error.message).toContain('t.c: found');
  });
  test('the driver without encoding: { map: Map }', () => {
    const { type } = map(text(), int());
    const bytes = encodeValue(type, new Map([['a', 1]]));
    const object = driverEncoder({ map: undefined }).decode(bytes, driverCollection(type));
    expect(mismatch(map(text(), int()), object).message).toContain('map<text, int>');
  });
});
