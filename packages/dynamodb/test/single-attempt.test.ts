import { createClient, eq, insert, isLWTError, type LWTError, notExists, update } from '@onlyif/core';
import { dynamodb, type DynamoDbClient } from '@onlyif/dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clockSkew } from '../src/single-attempt.ts';
import { FakeEndpoint, type Reply } from './fake-endpoint.ts';
import { bare } from './users-table.ts';

const endpoint = new FakeEndpoint();
beforeAll(() => endpoint.listen());
afterAll(() => endpoint.close());
beforeEach(() => {
  endpoint.received.length = 0;
});

const clientOf = (): ReturnType<typeof createClient> =>
  createClient(dynamodb({ client: endpoint.client() }), { verify: 'off', retry: 'off' });
const write = update(bare, { id: 'x' }, { set: { v: 2 }, if: eq(bare.columns.v, 1) });
const exception = (name: string, more: object = {}): object => ({
  __type: `com.amazonaws.dynamodb.v20120810#${name}`,
  message: 'words',
  ...more,
});

async function failureOf(reply: Reply): Promise<LWTError> {
  endpoint.reply = reply;
  const error: unknown = await clientOf()
    .execute(write)
    .catch((thrown: unknown) => thrown);
  if (isLWTError(error)) return error;
  throw new Error(`no LWTError, but ${JSON.stringify(error)}`);
}

describe('R37 a conditional write is sent once, through a client of the caller that makes five attempts', () => {
  const cases: readonly (readonly [name: string, reply: Reply, expected: object, cause: string])[] = [
    ['the connection is reset', 'reset', { code: 'outcome-unknown', outcome: 'unknown' }, 'ECONNRESET'],
    [
      '500',
      { status: 500, body: exception('InternalServerError') },
      { code: 'outcome-unknown', outcome: 'unknown' },
      'InternalServerError',
    ],
    ['503', { status: 503, body: exception('ServiceUnavailable') }, { code: 'outcome-unknown', outcome: 'unknown' }, 'ServiceUnavailable'],
    [
      'throttled',
      { status: 400, body: exception('ProvisionedThroughputExceededException') },
      { code: 'throttled', outcome: 'not-applied', retryable: true },
      'ProvisionedThroughputExceededException',
    ],
    [
      'ThrottlingException',
      { status: 400, body: exception('ThrottlingException') },
      { code: 'throttled', outcome: 'not-applied' },
      'ThrottlingException',
    ],
    [
      'a conflict',
      { status: 400, body: exception('TransactionConflictException') },
      { code: 'conflict', outcome: 'not-applied' },
      'TransactionConflictException',
    ],
    [
      'refused',
      { status: 400, body: exception('ValidationException') },
      { code: 'rejected-by-server', outcome: 'not-applied' },
      'ValidationException',
    ],
  ];
  test.each(cases)('%s', async (_, reply, expected, cause) => {
    const error = await failureOf(reply);
    expect(error).toMatchObject({ ...expected, dialect: 'dynamodb' });
    const { name, code } = error.cause as { name: string; code?: string };
    expect([name, code]).toContain(cause);
    expect(endpoint.received.filter(({ operation }) => operation === 'UpdateItem')).toHaveLength(1);
  });

  test('the same client repeats the caller’s own requests as before', async () => {
    endpoint.reply = { status: 500, body: exception('InternalServerError') };
    const client = endpoint.client();
    await createClient(dynamodb({ client }), { verify: 'off', retry: 'off' })
      .execute(write)
      .catch(() => undefined);
    endpoint.received.length = 0;
    await client.send(new PutItemCommand({ TableName: 'own', Item: { id: { S: 'x' } } })).catch(() => undefined);
    expect(endpoint.received.length).toBeGreaterThan(1);
  });
});

