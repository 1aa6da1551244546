import { type ClientEvent, createClient, eq, increment, isLWTError, notExists, update } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { Gate, type HttpRule } from '@onlyif/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { localDynamoDb } from '../backends/backends.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';

const transaction = { operation: 'TransactWriteItems' };
const { v } = counters.columns;

/** Tables have no write token here: the request token alone tells. */
describe.skipIf(!hasDynamoDb)("exactlyOnce: 'transaction' on DynamoDB Local behind its proxy", () => {
  let place: DynamoDbPlace;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());
  afterEach(() => place.proxy.clear());

  async function run(rules: readonly HttpRule[], timeoutMs = 10_000) {
    const id = `row ${(count += 1)}`;
    await place.direct.insert(counters, { id, v: 1, n: 1n }, { if: notExists() });
    place.proxy.clear();
    place.proxy.setRules(rules);
    const events: ClientEvent[] = [];
    const db = createClient(
      dynamodb({ endpoint: place.proxy.endpoint, ...localDynamoDb, tableName: () => place.tableName, exactlyOnce: 'transaction' }),
      { verify: 'off', onEvent: (event) => void events.push(event) },
    );
    const write = update(counters, { id }, { set: { n: increment(1n) }, if: eq(v, 1) });
    const result: unknown = await db.execute(write, { timeoutMs }).catch((error: unknown) => (isLWTError(error) ? error.code : error));
    await db.close();
    const by = events.flatMap((event) => (event.type === 'resolution' ? [event.by] : []));
    const tokens = new Set(place.writes.map(({ body }) => /"ClientRequestToken":"([^"]*)"/.exec(body)?.[1]));
    return {
      id,
      result,
      by,
      sent: place.writes.length,
      tokens: tokens.size,
      stored: async () => (await place.direct.get(counters, { id }))?.n,
    };
  }

  test.each([
    ['the reply is lost', [{ match: transaction, times: 1, do: { kind: 'cut-reply', by: 'reset' } }], 2],
    ['the request is lost', [{ match: transaction, times: 1, do: { kind: 'cut-request', by: 'reset' } }], 2],
    ['three replies are lost', [{ match: transaction, times: 3, do: { kind: 'cut-reply', by: 'reset' } }], 4],
    [
      '500 after applying',
      [{ match: transaction, times: 1, do: { kind: 'replace-reply', forwarded: true, status: 500, type: 'InternalServerError' } }],
      2,
    ],
  ] as const)('R38 %s: applied once, by a repeat with the same token', async (_, rules, requests) => {
    const { result, by, sent, tokens, stored } = await run(rules);
    expect([result, by, sent, tokens]).toEqual([{ applied: true }, ['repeat'], requests, 1]);
    expect(await stored()).toBe(2n);
  });

  test('R38 held up, and the repeat is applied: when the first one arrives, nothing happens', async () => {
    const gate = new Gate();
    const { result, stored } = await run([{ match: transaction, times: 1, do: { kind: 'delay-request', until: gate } }], 3_000);
    expect(result).toEqual({ applied: true });
    gate.open();
    await place.proxy.settled();
    expect(await stored()).toBe(2n);
  });

  test('R38 held up, and the repeat is cancelled: that proves nothing, and it is unknown', async () => {
    const gate = new Gate();
    const cancelled = { CancellationReasons: [{ Code: 'ConditionalCheckFailed', Message: 'words' }] };
    const { result, stored } = await run(
      [
        { match: transaction, times: 1, do: { kind: 'delay-request', until: gate } },
        {
          match: transaction,
          do: { kind: 'replace-reply', forwarded: false, status: 400, type: 'TransactionCanceledException', more: cancelled },
        },
      ],
      3_000,
    );
    expect(result).toBe('outcome-unknown');
    gate.open();
    await place.proxy.settled();
    expect(await stored()).toBe(2n);
  });
});
