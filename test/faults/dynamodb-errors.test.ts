import { createClient, defineTable, insert, isLWTError, type LWTError, notExists, type Statement, text, update } from '@onlyif/core';
import { dynamodb, type DynamoDbOptions } from '@onlyif/dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localDynamoDb } from '../backends/backends.ts';
import { deadPort } from './dead-port.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';
import { withFullBacklog } from './full-backlog.ts';

describe.skipIf(!hasDynamoDb)('real errors of the SDK, of node and of DynamoDB Local', () => {
  let place: DynamoDbPlace;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());

  const write = insert(counters, { id: 'x', v: 1 }, { if: notExists() });
  const errorOf = async (options: DynamoDbOptions, statement: Statement = write): Promise<LWTError> => {
    const db = createClient(dynamodb({ ...localDynamoDb, ...options }), { verify: 'off', retry: 'off' });
    try {
      const error: unknown = await db.execute(statement as never).catch((thrown: unknown) => thrown);
      if (isLWTError(error)) return error;
      throw new Error(`no LWTError, but ${JSON.stringify(error)}`);
    } finally {
      await db.close();
    }
  };
  const behind = (options: DynamoDbOptions = {}): DynamoDbOptions => ({
    endpoint: place.proxy.endpoint,
    tableName: () => place.tableName,
    ...options,
  });

  test('nobody listens', async () => {
    const error = await errorOf({ endpoint: `http://127.0.0.1:${await deadPort()}` });
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true, cause: { syscall: 'connect' } });
  });
  test('nobody listens on any address of the name', async () => {
    const error = await errorOf({ endpoint: `http://localhost:${await deadPort()}` });
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
  });
  test.runIf(process.platform === 'linux')('nobody accepts: no connection in time', async () => {
    const requestHandler = { connectionTimeout: 100 };
    const error = await withFullBacklog((port) => errorOf({ endpoint: `http://127.0.0.1:${port}`, requestHandler }));
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
    expect(error.cause).toMatchObject({ name: 'TimeoutError', message: expect.stringContaining('did not establish a connection') });
  });
  test('no such host', async () => {
    const error = await errorOf({ endpoint: 'http://nowhere.invalid:8000' });
    expect(error).toMatchObject({ code: 'unavailable', retryable: true, cause: { syscall: 'getaddrinfo' } });
  });
  test('silence longer than requestTimeout', async () => {
    place.proxy.setRules([{ do: { kind: 'drop-reply' } }]);
    const requestHandler = { requestTimeout: 50, throwOnRequestTimeout: true };
    expect(await errorOf(behind({ requestHandler }))).toMatchObject({ code: 'outcome-unknown', cause: { name: 'TimeoutError' } });
    place.proxy.clear();
  });
  test('silence longer than socketTimeout', async () => {
    place.proxy.setRules([{ do: { kind: 'drop-reply' } }]);
    const error = await errorOf(behind({ requestHandler: { socketTimeout: 50 } }));
    expect(error).toMatchObject({ code: 'outcome-unknown', cause: { name: 'TimeoutError' } });
    place.proxy.clear();
  });
  test('credentials that cannot be had', async () => {
    const credentials = async (): Promise<never> => {
      throw new Error('the provider is down');
    };
    expect(await errorOf(behind({ credentials }))).toMatchObject({ code: 'unavailable', outcome: 'not-applied', attempts: 0 });
  });
  test('a table that is not there', async () => {
    const error = await errorOf({ endpoint: place.proxy.endpoint, tableName: () => `${place.tableName}.nowhere` });
    expect(error).toMatchObject({ code: 'schema-mismatch', cause: { name: 'ResourceNotFoundException' } });
  });
  test.each([undefined, 'transaction'] as const)('an item that grew above 400 KB; exactlyOnce: %s', async (exactlyOnce) => {
    const notes = defineTable('notes', { columns: { id: text(), a: text(), b: text() }, partitionKey: ['id'] });
    const id = `big ${exactlyOnce}`;
    await place.direct.insert(notes, { id, a: 'a'.repeat(300_000) }, { if: notExists() });
    const grow = update(notes, { id }, { set: { b: 'b'.repeat(200_000) }, if: { b: null } });
    const error = await errorOf(behind(exactlyOnce === undefined ? {} : { exactlyOnce }), grow);
    const name = exactlyOnce === undefined ? 'ValidationException' : 'TransactionCanceledException';
    expect(error).toMatchObject({ code: 'limit-exceeded', outcome: 'not-applied', cause: { name } });
  });
});