describe('what a client does before or in place of the request', () => {
  const failure = async (client: DynamoDbClient): Promise<LWTError> => {
    endpoint.reply = { status: 200, body: {} };
    const error: unknown = await createClient(dynamodb({ client }), { verify: 'off', retry: 'off' })
      .execute(write)
      .catch((thrown: unknown) => thrown);
    if (isLWTError(error)) return error;
    throw new Error(`no LWTError, but ${JSON.stringify(error)}`);
  };
  const rejecting = (error: Error): DynamoDbClient => {
    const credentials = async (): Promise<never> => {
      throw error;
    };
    return endpoint.client({ credentials });
  };

  test('no credentials: never sent', async () => {
    const error = Object.assign(new Error('words'), { name: 'CredentialsProviderError' });
    expect(await failure(rejecting(error))).toMatchObject({ code: 'access-denied', attempts: 0, cause: error });
    expect(endpoint.received).toHaveLength(0);
  });
  test('an error that no table lists, thrown before the request goes out: never sent', async () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    expect(await failure(rejecting(error))).toMatchObject({ code: 'unavailable', outcome: 'not-applied', attempts: 0, cause: error });
  });
  test('given up while credentials are looked up: never sent, not even later', async () => {
    let find = (): void => undefined;
    const credentials = new Promise<{ accessKeyId: string; secretAccessKey: string }>((resolve) => {
      find = () => resolve({ accessKeyId: 'fake', secretAccessKey: 'fake' });
    });
    const client = endpoint.client({ credentials: () => credentials });
    const error: unknown = await createClient(dynamodb({ client }), { verify: 'off', retry: 'off' })
      .execute(write, { timeoutMs: 20 })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'aborted', outcome: 'not-applied', attempts: 0 });
    find();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(endpoint.received).toHaveLength(0);
  });
  test('a client that sends by other means, a fake here: counted as sent', async () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    const client: DynamoDbClient = { send: () => Promise.reject(error), destroy: () => undefined };
    expect(await failure(client)).toMatchObject({ code: 'outcome-unknown', attempts: 2, cause: error });
  });
  test('a fake client that answers', async () => {
    const client: DynamoDbClient = { send: () => Promise.resolve({}), destroy: () => undefined };
    expect(await createClient(dynamodb({ client }), { verify: 'off', retry: 'off' }).execute(write)).toEqual({ applied: true });
  });
  test('a client that wraps another one in an asynchronous `send`: one request, counted once', async () => {
    const inner = endpoint.client();
    endpoint.reply = { status: 500, body: exception('InternalServerError') };
    const client: DynamoDbClient = {
      send: async (command, options) => {
        await Promise.resolve();
        return inner.send(command, options);
      },
      destroy: () => undefined,
    };
    const error: unknown = await createClient(dynamodb({ client }), { verify: 'off', retry: 'off' })
      .execute(write)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'outcome-unknown', attempts: 2 });
    expect(endpoint.received.map(({ operation }) => operation)).toEqual(['UpdateItem', 'GetItem']);
  });
  test.each([
    ['a refusal', { name: 'ThrottlingException', $fault: 'client', $metadata: { httpStatusCode: 400 } }],
    ['a success', undefined],
  ])('a middleware that ends the call with %s while the request is under way: unknown', async (_, thrown) => {
    endpoint.reply = 'reset';
    const client = endpoint.client();
    client.middlewareStack.add(
      (next) => async (args) => {
        void next(args).catch(() => undefined);
        await new Promise((resolve) => setImmediate(resolve));
        if (thrown !== undefined) throw Object.assign(new Error('words'), thrown);
        return { response: {}, output: { $metadata: {} } };
      },
      { step: 'initialize' },
    );
    const error: unknown = await createClient(dynamodb({ client }), { verify: 'off', retry: 'off' })
      .execute(write)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'outcome-unknown' });
  });
});

test('the middlewares of the client have ended with the call, and one that never ends does not hold it up', async () => {
  endpoint.reply = { status: 200, body: {} };
  const seen: string[] = [];
  const client = endpoint.client();
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      for (let turns = 0; turns < 9; turns++) await Promise.resolve();
      seen.push('ended');
      if (seen.length > 1) await new Promise(() => undefined);
      return result;
    },
    { step: 'initialize', priority: 'high' },
  );
  const db = createClient(dynamodb({ client }), { verify: 'off', retry: 'off' });
  expect(await db.execute(write)).toEqual({ applied: true });
  expect(seen).toEqual(['ended']);
  expect(await db.execute(write)).toEqual({ applied: true });
  expect(seen).toEqual(['ended', 'ended']);
});

describe('a clock that is off, by the date of the answer', () => {
  const refused = (name: string): Reply => ({
    status: 400,
    body: exception(name),
    headers: { date: 'Wed, 01 Jan 2020 00:00:00 GMT' },
  });
  const operations = (): string[] => endpoint.received.map(({ operation }) => operation);

  /** Names in @smithy/core, `CLOCK_SKEW_ERROR_CODES`, with a status of 4xx: the signature was refused, and nothing else was looked at. */
  const names = ['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch', 'InvalidSignatureException'];
  test.each(names)('%s: refused, corrected by the SDK, and sent again', async (name) => {
    endpoint.first.push(refused(name));
    endpoint.reply = { status: 200, body: {} };
    expect(await clientOf().execute(write)).toEqual({ applied: true });
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem']);
  });
  test('every name that is listed has a case', () => expect(names).toEqual([...clockSkew]));

  // The SDK would correct its clock and repeat these too.
  test.each(['AccessDeniedException', 'UnrecognizedClientException', 'ThrottlingException', 'ValidationException', 'NameOfTheFuture'])(
    '%s: not sent again',
    async (name) => {
      endpoint.first.push(refused(name));
      endpoint.reply = { status: 200, body: {} };
      const error: unknown = await clientOf()
        .execute(write)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ outcome: 'not-applied', cause: { name } });
      expect(operations()).toEqual(['UpdateItem']);
    },
  );
  test.each([408, 500])('a name of the list with the status %i: not sent again', async (status) => {
    endpoint.first.push({ ...(refused('RequestExpired') as object), status } as Reply);
    endpoint.reply = { status: 200, body: {} };
    const error: unknown = await clientOf()
      .execute(write)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(operations()).toEqual(['UpdateItem', 'GetItem']);
  });

  test('what the second request meets decides', async () => {
    endpoint.first.push(refused('InvalidSignatureException'));
    endpoint.reply = 'reset';
    const error: unknown = await clientOf()
      .execute(write)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem', 'GetItem']);
  });
});

