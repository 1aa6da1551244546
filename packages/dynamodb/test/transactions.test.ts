import {
  createClient,
  deleteRow,
  eq,
  exists,
  get,
  insert,
  isLWTError,
  notExists,
  portability,
  replace,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import { dynamodb, dynamodbDialect } from '@onlyif/dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeEndpoint, type Reply } from './fake-endpoint.ts';
import { thrownBy } from './thrown-by.ts';
import { bare } from './users-table.ts';

const { v } = bare.columns;
const single = dynamodbDialect();
const transactional = dynamodbDialect({ exactlyOnce: 'transaction' });
const writes: readonly (readonly [name: string, statement: Statement, action: string])[] = [
  ['insert', insert(bare, { id: 'x', v: 1 }, { if: notExists() }), 'Put'],
  ['update', update(bare, { id: 'x' }, { set: { v: 2 }, if: eq(v, 1) }), 'Update'],
  ['replace', replace(bare, { id: 'x', v: 2 }, { if: exists() }), 'Update'],
  ['upsert', upsert(bare, { id: 'x' }, { set: { v: 2 }, if: eq(v, 1) }), 'Update'],
  ['delete', deleteRow(bare, { id: 'x' }, { if: eq(v, 1) }), 'Delete'],
];

describe("exactlyOnce: 'transaction', golden inputs", () => {
  test.each(writes)('%s', (_, statement, action) => {
    const compiled = transactional.compile(statement);
    const input = { TransactItems: [{ [action]: single.compile(statement).input }] };
    expect(compiled).toMatchObject({ operation: 'TransactWriteItems', input, repeatableMs: 540_000, returnsItem: true });
    expect(compiled.requests).toEqual([{ ...input, ClientRequestToken: '<one for each call>' }]);
    expect(single.compile(statement).repeatableMs).toBeUndefined();
    const none = transactional.compile(statement, { existing: 'none' });
    expect(none.input).toMatchObject({ TransactItems: [{ [action]: { ReturnValuesOnConditionCheckFailure: 'NONE' } }] });
    expect(none.returnsItem).toBe(false);
  });
  test('the whole of one, as text', () => {
    expect(transactional.compile(update(bare, { id: 'x' }, { set: { v: 2 }, if: eq(v, 1) })).input).toEqual({
      TransactItems: [
        {
          Update: {
            TableName: 'bare',
            Key: { id: { S: 'x' } },
            UpdateExpression: 'SET #n0 = :v0',
            ConditionExpression: 'attribute_exists(#n1) AND #n0 = :v1',
            ExpressionAttributeNames: { '#n0': 'v', '#n1': 'id' },
            ExpressionAttributeValues: { ':v0': { N: '2' }, ':v1': { N: '1' } },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    });
  });
  test('a get stays what it is', () => {
    expect(transactional.compile(get(bare, { id: 'x' }))).toMatchObject({ operation: 'GetItem' });
    expect(transactional.compile(get(bare, { id: 'x' })).repeatableMs).toBeUndefined();
  });
  test('the explanation says what it costs', () => {
    const [explanation] = portability(update(bare, { id: 'x' }, { set: { v: 2 }, if: eq(v, 1) }), [transactional]);
    expect(explanation?.notes.join(' ')).toMatch(/twice the write units.*10 minutes/);
    expect(explanation?.cost?.capacity?.notApplied).toBe('2 write units for each started KB of the item');
  });
  test('another value is refused', () => {
    expect(thrownBy(() => dynamodbDialect({ exactlyOnce: true as never })).code).toBe('invalid-statement');
    expect(thrownBy(() => dynamodb({ exactlyOnce: 'always' as never })).code).toBe('invalid-statement');
  });
});

describe("exactlyOnce: 'transaction', answers of a fake endpoint", () => {
  const endpoint = new FakeEndpoint();
  beforeAll(() => endpoint.listen());
  afterAll(() => endpoint.close());
  beforeEach(() => {
    endpoint.received.length = 0;
  });
  const Item = { id: { S: 'x' }, v: { N: '7' } };
  const cancelled = (...CancellationReasons: object[]): Reply => ({
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      Message: 'Transaction cancelled',
      CancellationReasons,
    },
  });
  const execute = async (reply: Reply, existing?: 'none'): Promise<unknown> => {
    endpoint.reply = reply;
    const db = createClient(dynamodb({ client: endpoint.client(), exactlyOnce: 'transaction' }), { verify: 'off', retry: 'off' });
    return db.execute(writes[1]?.[1] as never, existing === undefined ? {} : { existing }).catch((error: unknown) => {
      if (isLWTError(error)) return { code: error.code, retryable: error.retryable };
      throw error;
    });
  };

  test('applied, with a token of its own for each call', async () => {
    const ok: Reply = { status: 200, body: {} };
    expect([await execute(ok), await execute(ok)]).toEqual([{ applied: true }, { applied: true }]);
    const tokens = endpoint.received.map(({ input }) => input['ClientRequestToken']);
    expect(new Set(tokens).size).toBe(2);
    expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });
  test('R34 a false condition', async () => {
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    const existing = { id: 'x', v: 7, w: null };
    expect(await execute(cancelled({ ...failed, Item }))).toEqual({ applied: false, existing, source: 'decision' });
    expect(await execute(cancelled(failed))).toEqual({ applied: false, existing: null, source: 'decision' });
    expect(await execute(cancelled(failed), 'none')).toEqual({ applied: false, source: 'decision' });
  });
  test.each([
    ['TransactionConflict', { code: 'conflict', retryable: true }],
    ['ThrottlingError', { code: 'throttled', retryable: true }],
    ['ProvisionedThroughputExceeded', { code: 'throttled', retryable: true }],
    ['ItemCollectionSizeLimitExceeded', { code: 'limit-exceeded', retryable: false }],
    ['ValidationError', { code: 'rejected-by-server', retryable: false }],
    ['None', { code: 'outcome-unknown', retryable: false }],
  ])('cancelled for %s', async (Code, expected) => {
    expect(await execute(cancelled({ Code, Message: 'words' }))).toEqual(expected);
    // What stays unknown is repeated with its token.
    expect(new Set(endpoint.received.map(({ input }) => input['ClientRequestToken'])).size).toBe(Code === 'None' ? 2 : 1);
  });
  test('a false condition beside another reason, which no transaction of one item has: unknown', async () => {
    expect(await execute(cancelled({ Code: 'ConditionalCheckFailed', Item }, { Code: 'None' }))).toMatchObject({ code: 'outcome-unknown' });
  });
});
