import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { eq, increment, isLWTError, type LWTErrorCode, update } from '@onlyif/core';
import type { HttpFault, HttpRule } from '@onlyif/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';
import { hostileClients } from './dynamodb-hostile-clients.ts';

const instead = (forwarded: boolean, status: number, type: string): HttpFault => ({ kind: 'replace-reply', forwarded, status, type });
const lost: HttpRule = { times: 1, do: { kind: 'cut-reply', by: 'reset' } };
const throttledNow: HttpRule = { times: 1, do: instead(false, 400, 'ThrottlingException') };

interface Scene {
  readonly name: string;
  readonly rules: readonly HttpRule[];
  readonly told: LWTErrorCode | 'applied';
  /** The name or code of what the one attempt met. */
  readonly met?: string;
  readonly arrives: boolean;
}

const scenes: readonly Scene[] = [
  { name: 'no fault', rules: [], told: 'applied', arrives: true },
  { name: 'the reply is lost', rules: [lost], told: 'outcome-unknown', met: 'ECONNRESET', arrives: true },
  { name: 'the reply is lost, then throttled', rules: [lost, throttledNow], told: 'outcome-unknown', met: 'ECONNRESET', arrives: true },
  {
    name: '500 after applying',
    rules: [{ times: 1, do: instead(true, 500, 'InternalServerError') }],
    told: 'outcome-unknown',
    met: 'InternalServerError',
    arrives: true,
  },
  { name: 'the reply stops half-way', rules: [{ times: 1, do: { kind: 'truncate-reply' } }], told: 'outcome-unknown', arrives: true },
  { name: 'throttled, then the reply is lost', rules: [throttledNow, lost], told: 'throttled', met: 'ThrottlingException', arrives: false },
];

describe.skipIf(!hasDynamoDb)('R37 clients of the caller that send again by themselves', () => {
  let place: DynamoDbPlace;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());
  afterEach(() => place.proxy.clear());

  const prepare = async (): Promise<string> => {
    const id = `row ${(count += 1)}`;
    await place.direct.upsert(counters, { id }, { set: { v: 1, n: 0n }, if: { v: null } });
    return id;
  };
  const stored = async (id: string): Promise<bigint | null | undefined> => (await place.direct.get(counters, { id }))?.n;

  /** The condition stays true after the write, so that a second one would show. */
  const add = (id: string): Parameters<ReturnType<DynamoDbPlace['client']>['execute']>[0] =>
    update(counters, { id }, { set: { n: increment(1n) }, if: eq(counters.columns.v, 1) }) as never;

  for (const { name, config, prepare: prepareClient } of hostileClients) {
    test.each(scenes)(`${name}: $name`, async ({ rules, told, met, arrives }) => {
      const sdk = place.sdkClient(config);
      prepareClient?.(sdk);
      const id = await prepare();
      for (const client of [sdk, DynamoDBDocumentClient.from(sdk)]) {
        const atFirst = (await stored(id)) ?? 0n;
        place.proxy.clear();
        place.proxy.setRules(rules);
        const result: unknown = await place
          .client({ client })
          .execute(add(id))
          .catch((error: unknown) => error);
        expect(place.writes).toHaveLength(1);
        if (isLWTError(result)) {
          expect(result).toMatchObject({ code: told });
          const { name: errorName, code } = result.cause as { name: string; code?: string };
          if (met !== undefined) expect([errorName, code]).toContain(met);
        } else expect(result).toEqual({ applied: true });
        expect(isLWTError(result)).toBe(told !== 'applied');
        expect((await stored(id)) ?? 0n).toBe(atFirst + (arrives ? 1n : 0n));
      }
      sdk.destroy();
    });
  }

  describe("with exactlyOnce: 'transaction' each attempt of the library goes out once, and so does its one repeat", () => {
    test.each(hostileClients)('$name', async ({ config, prepare: prepareClient }) => {
      const client = place.sdkClient(config);
      prepareClient?.(client);
      const id = await prepare();
      const db = place.client({ client, exactlyOnce: 'transaction' });
      expect([await db.execute(add(id)), place.writes.length, await stored(id)]).toEqual([{ applied: true }, 1, 1n]);
      place.proxy.clear();
      place.proxy.setRules([lost]);
      expect([await db.execute(add(id)), place.writes.length, await stored(id)]).toEqual([{ applied: true }, 2, 2n]);
      client.destroy();
    });
  });

  test('a kept connection that the server has closed meanwhile: unknown, and nothing is stored', async () => {
    const client = place.sdkClient({ maxAttempts: 10 });
    const db = place.client({ client });
    const id = await prepare();
    expect(await db.execute(add(id))).toEqual({ applied: true });
    place.proxy.setRules([{ times: 1, do: { kind: 'cut-request', by: 'end' } }]);
    await expect(db.execute(add(id))).rejects.toMatchObject({ code: 'outcome-unknown', cause: { code: 'ECONNRESET' } });
    const [first, second] = place.writes;
    expect(second?.connection).toBe(first?.connection);
    expect(place.writes).toHaveLength(2);
    expect(await stored(id)).toBe(1n);
    client.destroy();
  });

  describe('the SDK alone gets it wrong, so these scenes can fail', () => {
    const command = (id: string, expression: string): UpdateItemCommand =>
      new UpdateItemCommand({
        TableName: place.tableName,
        Key: { id: { S: id } },
        UpdateExpression: expression,
        ConditionExpression: 'v = :v',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':v': { N: '1' } },
      });

    test.each(hostileClients)('$name', async ({ config, prepare: prepareClient }) => {
      const sdk = place.sdkClient(config);
      prepareClient?.(sdk);
      let wrong = false;
      for (const { rules } of scenes) {
        const id = await prepare();
        place.proxy.setRules(rules);
        await sdk.send(command(id, 'SET n = n + :one')).catch(() => undefined);
        wrong = ((await stored(id)) ?? 0n) > 1n;
        if (wrong) break;
      }
      expect(wrong).toBe(true);
      sdk.destroy();
    });

    test('an own success becomes a failed condition', async () => {
      const sdk = place.sdkClient();
      const id = await prepare();
      place.proxy.setRules([lost]);
      const error: unknown = await sdk.send(command(id, 'SET v = v + :one')).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'ConditionalCheckFailedException' });
      expect(await place.direct.get(counters, { id })).toMatchObject({ v: 2 });
      sdk.destroy();
    });
  });
});
