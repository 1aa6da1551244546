import {
  type Answer,
  type CallContext,
  createClient,
  eq,
  gt,
  increment,
  insert,
  type LWTErrorCode,
  notExists,
  type Statement,
  update,
} from '@onlyif/core';
import { dynamodb, type DynamoDbAdapter } from '@onlyif/dynamodb';
import { type HttpRule, Gate } from '@onlyif/testkit';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { byCode as byReason } from '../../packages/dynamodb/src/cancellation.ts';
import { localDynamoDb } from '../backends/backends.ts';
import { cancelled, cancelledBecause } from './dynamodb-fault-cases.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';

/** A call that lasts as long as the test lets it, with a token that the test chose. */
function contextOf(requestToken: string, signal = new AbortController().signal): CallContext {
  return { signal, requestToken, remainingMs: () => 10_000, dispatched: () => undefined, native: undefined };
}

describe.skipIf(!hasDynamoDb)("exactlyOnce: 'transaction' on DynamoDB Local: each attempt by itself", () => {
  let place: DynamoDbPlace;
  let adapter: DynamoDbAdapter;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
    const tableName = (): string => place.tableName;
    adapter = dynamodb({ endpoint: place.proxy.endpoint, ...localDynamoDb, tableName, exactlyOnce: 'transaction' });
  });
  afterAll(async () => {
    await adapter.close();
    await place.close();
  });
  afterEach(() => place.proxy.clear());

  const prepare = async (v = 1): Promise<string> => {
    const id = `row ${(count += 1)}`;
    await place.direct.insert(counters, { id, v, n: 0n }, { if: notExists() });
    return id;
  };
  const stored = (id: string): Promise<unknown> => place.direct.get(counters, { id });
  /** The condition stays true, so that a second write would show. */
  const add = (id: string): Statement => update(counters, { id }, { set: { n: increment(1n) }, if: eq(counters.columns.v, 1) });
  const attempt = async (statement: Statement, context: CallContext): Promise<Answer | LWTErrorCode> => {
    try {
      return await adapter.execute(adapter.dialect.compile(statement), context);
    } catch (error) {
      return adapter.classify(error).code;
    }
  };
  const lost: HttpRule = { times: 1, do: { kind: 'cut-reply', by: 'reset' } };

  test('R38 a repeat of a success is a success, and written once', async () => {
    const id = await prepare();
    const context = contextOf(randomUUID());
    expect([await attempt(add(id), context), await attempt(add(id), context)]).toEqual([{ applied: true }, { applied: true }]);
    expect(await stored(id)).toEqual({ id, v: 1, n: 1n });
    expect(await attempt(add(id), contextOf(randomUUID()))).toEqual({ applied: true });
    expect(await stored(id)).toEqual({ id, v: 1, n: 2n });
  });

  test('R38 an applied write whose reply is lost: the repeat says applied, where its condition is false by now', async () => {
    for (const statement of [
      (id: string) => update(counters, { id }, { set: { v: 2, n: increment(1n) }, if: eq(counters.columns.v, 1) }),
      (id: string) => insert(counters, { id: `${id} new`, v: 1 }, { if: notExists() }),
    ]) {
      const id = await prepare();
      const context = contextOf(randomUUID());
      place.proxy.setRules([lost]);
      expect(await attempt(statement(id) as Statement, context)).toBe('outcome-unknown');
      expect(await attempt(statement(id) as Statement, context)).toEqual({ applied: true });
      expect(await attempt(statement(id) as Statement, contextOf(randomUUID()))).toMatchObject({ applied: false, known: 'row' });
    }
  });

  test('a repeat of a cancelled one is judged anew', async () => {
    const id = await prepare(0);
    const context = contextOf(randomUUID());
    expect(await attempt(add(id), context)).toEqual({ applied: false, known: 'row', row: { id, v: 0, n: 0n } });
    await place.direct.update(counters, { id }, { set: { v: 1 }, if: { v: 0 } });
    expect(await attempt(add(id), context)).toEqual({ applied: true });
    expect(await stored(id)).toEqual({ id, v: 1, n: 1n });
  });

  test('R38 a cancelled repeat proves nothing: the first attempt, held up, arrives later and applies', async () => {
    const id = await prepare(0);
    const token = randomUUID();
    const until = new Gate();
    place.proxy.setRules([{ times: 1, do: { kind: 'delay-request', until } }]);
    const giveUp = new AbortController();
    const first = attempt(add(id), contextOf(token, giveUp.signal));
    await place.proxy.arrived(1);
    giveUp.abort();
    expect(await first).toBe('outcome-unknown');
    expect(await attempt(add(id), contextOf(token))).toMatchObject({ applied: false });
    await place.direct.update(counters, { id }, { set: { v: 1 }, if: { v: 0 } });
    until.open();
    await place.proxy.settled();
    expect(await stored(id)).toEqual({ id, v: 1, n: 1n });
  });

  test('R38 nor does a late answer of the first attempt, while a repeat is held up, which arrives later and applies', async () => {
    const id = await prepare(0);
    const [firstReply, repeats] = [new Gate(), new Gate()];
    place.proxy.setRules([
      { times: 1, do: { kind: 'delay-reply', until: firstReply } },
      { match: { operation: 'TransactWriteItems' }, do: { kind: 'delay-request', until: repeats } },
    ]);
    const call = createClient(adapter, { verify: 'off', retry: 'off' }).execute(add(id) as never, { timeoutMs: 2_000 });
    await place.proxy.arrived(2);
    firstReply.open();
    await expect(call).rejects.toMatchObject({ code: 'outcome-unknown', outcome: 'unknown' });
    await place.direct.update(counters, { id }, { set: { v: 1 }, if: { v: 0 } });
    repeats.open();
    await place.proxy.settled();
    await expect.poll(() => stored(id)).toEqual({ id, v: 1, n: 1n });
  });

  test.each(Object.entries({ ...cancelled, NameOfTheFuture: 'outcome-unknown' }))('cancelled for %s', async (Code, told) => {
    const id = await prepare();
    place.proxy.setRules([cancelledBecause({ Code, Message: 'words' })]);
    expect(await attempt(add(id), contextOf(randomUUID()))).toBe(told);
    expect([await stored(id), place.proxy.log.length]).toEqual([{ id, v: 1, n: 0n }, 1]);
  });
  test('cancelled for a failed condition: an answer, with the item and without', async () => {
    const id = await prepare();
    const Item = { id: { S: id }, v: { N: '7' } };
    const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    place.proxy.setRules([cancelledBecause({ ...reason, Item }), cancelledBecause(reason)]);
    expect(await attempt(add(id), contextOf(randomUUID()))).toEqual({ applied: false, known: 'row', row: { id, v: 7, n: null } });
    expect(await attempt(add(id), contextOf(randomUUID()))).toEqual({ applied: false, known: 'row', row: null });
  });
  test('cancelled for reasons that are not one: unknown', async () => {
    const id = await prepare();
    for (const reasons of [[], [{ Code: 'TransactionConflict' }, { Code: 'None' }]]) {
      place.proxy.setRules([cancelledBecause(...reasons)]);
      expect(await attempt(add(id), contextOf(randomUUID()))).toBe('outcome-unknown');
    }
  });
  test('every reason of the table is sent by the proxy', () =>
    expect([...Object.keys(cancelled), 'ConditionalCheckFailed'].sort()).toEqual(Object.keys(byReason).sort()));

  test('the token of another write: unknown, for the first one may have been written', async () => {
    const id = await prepare();
    const context = contextOf(randomUUID());
    expect(await attempt(add(id), context)).toEqual({ applied: true });
    const other = update(counters, { id }, { set: { n: increment(5n) }, if: gt(counters.columns.v, 0) });
    expect(await attempt(other, context)).toBe('outcome-unknown');
    expect(await stored(id)).toEqual({ id, v: 1, n: 1n });
  });

  test('many at once on one row: what is told is what is stored', async () => {
    const id = await prepare();
    const told = await Promise.all(Array.from({ length: 40 }, () => attempt(add(id), contextOf(randomUUID()))));
    const applied = told.filter((answer) => typeof answer === 'object' && answer.applied).length;
    expect(told.filter((answer) => typeof answer === 'string' && answer !== 'conflict')).toEqual([]);
    expect(await stored(id)).toEqual({ id, v: 1, n: BigInt(applied) });
  });

  test('many repeats of equal requests: DynamoDB Local takes each for the same', async () => {
    const told: unknown[] = [];
    for (let i = 0; i < 100; i++) {
      const id = await prepare();
      const context = contextOf(randomUUID());
      place.proxy.setRules([lost]);
      told.push(await attempt(add(id), context), await attempt(add(id), context));
      expect(await stored(id)).toEqual({ id, v: 1, n: 1n });
    }
    expect(told.filter((answer) => answer !== 'outcome-unknown')).toEqual(Array.from({ length: 100 }, () => ({ applied: true })));
  });
});
