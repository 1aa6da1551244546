import {
  and,
  beginsWith,
  between,
  deleteRow,
  eq,
  exists,
  get,
  gt,
  insert,
  isNotNull,
  isNull,
  lt,
  ne,
  noneOf,
  not,
  notExists,
  oneOf,
  or,
  replace,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';
import { bare, users } from './users-table.ts';

const dialect = dynamodbDialect();
const c = users.columns;
const key = { id: 'x', at: 7 };
const Key = { id: { S: 'x' }, at: { N: '7' } };
const TableName = 'app.users';
const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';

const golden: readonly (readonly [name: string, statement: Statement, operation: string, input: object])[] = [
  [
    'insert: nulls are left out',
    insert(users, { ...key, owner: 'me', n: 1, s: null, until: new Date(5), b: Uint8Array.of(1) }, { if: notExists() }),
    'PutItem',
    {
      TableName,
      Item: { ...Key, owner: { S: 'me' }, status: { N: '1' }, b: { B: Uint8Array.of(1) }, until: { N: '5' } },
      ConditionExpression: 'attribute_not_exists(#n0)',
      ExpressionAttributeNames: { '#n0': 'id' },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  [
    'R7 update: the guard beside the condition',
    update(users, key, { set: { n: 2 }, if: eq(c.n, 1) }),
    'UpdateItem',
    {
      TableName,
      Key,
      UpdateExpression: 'SET #n0 = :v0',
      ConditionExpression: 'attribute_exists(#n1) AND #n0 = :v1',
      ExpressionAttributeNames: { '#n0': 'status', '#n1': 'id' },
      ExpressionAttributeValues: { ':v0': { N: '2' }, ':v1': { N: '1' } },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  [
    'R7 SET before REMOVE, whatever the order given',
    update(users, key, { set: { s: null, n: 2, m: null, owner: 'me' }, if: exists() }),
    'UpdateItem',
    {
      TableName,
      Key,
      UpdateExpression: 'SET #n0 = :v0, #n1 = :v1 REMOVE #n2, #n3',
      ConditionExpression: 'attribute_exists(#n4)',
      ExpressionAttributeNames: { '#n0': 'owner', '#n1': 'status', '#n2': 'a.b #c', '#n3': 's', '#n4': 'id' },
      ExpressionAttributeValues: { ':v0': { S: 'me' }, ':v1': { N: '2' } },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  [
    'R7 REMOVE alone, still guarded',
    update(users, key, { set: { s: null }, if: isNull(c.n) }),
    'UpdateItem',
    {
      TableName,
      Key,
      UpdateExpression: 'REMOVE #n0',
      ConditionExpression: 'attribute_exists(#n1) AND (attribute_not_exists(#n2) OR attribute_type(#n2, :v0))',
      ExpressionAttributeNames: { '#n0': 's', '#n1': 'id', '#n2': 'status' },
      ExpressionAttributeValues: { ':v0': { S: 'NULL' } },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  [
    'R6 replace: SET and REMOVE, never a Put',
    replace(bare, { id: 'x', v: 1 }, { if: exists() }),
    'UpdateItem',
    {
      TableName: 'bare',
      Key: { id: { S: 'x' } },
      UpdateExpression: 'SET #n0 = :v0 REMOVE #n1',
      ConditionExpression: 'attribute_exists(#n2)',
      ExpressionAttributeNames: { '#n0': 'v', '#n1': 'w', '#n2': 'id' },
      ExpressionAttributeValues: { ':v0': { N: '1' } },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  [
    'R3 upsert: no guard, and a SET',
    upsert(users, key, { set: { owner: 'me', n: null }, if: or(isNull(c.owner), lt(c.until, new Date(9))) }),
    'UpdateItem',
    {
      TableName,
      Key,
      UpdateExpression: 'SET #n0 = :v0 REMOVE #n1',
      ConditionExpression: '(attribute_not_exists(#n0) OR attribute_type(#n0, :v1)) OR #n2 < :v2',
      ExpressionAttributeNames: { '#n0': 'owner', '#n1': 'status', '#n2': 'until' },
      ExpressionAttributeValues: { ':v0': { S: 'me' }, ':v1': { S: 'NULL' }, ':v2': { N: '9' } },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  [
    'R7 delete',
    deleteRow(users, key, { if: { owner: 'me', n: null } }),
    'DeleteItem',
    {
      TableName,
      Key,
      ConditionExpression: 'attribute_exists(#n0) AND #n1 = :v0 AND (attribute_not_exists(#n2) OR attribute_type(#n2, :v1))',
      ExpressionAttributeNames: { '#n0': 'id', '#n1': 'owner', '#n2': 'status' },
      ExpressionAttributeValues: { ':v0': { S: 'me' }, ':v1': { S: 'NULL' } },
      ReturnValuesOnConditionCheckFailure,
    },
  ],
  ['get', get(users, key), 'GetItem', { TableName, Key, ConsistentRead: true }],
  ['eventual get', get(users, key, { consistency: 'eventual' }), 'GetItem', { TableName, Key, ConsistentRead: false }],
  [
    'get of columns: the partition key comes too, to tell an item without them from none',
    get(users, key, { columns: ['n', 's'] }),
    'GetItem',
    {
      TableName,
      Key,
      ConsistentRead: true,
      ProjectionExpression: '#n0, #n1, #n2',
      ExpressionAttributeNames: { '#n0': 'id', '#n1': 'status', '#n2': 's' },
    },
  ],
];

describe('golden inputs', () => {
  test.each(golden)('%s', (_, statement, operation, input) => {
    const compiled = dialect.compile(statement);
    expect([compiled.operation, compiled.input]).toEqual([operation, input]);
    expect(compiled.requests).toEqual([input]);
  });
  test("R34 existing: 'none' asks for no item", () => {
    for (const [, statement, operation] of golden) {
      if (operation === 'GetItem') continue;
      expect(dialect.compile(statement, { existing: 'none' }).input).toMatchObject({ ReturnValuesOnConditionCheckFailure: 'NONE' });
      expect(dialect.compile(statement, { existing: 'condition' }).input).toMatchObject({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    }
  });
});

/** The condition of an update of `bare`, with names and values put in. */
function conditionOf(condition: unknown): string {
  const { input } = dialect.compile(update(bare, { id: 'x' }, { set: { v: 0 }, if: condition as never }));
  const names = input['ExpressionAttributeNames'] as Record<string, string>;
  const values = input['ExpressionAttributeValues'] as Record<string, Record<string, string>>;
  return String(input['ConditionExpression'])
    .replaceAll(/#n\d+/g, (alias) => names[alias] ?? alias)
    .replaceAll(/:v\d+/g, (alias) => Object.values(values[alias] ?? {})[0] ?? alias);
}

describe('conditions', () => {
  const { v, w } = bare.columns;
  const guard = 'attribute_exists(id)';
  const isNullOf = (name: string): string => `(attribute_not_exists(${name}) OR attribute_type(${name}, NULL))`;
  const isNotNullOf = (name: string): string => `(attribute_exists(${name}) AND NOT (attribute_type(${name}, NULL)))`;
  const cases: readonly (readonly [name: string, condition: unknown, text: string])[] = [
    ['exists', exists(), guard],
    ['eq', eq(v, 1), `${guard} AND v = 1`],
    ['ne: true on null by itself', ne(v, 1), `${guard} AND v <> 1`],
    ['lt', lt(v, 1), `${guard} AND v < 1`],
    ['R15 isNull', isNull(v), `${guard} AND ${isNullOf('v')}`],
    ['R15 isNotNull', isNotNull(v), `${guard} AND ${isNotNullOf('v')}`],
    ['between', between(v, 1, 2), `${guard} AND v BETWEEN 1 AND 2`],
    ['oneOf', oneOf(v, [1, 2]), `${guard} AND v IN (1, 2)`],
    ['noneOf', noneOf(v, [1, 2]), `${guard} AND NOT (v IN (1, 2))`],
    ['beginsWith', beginsWith(w, 'a'), `${guard} AND begins_with(w, a)`],
    ['R9 not of an ordering', not(lt(v, 1)), `${guard} AND NOT (v < 1)`],
    ['and: no parentheses that could be doubled', and(eq(v, 1), eq(w, 'a')), `${guard} AND v = 1 AND w = a`],
    ['or', or(eq(v, 1), eq(w, 'a')), `${guard} AND (v = 1 OR w = a)`],
    ['or in and', and(isNotNull(v), or(eq(v, 1), eq(w, 'a'))), `${guard} AND ${isNotNullOf('v')} AND (v = 1 OR w = a)`],
    ['and in or', or(and(eq(v, 1), eq(w, 'a')), isNull(w)), `${guard} AND ((v = 1 AND w = a) OR ${isNullOf('w')})`],
    ['R9 not of between', not(between(v, 1, 2)), `${guard} AND (${isNullOf('v')} OR v < 1 OR v > 2)`],
    ['R10 the constant false', oneOf(v, []), `${guard} AND attribute_not_exists(id)`],
    ['R10 the constant true is exists()', noneOf(v, []), guard],
    ['R10 between upside down is not sent', or(between(v, 2, 1), eq(v, 5)), `${guard} AND v = 5`],
    ['R9 a column and itself is not sent', eq(v, v), `${guard} AND ${isNotNullOf('v')}`],
  ];
  test.each(cases)('%s', (_, condition, text) => {
    expect(conditionOf(condition)).toBe(text);
    expect(text).not.toMatch(/\(\(\w+ [=<>]+ \w+\)\)/);
  });

  test('two columns', () => {
    const { input } = dialect.compile(update(users, key, { set: { s: 'x' }, if: gt(c.n, c.m) }));
    expect(input['ConditionExpression']).toBe('attribute_exists(#n1) AND #n2 > #n3');
  });

  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const chunk = (from: number, to: number): string =>
    `v IN (${numbers(to - from)
      .map((i) => i + from)
      .join(', ')})`;
  test('chunks of 99 in IN', () => {
    expect(conditionOf(oneOf(v, numbers(99)))).toBe(`${guard} AND ${chunk(0, 99)}`);
    expect(conditionOf(oneOf(v, numbers(100)))).toBe(`${guard} AND (${chunk(0, 99)} OR ${chunk(99, 100)})`);
    expect(conditionOf(oneOf(v, numbers(200)))).toBe(`${guard} AND (${chunk(0, 99)} OR ${chunk(99, 198)} OR ${chunk(198, 200)})`);
    expect(conditionOf(noneOf(v, numbers(100)))).toBe(`${guard} AND NOT (${chunk(0, 99)} OR ${chunk(99, 100)})`);
  });
});