describe('answers', () => {
  const Item = { id: { S: 'x' }, v: { N: '7' } };
  const rejected = (more: object): Reply => ({ status: 400, body: exception('ConditionalCheckFailedException', more) });

  test('applied', async () => {
    endpoint.reply = { status: 200, body: {} };
    expect(await clientOf().execute(write)).toEqual({ applied: true });
    expect(endpoint.received).toMatchObject([
      { operation: 'UpdateItem', input: { TableName: 'bare', ConditionExpression: 'attribute_exists(#n1) AND #n0 = :v1' } },
    ]);
  });
  test('a failed condition with the item: not applied, and the row that was judged', async () => {
    endpoint.reply = rejected({ Item });
    expect(await clientOf().execute(write)).toEqual({ applied: false, existing: { id: 'x', v: 7, w: null }, source: 'decision' });
    expect(endpoint.received).toHaveLength(1);
  });
  test('a failed condition without an item: there is none', async () => {
    endpoint.reply = rejected({});
    expect(await clientOf().execute(write)).toEqual({ applied: false, existing: null, source: 'decision' });
  });
  test("R34 existing: 'condition' and 'none'", async () => {
    endpoint.reply = rejected({ Item });
    expect(await clientOf().execute(write, { existing: 'condition' })).toEqual({
      applied: false,
      existing: { id: 'x', v: 7 },
      source: 'decision',
    });
    expect(await clientOf().execute(write, { existing: 'none' })).toStrictEqual({ applied: false, source: 'decision' });
  });
  test('R15 an item that contradicts the definition: schema-mismatch, not applied', async () => {
    const error = await failureOf(rejected({ Item: { id: { S: 'x' }, v: { NULL: true } } }));
    expect(error).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied' });
  });
  test('reads', async () => {
    endpoint.reply = { status: 200, body: { Item } };
    expect(await clientOf().get(bare, { id: 'x' })).toEqual({ id: 'x', v: 7, w: null });
    expect(await clientOf().get(bare, { id: 'x' }, { columns: ['w'] })).toEqual({ w: null });
    endpoint.reply = { status: 200, body: {} };
    expect(await clientOf().get(bare, { id: 'x' })).toBeNull();
  });
});

test('a read that fails is tried as often as the library says, each sent once', async () => {
  endpoint.reply = { status: 500, body: exception('InternalServerError') };
  const error: unknown = await createClient(dynamodb({ client: endpoint.client() }), { retry: { maxAttempts: 3 } })
    .get(bare, { id: 'x' })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', attempts: 3 });
  expect(endpoint.received).toHaveLength(3);
});

test('a native hook adds metrics, and nothing else', async () => {
  endpoint.reply = { status: 200, body: {} };
  await clientOf().execute(insert(bare, { id: 'x' }, { if: notExists() }), {
    native: () => ({
      ReturnConsumedCapacity: 'TOTAL',
      ReturnItemCollectionMetrics: 'SIZE',
      ConditionExpression: 'attribute_exists(id)',
      Item: {},
      TableName: 'other',
    }),
  });
  expect(endpoint.received[0]?.input).toEqual({
    TableName: 'bare',
    Item: { id: { S: 'x' } },
    ConditionExpression: 'attribute_not_exists(#n0)',
    ExpressionAttributeNames: { '#n0': 'id' },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ReturnConsumedCapacity: 'TOTAL',
    ReturnItemCollectionMetrics: 'SIZE',
  });
});

test.each([
  ['throws', (): never => raise(), { cause: new Error('of the hook') }],
  ['returns nothing', (() => undefined) as never, {}],
  ['rejects later', (() => Promise.reject(new Error('of the hook'))) as never, {}],
])('a native hook that %s: invalid-statement, and nothing is sent', async (_, native, more) => {
  endpoint.reply = { status: 200, body: {} };
  const error: unknown = await clientOf()
    .execute(write, { native })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'invalid-statement', outcome: 'not-applied', ...more });
  expect(endpoint.received).toEqual([]);
});

function raise(): never {
  throw new Error('of the hook');
}

test('close() leaves the caller’s client open', async () => {
  endpoint.reply = { status: 200, body: {} };
  const client = endpoint.client();
  const db = createClient(dynamodb({ client }), { verify: 'off', retry: 'off' });
  await db.execute(write);
  let destroyed = false;
  client.destroy = () => {
    destroyed = true;
  };
  await db.close();
  expect(destroyed).toBe(false);
});
