import {
  type Client,
  type ClientEvent,
  createClient,
  defineTable,
  eq,
  increment,
  int,
  isLWTError,
  notExists,
  text,
  update,
} from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { Gate, type HttpRule } from '@onlyif/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { localDynamoDb } from '../backends/backends.ts';
import { cancelledBecause } from './dynamodb-fault-cases.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';

const transaction = { operation: 'TransactWriteItems' };
const { v } = counters.columns;

describe.skipIf(!hasDynamoDb)("exactlyOnce: 'transaction' on DynamoDB Local behind its proxy", () => {
  let place: DynamoDbPlace;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());
  afterEach(() => place.proxy.clear());

  /** The table has no write token: the request token alone tells. */
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

  describe('with a write token and a version, which tell where the repeat does not', () => {
    const accounts = defineTable('accounts', {
      columns: { id: text(), n: int(), version: int().notNull(), token: text() },
      partitionKey: ['id'],
      writeToken: 'token',
      version: 'version',
    });
    const cancelledByCondition: HttpRule = {
      ...cancelledBecause({ Code: 'ConditionalCheckFailed', Message: 'words' }),
      match: transaction,
    };
    const bump = (id: string) => update(accounts, { id }, { set: { n: 2, version: 2 }, if: { version: 1 } });
    const openOn = (endpoint: string, onEvent: (event: ClientEvent) => void = () => undefined) =>
      createClient(
        dynamodb({ endpoint, ...localDynamoDb, tableName: (name) => `${place.tableName}.${name}`, exactlyOnce: 'transaction' }),
        { onEvent, verify: 'off' },
      );
    const row = async (): Promise<string> => {
      const id = `row ${(count += 1)}`;
      await direct.insert(accounts, { id, n: 1, version: 1 }, { if: notExists() }, { token: 'first' });
      return id;
    };
    const resolutions: unknown[] = [];
    let direct: Client;
    let db: Client;
    beforeAll(async () => {
      direct = openOn(place.endpoint);
      await direct.createTable(accounts);
      db = openOn(place.proxy.endpoint, (event) => void (event.type === 'resolution' && resolutions.push(event.by)));
    });
    beforeEach(() => resolutions.splice(0));
    afterAll(async () => {
      await direct.dropTable(accounts);
      await Promise.all([direct.close(), db.close()]);
    });

    test('R38 held up, and the repeat is cancelled: fenced by a transaction, and cancelled when it arrives', async () => {
      const id = await row();
      const gate = new Gate();
      place.proxy.setRules([{ match: transaction, times: 1, do: { kind: 'delay-request', until: gate } }, cancelledByCondition]);
      expect(await db.execute(bump(id), { timeoutMs: 3_000 })).toMatchObject({ applied: false, existing: { n: 1, version: 2 } });
      expect(resolutions).toEqual(['fence']);
      gate.open();
      await place.proxy.settled();
      expect(await direct.get(accounts, { id })).toEqual({ id, n: 1, version: 2, token: 'first' });
      // The write, its repeat and the fence, which is another write.
      const tokens = place.writes.map(({ operation, body }) => [operation, /"ClientRequestToken":"([^"]*)"/.exec(body)?.[1]] as const);
      expect(tokens.map(([operation]) => operation)).toEqual(['TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems']);
      expect(tokens[1]).toEqual(tokens[0]);
      expect(tokens[2]).not.toEqual(tokens[0]);
    });

    test('R38 the reply is lost, and the repeat is cancelled: the write token tells that it was applied', async () => {
      const id = await row();
      place.proxy.setRules([{ match: transaction, times: 1, do: { kind: 'cut-reply', by: 'reset' } }, cancelledByCondition]);
      expect(await db.execute(bump(id))).toEqual({ applied: true });
      expect(resolutions).toEqual(['write-token']);
      expect(await direct.get(accounts, { id })).toMatchObject({ n: 2, version: 2 });
    });
  });
});
