import {
  and,
  blob,
  boolean,
  type ColumnSpec,
  defineTable,
  eq,
  exists,
  get,
  insert,
  int,
  isNull,
  noneOf,
  not,
  lt,
  notExists,
  oneOf,
  or,
  type Statement,
  text,
  update,
} from '@onlyif/core';
import { createTableInput, dynamodbDialect } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';
import { thrownBy } from './thrown-by.ts';
import { bare, users } from './users-table.ts';

const dialect = dynamodbDialect();
const codeOf = (statement: Statement): string => thrownBy(() => dialect.compile(statement)).code;
const on = (condition: unknown): Statement => update(bare, { id: 'x' }, { set: { v: 0 }, if: condition as never });
const { v } = bare.columns;

describe('300 operators and functions', () => {
  // attribute_exists, and for each member an AND and a comparison.
  const members = (count: number): Statement => on(and(...Array.from({ length: count }, (_, i) => not(lt(v, i)))));
  test('are taken, and not one more', () => {
    // 1 + 99 × 3 (AND, NOT, <) = 298; the next member makes 301.
    expect(dialect.compile(members(99)).operation).toBe('UpdateItem');
    expect(codeOf(members(100))).toBe('limit-exceeded');
  });
});

describe('4,096 bytes of expression', () => {
  test('in the condition', () => {
    const many = (count: number): Statement =>
      on(
        oneOf(
          v,
          Array.from({ length: count }, (_, i) => i),
        ),
      );
    expect(dialect.compile(many(500)).operation).toBe('UpdateItem');
    const error = thrownBy(() => dialect.compile(many(1000)));
    expect([error.code, error.message]).toEqual(['limit-exceeded', expect.stringContaining('4096')]);
  });
  test('in the update', () => {
    const names = Array.from({ length: 400 }, (_, i) => `c${i}`);
    const wide = defineTable('wide', {
      columns: { id: text(), ...Object.fromEntries(names.map((name) => [name, int()])) },
      partitionKey: ['id'],
    });
    const set = Object.fromEntries(names.map((name, i) => [name, i]));
    expect(codeOf(update(wide, { id: 'x' }, { set, if: exists() }))).toBe('limit-exceeded');
    expect(dialect.compile(insert(wide, { id: 'x', ...set }, { if: notExists() })).operation).toBe('PutItem');
  });
  test('a refused shape is refused again, and spoils no other', () => {
    const statement = on(
      noneOf(
        v,
        Array.from({ length: 1000 }, (_, i) => i),
      ),
    );
    expect([codeOf(statement), codeOf(statement)]).toEqual(['limit-exceeded', 'limit-exceeded']);
    expect(dialect.compile(on(eq(v, 1))).input['ConditionExpression']).toBe('attribute_exists(#n1) AND #n0 = :v1');
  });
});

describe('sizes', () => {
  test('a partition key of 2,048 bytes', () => {
    expect(dialect.compile(get(bare, { id: 'é'.repeat(1024) })).operation).toBe('GetItem');
    expect(codeOf(get(bare, { id: 'é'.repeat(1024) + 'x' }))).toBe('limit-exceeded');
  });
  test('a sort key of 1,024 bytes', () => {
    const sorted = defineTable('sorted', { columns: { id: text(), at: blob(), n: int() }, partitionKey: ['id'], clusteringKey: ['at'] });
    expect(dialect.compile(get(sorted, { id: 'x', at: new Uint8Array(1024) })).operation).toBe('GetItem');
    for (const statement of [
      get(sorted, { id: 'x', at: new Uint8Array(1025) }),
      insert(sorted, { id: 'x', at: new Uint8Array(1025) }, { if: notExists() }),
      update(sorted, { id: 'x', at: new Uint8Array(1025) }, { set: { n: 1 }, if: exists() }),
    ])
      expect(codeOf(statement)).toBe('limit-exceeded');
  });
  test('an item of 400 KB', () => {
    const long = 'x'.repeat(400 * 1024 + 1);
    expect(codeOf(insert(bare, { id: 'x', w: long }, { if: notExists() }))).toBe('limit-exceeded');
    expect(codeOf(update(bare, { id: 'x' }, { set: { w: long }, if: exists() }))).toBe('limit-exceeded');
    expect(dialect.compile(update(bare, { id: 'x' }, { set: { w: long.slice(1) }, if: exists() })).operation).toBe('UpdateItem');
  });
});

