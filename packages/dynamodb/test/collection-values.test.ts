import {
  blob,
  boolean,
  type ColumnSpec,
  decimal,
  defineTable,
  get,
  int,
  list,
  map,
  set,
  text,
  timestamp,
  uuid,
  valueType,
  varint,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';
import { decodeColumns } from '../src/decode-value.ts';
import { encodeValue } from '../src/encode-value.ts';
import { thrownBy } from './thrown-by.ts';

const columnOf = (spec: ColumnSpec): Parameters<typeof encodeValue>[0] =>
  defineTable('t', { columns: { id: text(), c: spec }, partitionKey: ['id'] }).columns['c' as never];
const decode = (spec: ColumnSpec, attribute: unknown): unknown => decodeColumns([columnOf(spec)], { c: attribute })['c'];
const uuidText = '123e4567-e89b-42d3-a456-426614174000';

const golden: readonly (readonly [name: string, spec: ColumnSpec, value: unknown, attribute: object])[] = [
  ['list<int>', list(int()), [2, 1, 2], { L: [{ N: '2' }, { N: '1' }, { N: '2' }] }],
  ['list<text>, the empty text too', list(text()), ['', 'é'], { L: [{ S: '' }, { S: 'é' }] }],
  ['list<boolean>', list(boolean()), [true], { L: [{ BOOL: true }] }],
  ['list<blob>', list(blob()), [Uint8Array.of(1)], { L: [{ B: Uint8Array.of(1) }] }],
  ['set<text>', set(text()), new Set(['a', 'b']), { SS: ['a', 'b'] }],
  ['set<uuid>', set(uuid()), new Set([uuidText]), { SS: [uuidText] }],
  ['set<int>', set(int()), new Set([-1, 9, 10]), { NS: ['-1', '9', '10'] }],
  ['set<timestamp>', set(timestamp()), new Set([new Date(1)]), { NS: ['1'] }],
  ['set<blob>', set(blob()), new Set([Uint8Array.of(0), Uint8Array.of(1)]), { BS: [Uint8Array.of(0), Uint8Array.of(1)] }],
  ['map<text, int>', map(text(), int()), new Map([['a', 1]]), { M: { a: { N: '1' } } }],
  ['map<uuid, text>', map(uuid(), text()), new Map([[uuidText, 'x']]), { M: { [uuidText]: { S: 'x' } } }],
  ['map with a key that objects inherit', map(text(), int()), new Map([['toString', 1]]), { M: { toString: { N: '1' } } }],
];

describe('R16, R19 collections are written and read back', () => {
  test.each(golden)('%s', (_, spec, value, attribute) => {
    expect(valueType(spec.type).canonical(value)).toStrictEqual(value);
    expect(encodeValue(columnOf(spec), value)).toEqual(attribute);
    expect(decode(spec, attribute)).toStrictEqual(value);
  });
  test('as the SDK hands them out: members in any order, numbers in any notation, sets as Sets', () => {
    expect([...(decode(set(int()), { NS: ['10', '9.0'] }) as Set<number>)]).toEqual([9, 10]);
    expect(decode(list(decimal()), { L: [{ N: '1E2' }, { N: '1.50' }] })).toEqual(['100', '1.5']);
    const entries = decode(map(text(), int()), { M: { b: { N: '1' }, a: { N: '2' } } }) as Map<string, number>;
    expect([...entries.keys()]).toEqual(['a', 'b']);
  });
  test('R15, R19 absent and empty are null', () => {
    expect([decode(list(int()), undefined), decode(list(int()), { L: [] }), decode(map(text(), int()), { M: {} })]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('R15, R16 what another writer stored and a column cannot hold is a schema-mismatch', () => {
  test.each<readonly [string, ColumnSpec, unknown]>([
    ['NULL', list(int()), { NULL: true }],
    ['a set for a list', list(text()), { SS: ['a'] }],
    ['a list for a set', set(text()), { L: [{ S: 'a' }] }],
    ['numbers for a set of text', set(text()), { NS: ['1'] }],
    ['text for a set of numbers', set(int()), { SS: ['1'] }],
    ['a list for a map', map(text(), int()), { L: [] }],
    ['NULL in a list', list(int()), { L: [{ NULL: true }] }],
    ['text in a list of numbers', list(int()), { L: [{ N: '1' }, { S: '2' }] }],
    ['NULL under a key', map(text(), int()), { M: { a: { NULL: true } } }],
    ['a list in a list', list(int()), { L: [{ L: [] }] }],
    ['a fraction in a set of integers', set(int()), { NS: ['1.5'] }],
    ['another form of a uuid in a set', set(uuid()), { SS: [uuidText.toUpperCase()] }],
    ['a key that is no uuid', map(uuid(), int()), { M: { a: { N: '1' } } }],
  ])('%s', (_, spec, attribute) => {
    expect(thrownBy(() => decode(spec, attribute))).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied' });
  });
});

describe('R19 what DynamoDB cannot hold', () => {
  test.each<readonly [string, ColumnSpec, unknown]>([
    ['a key that is empty', map(text(), int()), new Map([['', 1]])],
    ['the key __proto__', map(text(), int()), new Map([['__proto__', 1]])],
    ['a number of 39 digits in a list', list(varint()), [10n ** 38n + 1n]],
    ['a number of 39 digits in a set', set(varint()), new Set([10n ** 38n + 1n])],
  ])('%s is invalid-value', (_, spec, value) => {
    expect(thrownBy(() => encodeValue(columnOf(spec), value))).toMatchObject({ code: 'invalid-value', outcome: 'not-applied' });
  });
  test.each<readonly [string, ColumnSpec]>([
    ['a set of booleans', set(boolean())],
    ['a map with numbers as keys', map(int(), text())],
    ['a map with moments as keys', map(timestamp(), text())],
    ['a map with bytes as keys', map(blob(), text())],
  ])('a table with %s is unsupported', (_, spec) => {
    const table = defineTable('tab', { columns: { id: text(), c: spec }, partitionKey: ['id'] });
    const error = thrownBy(() => dynamodbDialect().compile(get(table, { id: 'x' })));
    expect([error.code, error.message]).toEqual(['unsupported', expect.stringContaining('tab.c is ')]);
    expect(error.alternative).toBeDefined();
  });
});
