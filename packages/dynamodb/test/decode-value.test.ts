import * as core from '@onlyif/core';
import { defineTable, isLWTError, type LWTError, type Row, type ScalarKind, scalarTypes, text } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { decodeColumns, decodeRow } from '../src/decode-value.ts';
import { encodeValue } from '../src/encode-value.ts';
import { thrownBy } from './thrown-by.ts';

const builders = core as unknown as { readonly [K in ScalarKind]: typeof text };
const kinds = Object.keys(scalarTypes) as ScalarKind[];
const every = defineTable('every', {
  columns: { id: text(), ...Object.fromEntries(kinds.map((kind) => [`c_${kind}`, builders[kind]()])) },
  partitionKey: ['id'],
});
const columnOf = (kind: ScalarKind): core.ColumnDefinition => every.columns[`c_${kind}` as never];
const decode = (kind: ScalarKind, attribute: unknown): unknown =>
  decodeColumns([columnOf(kind)], { [`c_${kind}`]: attribute })[`c_${kind}`];

const golden: readonly (readonly [kind: ScalarKind, value: unknown, attribute: object])[] = [
  ['text', 'é\u{1f600}', { S: 'é\u{1f600}' }],
  ['text', '', { S: '' }],
  ['ascii', 'A', { S: 'A' }],
  ['json', { a: [1] }, { S: '{"a":[1]}' }],
  ['uuid', '123e4567-e89b-42d3-a456-426614174000', { S: '123e4567-e89b-42d3-a456-426614174000' }],
  ['timeuuid', '50554d6e-29bb-11e5-b345-feff819cdc9f', { S: '50554d6e-29bb-11e5-b345-feff819cdc9f' }],
  ['inet', '::1', { S: '::1' }],
  ['date', '2024-02-29', { S: '2024-02-29' }],
  ['time', '08:00:00.000000000', { S: '08:00:00.000000000' }],
  ['int', -2147483648, { N: '-2147483648' }],
  ['smallint', 5, { N: '5' }],
  ['tinyint', -1, { N: '-1' }],
  ['bigint', 2n ** 63n - 1n, { N: '9223372036854775807' }],
  ['varint', 10n ** 37n + 1n, { N: '10000000000000000000000000000000000001' }],
  ['decimal', '-1.5', { N: '-1.5' }],
  ['decimal', '0', { N: '0' }],
  ['float', Math.fround(0.1), { N: '0.10000000149011612' }],
  ['double', 0.1, { N: '0.1' }],
  ['double', 1 / 3, { N: '0.3333333333333333' }],
  ['double', 1e-25, { N: '1E-25' }],
  ['timestamp', new Date(-1), { N: '-1' }],
  ['blob', Uint8Array.of(0, 255), { B: Uint8Array.of(0, 255) }],
  ['boolean', false, { BOOL: false }],
];

test('there is a golden value of every type', () => {
  expect(new Set(golden.map(([kind]) => kind))).toEqual(new Set(kinds));
});
test.each(golden)('%s %s is written and read back', (kind, value, attribute) => {
  expect(encodeValue(columnOf(kind), value)).toEqual(attribute);
  expect(decode(kind, attribute)).toStrictEqual(value);
});

describe('numbers as DynamoDB writes them back: plain, or as others sent them', () => {
  test.each<[ScalarKind, string, unknown]>([
    ['decimal', '1000', '1000'],
    ['decimal', '0.00000000000000000000000000000000000001', '0.00000000000000000000000000000000000001'],
    ['int', '5.0', 5],
    ['int', '1E2', 100],
    ['bigint', '9223372036854775807', 2n ** 63n - 1n],
    ['double', '0.1', 0.1],
    ['timestamp', '1700000000000', new Date(1_700_000_000_000)],
  ])('%s %s', (kind, N, value) => {
    expect(decode(kind, { N })).toStrictEqual(value);
  });
});

function mismatch(kind: ScalarKind, attribute: unknown): LWTError {
  const error = thrownBy(() => decode(kind, attribute));
  expect(isLWTError(error)).toBe(true);
  return error;
}

describe('R15, R16 what another writer stored and a column cannot hold is a schema-mismatch', () => {
  test.each<[string, ScalarKind, unknown]>([
    ['R15 NULL', 'text', { NULL: true }],
    ['R15 NULL in a number', 'int', { NULL: true }],
    ['a number in text', 'text', { N: '1' }],
    ['text in a number', 'int', { S: '1' }],
    ['text in a boolean', 'boolean', { S: 'true' }],
    ['text in bytes', 'blob', { S: 'x' }],
    ['a list', 'text', { L: [] }],
    ['a map', 'json', { M: {} }],
    ['a set', 'int', { NS: ['1'] }],
    ['an attribute without a type', 'int', {}],
    ['a fraction in an int', 'int', { N: '1.5' }],
    ['an int out of range', 'int', { N: '2147483648' }],
    ['a bigint out of range', 'bigint', { N: '9223372036854775808' }],
    ['a fraction in a bigint', 'bigint', { N: '1.5' }],
    ['more digits than a double', 'double', { N: '0.30000000000000000001' }],
    ['more digits than a double, whole', 'double', { N: '9007199254740993' }],
    ['a number that no double is near', 'double', { N: '1E-400' }],
    ['more digits than a float', 'float', { N: '0.1' }],
    ['a fraction of a millisecond', 'timestamp', { N: '1.5' }],
    ['a moment that no Date holds', 'timestamp', { N: '8640000000000001' }],
    ['text that is no date', 'date', { S: '2023-02-29' }],
    ['text that is no UUID', 'uuid', { S: 'x' }],
    ['a UUID in another form: equal here, and not on the server', 'uuid', { S: '123E4567-E89B-42D3-A456-426614174000' }],
    ['an address in another form', 'inet', { S: '0:0:0:0:0:0:0:1' }],
    ['a time in another form', 'time', { S: '08:00:00' }],
    ['text that is no JSON', 'json', { S: '{' }],
    ['text that is not ASCII', 'ascii', { S: 'é' }],
  ])('%s', (_, kind, attribute) => {
    const error = mismatch(kind, attribute);
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
    expect(error.message).toContain(`every.c_${kind}`);
  });
});

describe('rows', () => {
  const marked = defineTable('marked', { columns: { id: text(), mark: text().notNull().named('m'), n: text() }, partitionKey: ['id'] });
  test('come by their names in code; what is absent is null', () => {
    expect(decodeRow(marked, { id: { S: 'x' }, m: { S: 'y' }, unknown: { L: [] } })).toEqual({ id: 'x', mark: 'y', n: null });
    expect(decodeRow(marked, Object.assign(Object.create({ n: { S: 'inherited' } }) as Row, { id: { S: 'x' }, m: { S: 'y' } }))).toEqual({
      id: 'x',
      mark: 'y',
      n: null,
    });
  });
  test('R4 with nothing in a notNull column are a schema-mismatch', () => {
    expect(thrownBy(() => decodeRow(marked, { id: { S: 'x' } })).code).toBe('schema-mismatch');
  });
  test('bytes are copied', () => {
    const B = Uint8Array.of(1);
    expect(decode('blob', { B })).not.toBe(B);
  });
});