describe('numbers that DynamoDB cannot hold are invalid values, in rows and in conditions', () => {
  const key = { id: 'x', at: 1 };
  const setOf = (set: object): Statement => update(users, key, { set, if: exists() });
  const c = users.columns;
  test.each([
    ['39 digits', { d: '123456789012345678901234567890123456789' }],
    ['39 digits after the point', { d: '0.123456789012345678901234567890123456789' }],
    ['more than 9.9E+125', { d: '1e126' }],
    ['less than 1E-130', { d: '1e-131' }],
    ['a double above it', { f: 1e126 }],
    ['a double below it', { f: 5e-324 }],
  ])('%s', (_, set) => {
    const error = thrownBy(() => dialect.compile(setOf(set)));
    expect([error.code, error.outcome, error.message]).toEqual(['invalid-value', 'not-applied', expect.stringContaining('users.')]);
  });
  test('in a condition', () => {
    for (const condition of [eq(c.d, '1e126'), oneOf(c.d, ['1', '1e126']), or(isNull(c.s), eq(c.f, 1e126))])
      expect(codeOf(update(users, key, { set: { s: 'x' }, if: condition }))).toBe('invalid-value');
  });
  test.each([
    ['0', '0'],
    ['-1.50', '-1.5'],
    ['1000', '1000'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['9.9e125', '99E124'],
    ['1e-130', '1E-130'],
  ])('%s is held, as %s', (value, text) => {
    const { input } = dialect.compile(setOf({ d: value }));
    expect(input['ExpressionAttributeValues']).toEqual({ ':v0': { N: text } });
  });
  test('64-bit integers and moments are held whole', () => {
    const { input } = dialect.compile(setOf({ big: -(2n ** 63n), until: new Date(-8.64e15) }));
    expect(input['ExpressionAttributeValues']).toEqual({ ':v0': { N: '-9223372036854775808' }, ':v1': { N: '-8640000000000000' } });
  });
});

describe('tables that DynamoDB cannot hold are unsupported, with an alternative', () => {
  type Table = Parameters<typeof get>[0];
  const tableOf = (columns: Record<string, ColumnSpec>, partitionKey: string[], clusteringKey: string[] = [], named = 'things'): Table =>
    defineTable('t', { columns, partitionKey, clusteringKey, named } as never) as never;
  const id = text();
  const cases: readonly (readonly [name: string, table: Table, key: object])[] = [
    ['a composite partition key', tableOf({ id, b: text(), n: int() }, ['id', 'b']), { id: 'x', b: 'y' }],
    ['a composite clustering key', tableOf({ id, a: int(), b: int() }, ['id'], ['a', 'b']), { id: 'x', a: 1, b: 1 }],
    ['R17 a boolean partition key', tableOf({ id: boolean(), n: int() }, ['id']), { id: true }],
    ['R17 a boolean sort key', tableOf({ id, at: boolean() }, ['id'], ['at']), { id: 'x', at: true }],
    ['a key attribute of 256 bytes', tableOf({ id: text().named('x'.repeat(256)) }, ['id']), { id: 'x' }],
    ['R24 static columns', tableOf({ id, at: int(), s: int().static() }, ['id'], ['at']), { id: 'x', at: 1 }],
    ...['ab', 'a b', 'é__', 'x'.repeat(256), 'a/b', 'a"b'].map(
      (named) => [`the name ${named.slice(0, 10)}`, tableOf({ id }, ['id'], [], named), { id: 'x' }] as const,
    ),
  ];
  test.each(cases)('%s', (name, table, key) => {
    const error = thrownBy(() => dialect.compile(get(table, key as never)));
    expect([error.code, error.outcome, typeof error.alternative]).toEqual(['unsupported', 'not-applied', 'string']);
    if (!name.startsWith('R24')) expect(thrownBy(() => createTableInput(table)).code).toBe('unsupported');
  });
  test.each(['abc', 'a.b-c_1', 'x'.repeat(255)])('the name %.10s is one', (named) => {
    const table = tableOf({ id }, ['id'], [], named);
    expect(dialect.compile(get(table, { id: 'x' })).input).toMatchObject({ TableName: named });
  });
  test('tableName may make a name fit', () => {
    const table = tableOf({ id }, ['id'], [], 'ab');
    expect(dynamodbDialect({ tableName: (name) => `prod-${name}` }).compile(get(table, { id: 'x' })).input).toMatchObject({
      TableName: 'prod-ab',
    });
  });
});

test('createTableInput', () => {
  expect(createTableInput(users)).toEqual({
    TableName: 'app.users',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
});
