import { cassandraDialect, scyllaDialect } from '@onlyif/cassandra';
import {
  append,
  createClient,
  decimal,
  defineTable,
  deleteRow,
  type Dialect,
  eq,
  exists,
  type Explanation,
  increment,
  int,
  isNull,
  json,
  list,
  lt,
  map,
  not,
  or,
  portability,
  prepend,
  putEntry,
  set,
  type Statement,
  text,
  update,
  upsert,
  varint,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { memory } from '@onlyif/memory';
import { describe, expect, test } from 'vitest';

const shelf = defineTable('shelf', {
  columns: {
    id: text(),
    mark: text().notNull(),
    n: int(),
    tags: set(text()),
    steps: list(int()),
    limits: map(text(), int()),
    doc: json<unknown>(),
    huge: varint(),
    cost: decimal(),
  },
  partitionKey: ['id'],
});
const bare = defineTable('bare', { columns: { id: text(), steps: list(int()) }, partitionKey: ['id'] });
const c = shelf.columns;
const key = { id: 'x' };
const cassandra = cassandraDialect();
function explain(dialect: Dialect, statement: Statement, emulate = true): Explanation {
  const [explanation] = portability(statement, [dialect], { emulate });
  if (explanation === undefined) throw new Error('there is no explanation');
  return explanation;
}
const select = {
  cql: 'SELECT "id", "mark", "n", "tags", "steps", "limits", "doc", "huge", "cost" FROM "shelf" WHERE "id" = ?',
  parameters: ['x'],
};

describe('an emulated statement shows its read and its pinned write', () => {
  const or5 = or(isNull(c.n), lt(c.n, 5));
  const golden: readonly (readonly [name: string, statement: Statement, cql: string, parameters: readonly unknown[]])[] = [
    [
      'the values that it sets, pinned to what stands for the observed ones',
      update(shelf, key, { set: { mark: 'new', cost: null }, if: or5 }),
      'UPDATE "shelf" SET "mark" = ?, "cost" = ? WHERE "id" = ? IF "n" = ?',
      ['new', null, 'x', 0],
    ],
    [
      'what a mutation makes of the value that stands for the observed one',
      update(shelf, key, { set: { steps: prepend(7), n: 3 }, if: exists() }),
      'UPDATE "shelf" SET "n" = ?, "steps" = ? WHERE "id" = ? IF "steps" = ?',
      [3, [7, 0], 'x', [0]],
    ],
    [
      'a decimal increment',
      update(shelf, key, { set: { cost: increment('0.5') }, if: exists() }),
      'UPDATE "shelf" SET "cost" = ? WHERE "id" = ? IF "cost" = ?',
      ['0.5', 'x', '0'],
    ],
    ['a delete', deleteRow(shelf, key, { if: not(lt(c.n, 5)) }), 'DELETE FROM "shelf" WHERE "id" = ? IF "n" = ?', ['x', 0]],
    [
      'a json column is pinned by whether it is there',
      update(shelf, key, { set: { mark: 'm' }, if: or(isNull(c.doc), eq(c.n, 1)) }),
      'UPDATE "shelf" SET "mark" = ? WHERE "id" = ? IF "doc" != null AND "n" = ?',
      ['m', 'x', 0],
    ],
    [
      'collections',
      update(shelf, key, { set: { mark: 'm' }, if: or(eq(c.tags, new Set(['a'])), eq(c.limits, new Map([['a', 1]]))) }),
      'UPDATE "shelf" SET "mark" = ? WHERE "id" = ? IF "tags" = ? AND "limits" = ?',
      ['m', 'x', new Set(['observed']), new Map([['observed', 0]])],
    ],
  ];
  test.each(golden)('%s', (_, statement, cql, parameters) => {
    const explanation = explain(cassandra, statement);
    expect(explanation).toMatchObject({ dialect: 'cassandra', verdict: 'emulated', roundTrips: 2, portable: true, statement });
    expect(explanation.requests).toEqual([select, { cql, parameters }]);
    expect(explanation.cost).toEqual({ roundTrips: { applied: 2, notApplied: 1, rowAbsent: 1 } });
    expect(Object.isFrozen(explanation)).toBe(true);
  });
  test('the notes name the columns that are pinned, and the rounds', () => {
    const [first, second] = explain(
      cassandra,
      update(shelf, key, { set: { steps: prepend(1) }, if: or(eq(c.n, 1), eq(c.mark, 'm')) }),
    ).notes;
    expect(first).toContain('pinned to the observed values of n, mark, steps');
    expect(second).toMatch(/up to 10 rounds.*contention, not applied/);
  });
  test('the pinned write asks for what the next round begins with', () => {
    const statement = update(shelf, key, { set: { limits: putEntry('a', 1) }, if: exists() });
    const [read, write] = explain(dynamodbDialect(), statement).requests;
    expect(read).toEqual({ TableName: 'shelf', Key: { id: { S: 'x' } }, ConsistentRead: true });
    expect(write).toEqual({
      TableName: 'shelf',
      Key: { id: { S: 'x' } },
      UpdateExpression: 'SET #n0 = :v0',
      ConditionExpression: 'attribute_exists(#n1) AND #n0 = :v1',
      ExpressionAttributeNames: { '#n0': 'limits', '#n1': 'id' },
      ExpressionAttributeValues: { ':v0': { M: { a: { N: '1' }, observed: { N: '0' } } }, ':v1': { M: { observed: { N: '0' } } } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const scylla = explain(scyllaDialect(), update(shelf, key, { set: { mark: 'm' }, if: or(eq(c.n, 1), eq(c.cost, '1')) }));
    expect(scylla.requests[1]).toMatchObject({
      cql: 'UPDATE "shelf" SET "mark" = ? WHERE "id" = ? IF "n" = ? AND "cost" = ? AND "mark" != null',
    });
  });
  test('an upsert may take two requests on an absent row', () => {
    const statement = upsert(shelf, key, { set: { mark: 'm' }, if: or5 });
    expect(explain(cassandra, statement).cost?.roundTrips).toEqual({ applied: 2, notApplied: 1, rowAbsent: 2 });
  });
});

describe('what cannot be emulated either is refused, not thrown', () => {
  const cases: readonly (readonly [name: string, dialect: Dialect, statement: Statement, reason: string])[] = [
    [
      'a value that DynamoDB cannot hold',
      dynamodbDialect(),
      update(shelf, key, { set: { limits: putEntry('a', 1), huge: 10n ** 38n + 1n }, if: exists() }),
      '38 digits',
    ],
    [
      'a key of a map that DynamoDB cannot hold',
      dynamodbDialect(),
      update(shelf, key, { set: { limits: putEntry('', 1) }, if: exists() }),
      'another key',
    ],
    ['a condition on no row that CQL could pin', cassandra, update(bare, key, { set: { steps: prepend(1) }, if: exists() }), 'clock'],
  ];
  test.each(cases)('%s', (_, dialect, statement, reason) => {
    const explanation = explain(dialect, statement);
    expect(explanation).toMatchObject({
      verdict: 'refused',
      requests: [],
      roundTrips: 0,
      portable: false,
      reason: expect.stringContaining(reason) as string,
    });
    expect(explanation.cost).toBeUndefined();
  });
  test('without { emulate: true } nothing is', () => {
    const statement = update(shelf, key, { set: { steps: prepend(1) }, if: exists() });
    expect(explain(cassandra, statement, false)).toMatchObject({ verdict: 'refused', alternative: 'emulate: true' });
    expect(
      explain(cassandraDialect({ version: '4.0' }), update(shelf, key, { set: { steps: append(1) }, if: exists() }), false).verdict,
    ).toBe('refused');
  });
});

describe('client.explain', () => {
  const statement = update(shelf, key, { set: { mark: 'm' }, if: or(eq(c.n, 1), eq(c.mark, 'x')) });
  test('takes emulate from the call, or else from the client', async () => {
    const like = memory({ like: cassandra });
    const [off, on] = [createClient(like), createClient(like, { emulate: true })];
    expect([off.explain(statement).verdict, off.explain(statement, { emulate: true }).verdict]).toEqual(['refused', 'emulated']);
    expect([on.explain(statement).verdict, on.explain(statement, { emulate: false }).verdict]).toEqual(['emulated', 'refused']);
    expect(on.explain(statement, { native: (request) => request }).portable).toBe(false);
    await Promise.all([off.close(), on.close()]);
    expect(like.statements).toEqual([]);
  });
});
