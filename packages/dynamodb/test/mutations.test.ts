import {
  addToSet,
  append,
  eq,
  exists,
  increment,
  isNull,
  lt,
  or,
  prepend,
  putEntry,
  removeEntry,
  removeFromSet,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';
import { shelf } from './shelf-table.ts';
import { thrownBy } from './thrown-by.ts';

const dialect = dynamodbDialect();
const c = shelf.columns;
const key = { id: 'x' };
const setting = (set: unknown, condition: unknown = exists()): Statement =>
  update(shelf, key, { set: set as never, if: condition as never });

function inputOf(statement: Statement): object {
  const { operation, input } = dialect.compile(statement);
  expect(operation).toBe('UpdateItem');
  const { UpdateExpression, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = input;
  return { UpdateExpression, ConditionExpression, names: ExpressionAttributeNames, values: ExpressionAttributeValues };
}

describe('update expressions', () => {
  test('SET, REMOVE, ADD and DELETE, in this order whatever the order given', () => {
    const set = {
      tags: addToSet('b', 'a'),
      marks: removeFromSet(Uint8Array.of(1)),
      m: null,
      n: 5,
      raw: null,
      steps: append(7),
      limits: new Map([['a', 1]]),
    };
    expect(inputOf(setting(set))).toEqual({
      UpdateExpression:
        'SET #n0 = list_append(if_not_exists(#n0, :v0), :v1), #n1 = :v2, #n2 = :v3 REMOVE #n3, #n4 ADD #n5 :v4 DELETE #n6 :v5',
      ConditionExpression: 'attribute_exists(#n7)',
      names: { '#n0': 'steps', '#n1': 'limits', '#n2': 'n', '#n3': 'raw', '#n4': 'm', '#n5': 'tags', '#n6': 'marks', '#n7': 'id' },
      values: {
        ':v0': { L: [] },
        ':v1': { L: [{ N: '7' }] },
        ':v2': { M: { a: { N: '1' } } },
        ':v3': { N: '5' },
        ':v4': { SS: ['a', 'b'] },
        ':v5': { BS: [Uint8Array.of(1)] },
      },
    });
  });
  const golden: readonly (readonly [name: string, set: unknown, update: string, values: object])[] = [
    ['addToSet alone', { tags: addToSet('a') }, 'ADD #n0 :v0', { ':v0': { SS: ['a'] } }],
    ['addToSet of moments', { days: addToSet(new Date(2), new Date(1)) }, 'ADD #n0 :v0', { ':v0': { NS: ['1', '2'] } }],
    ['removeFromSet alone', { tags: removeFromSet('a') }, 'DELETE #n0 :v0', { ':v0': { SS: ['a'] } }],
    [
      'append',
      { steps: append(1, 2) },
      'SET #n0 = list_append(if_not_exists(#n0, :v0), :v1)',
      { ':v0': { L: [] }, ':v1': { L: [{ N: '1' }, { N: '2' }] } },
    ],
    [
      'R23 prepend, in the order given',
      { steps: prepend(1, 2) },
      'SET #n0 = list_append(:v0, if_not_exists(#n0, :v1))',
      { ':v0': { L: [{ N: '1' }, { N: '2' }] }, ':v1': { L: [] } },
    ],
    ['a whole set', { tags: new Set(['b', 'a']) }, 'SET #n0 = :v0', { ':v0': { SS: ['a', 'b'] } }],
    ['a whole list', { steps: [2, 1] }, 'SET #n0 = :v0', { ':v0': { L: [{ N: '2' }, { N: '1' }] } }],
  ];
  test.each(golden)('%s', (_, set, UpdateExpression, values) => {
    expect(inputOf(setting(set))).toMatchObject({ UpdateExpression, ConditionExpression: 'attribute_exists(#n1)', values });
  });
  test('R19 an empty collection is null: it is removed', () => {
    expect(inputOf(setting({ tags: new Set(), steps: [], limits: new Map() }))).toMatchObject({
      UpdateExpression: 'REMOVE #n0, #n1, #n2',
      values: undefined,
    });
  });
  test.each<readonly [string, unknown]>([
    ['addToSet', { tags: addToSet() }],
    ['removeFromSet', { tags: removeFromSet() }],
    ['append', { steps: append() }],
    ['prepend', { steps: prepend() }],
  ])('%s of nothing changes nothing', (_, set) => {
    expect(inputOf(setting(set))).toMatchObject({ UpdateExpression: undefined, ConditionExpression: 'attribute_exists(#n0)' });
  });
  test('in an upsert', () => {
    const statement = upsert(shelf, key, { set: { tags: addToSet('a') }, if: or(isNull(c.n), lt(c.n, 5)) });
    expect(inputOf(statement)).toMatchObject({
      UpdateExpression: 'ADD #n0 :v0',
      ConditionExpression: '(attribute_not_exists(#n1) OR attribute_type(#n1, :v1)) OR #n1 < :v2',
    });
  });
});

describe('R22 entries of a map are put and removed by emulation', () => {
  test.each<readonly [string, unknown]>([
    ['putEntry', { limits: putEntry('a', 1) }],
    ['removeEntry', { limits: removeEntry('a') }],
    ['putEntry beside others', { n: 1, limits: putEntry('a', 1) }],
  ])('%s', (_, set) => {
    const error = thrownBy(() => dialect.compile(setting(set)));
    expect(error).toMatchObject({ code: 'unsupported', alternative: 'emulate: true', outcome: 'not-applied' });
    expect(error.message).toContain('shelf.limits');
  });
});

describe('R21 increments: + with a bound beside the condition', () => {
  const golden: readonly (readonly [name: string, set: unknown, condition: string, values: object])[] = [
    ['int', { n: increment(3) }, '#n0 <= :v1', { ':v0': { N: '3' }, ':v1': { N: '2147483644' } }],
    ['int, down: + with a negative step', { n: increment(-3) }, '#n0 >= :v1', { ':v0': { N: '-3' }, ':v1': { N: '-2147483645' } }],
    ['int by the lowest', { n: increment(-(2 ** 31)) }, '#n0 >= :v1', { ':v0': { N: '-2147483648' }, ':v1': { N: '0' } }],
    ['tinyint', { tiny: increment(1) }, '#n0 <= :v1', { ':v0': { N: '1' }, ':v1': { N: '126' } }],
    ['bigint', { big: increment(1n) }, '#n0 <= :v1', { ':v0': { N: '1' }, ':v1': { N: '9223372036854775806' } }],
    ['bigint, down', { big: increment(-1n) }, '#n0 >= :v1', { ':v0': { N: '-1' }, ':v1': { N: '-9223372036854775807' } }],
    ['varint, which must only be there', { huge: increment(5n) }, 'attribute_exists(#n0)', { ':v0': { N: '5' } }],
  ];
  test.each(golden)('%s', (_, set, bound, values) => {
    expect(inputOf(setting(set))).toMatchObject({
      UpdateExpression: 'SET #n0 = #n0 + :v0',
      ConditionExpression: `attribute_exists(#n1) AND ${bound}`,
      values,
    });
    expect(inputOf(setting(set))).toHaveProperty('values', values);
  });
  test('beside a condition, and for each of several', () => {
    expect(inputOf(setting({ m: increment(-1), n: increment(1) }, or(eq(c.n, 1), eq(c.m, 2))))).toEqual({
      UpdateExpression: 'SET #n0 = #n0 + :v0, #n1 = #n1 + :v1',
      ConditionExpression: 'attribute_exists(#n2) AND (#n0 = :v2 OR #n1 = :v3) AND #n0 <= :v4 AND #n1 >= :v5',
      names: { '#n0': 'n', '#n1': 'm', '#n2': 'id' },
      values: {
        ':v0': { N: '1' },
        ':v1': { N: '-1' },
        ':v2': { N: '1' },
        ':v3': { N: '2' },
        ':v4': { N: '2147483646' },
        ':v5': { N: '-2147483647' },
      },
    });
  });
  test('an or of an upsert is grouped beside the bound', () => {
    const statement = upsert(shelf, key, { set: { n: increment(1) }, if: or(eq(c.n, 1), eq(c.m, 2)) });
    expect(inputOf(statement)).toMatchObject({ ConditionExpression: '(#n0 = :v1 OR #n1 = :v2) AND #n0 <= :v3' });
  });
});
