import {
  type Answer,
  type ClientEvent,
  createClient,
  defineTable,
  eq,
  int,
  type LWTError,
  type Row,
  text,
  update,
  type WriteNode,
} from '@onlyif/core';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { silence, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

/** A call's time; half of it is over before an answer that comes late. */
const timeoutMs = 200;
const lateMs = 140;

const plain = defineTable('plain', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const versioned = defineTable('versioned', { columns: { id: text(), n: int() }, partitionKey: ['id'], version: 'n' });
const tokened = defineTable('tokened', { columns: { id: text(), n: int(), token: text() }, partitionKey: ['id'], writeToken: 'token' });
const key = { id: 'x' };
const writes: readonly (readonly [string, WriteNode])[] = [plain, versioned, tokened].map((table) => [
  table.name,
  update(table as typeof plain, key, { set: { n: 2 }, if: eq((table as typeof plain).columns.n, 1) }),
]);

/** A stub whose writes are answered late, and whose row does not show them. */
function late(answer: () => Answer, row: Row | null = { id: 'x', n: 7, token: 'another' }) {
  const events: ClientEvent[] = [];
  const adapter = new StubAdapter({
    execute: async (context) => {
      context.dispatched();
      await delay(lateMs);
      return answer();
    },
    read: async (context) => {
      context.dispatched();
      return row;
    },
    classify: (error) =>
      (error as Error).message === 'throttled'
        ? { code: 'throttled', retryable: true, message: 'Slow down.' }
        : { code: 'outcome-unknown', retryable: false, message: 'Lost.' },
  });
  const db = createClient(adapter, { verify: 'off', retry: 'off', onEvent: (event) => events.push(event) });
  const by = (): unknown => events.flatMap((event) => (event.type === 'resolution' ? [[event.outcome, event.by]] : []));
  return { adapter, db, by };
}

describe.each(writes)('a write on a table %s whose answer comes in the second half of the call', (_, statement) => {
  test('that it was applied', async () => {
    const { db, by } = late(() => ({ applied: true }));
    expect(await db.execute(statement as never, { timeoutMs })).toEqual({ applied: true });
    expect(by()).toEqual([['applied', 'late-answer']]);
  });
  test('that it was rejected', async () => {
    const { db, by } = late(() => ({ applied: false, known: 'row', row: { id: 'x', n: 3 } }));
    expect(await db.execute(statement as never, { timeoutMs })).toMatchObject({ applied: false, existing: { n: 3 }, source: 'decision' });
    expect(by()).toEqual([['not-applied', 'late-answer']]);
  });
  test('that nothing was done', async () => {
    const { db, by } = late(() => {
      throw new Error('throttled');
    });
    expect(await rejectionOf(db.execute(statement as never, { timeoutMs }))).toMatchObject({ code: 'throttled', outcome: 'not-applied' });
    expect(by()).toEqual([['not-applied', 'late-answer']]);
  });
  test('that tells nothing: unknown, then', async () => {
    const { db } = late(() => {
      throw new Error('lost');
    });
    const started = performance.now();
    expect(await rejectionOf(db.execute(statement as never, { timeoutMs }))).toMatchObject({
      code: 'outcome-unknown',
      observed: { n: 7 },
    });
    expect(performance.now() - started).toBeLessThan(timeoutMs);
  });
  test('that never comes: unknown when the time is over, with the row that was seen meanwhile', async () => {
    const { adapter, db } = late(() => ({ applied: true }));
    adapter.execute = (_compiled, context) => silence(context);
    const error: LWTError = await rejectionOf(db.execute(statement as never, { timeoutMs }));
    expect(error).toMatchObject({ code: 'outcome-unknown', observed: { n: 7 }, cause: { name: 'TimeoutError' } });
    expect(error.message).toMatch(/^The call took longer than 200 ms\. The request had gone out/);
  });
});

test('an abort while a late answer is waited for ends the call, and is the cause', async () => {
  const { adapter, db } = late(() => ({ applied: true }));
  adapter.execute = (_compiled, context) => silence(context);
  const abort = new AbortController();
  setTimeout(() => abort.abort('enough'), lateMs);
  const error = await rejectionOf(db.update(plain, key, { set: { n: 2 }, if: { n: 1 } }, { timeoutMs, signal: abort.signal }));
  expect(error).toMatchObject({ code: 'outcome-unknown', cause: 'enough' });
});

test('a late answer ends the fences of a write that may still be on its way', async () => {
  const row = { id: 'x', n: 1 };
  const { adapter, db, by } = late(() => ({ applied: true }), row);
  const execute = adapter.execute.bind(adapter);
  let requests = 0;
  // The fence is throttled for as long as the first request is under way.
  adapter.execute = (compiled, context) => (++requests === 1 ? execute(compiled, context) : Promise.reject(new Error('throttled')));
  expect(await db.execute(writes[1]?.[1] as never, { timeoutMs })).toEqual({ applied: true });
  expect(by()).toEqual([['applied', 'late-answer']]);
});

test('R38 that a repeat has not gone out yet says nothing of the write before it', async () => {
  let requests = 0;
  const adapter = new StubAdapter({
    execute: async (context) => {
      if (++requests > 1) await delay(5);
      context.dispatched();
      throw new Error('lost');
    },
    compile: (statement) => ({
      statement,
      requests: [],
      notes: [],
      cost: { roundTrips: { applied: 1, notApplied: 1, rowAbsent: 1 } },
      repeatableMs: 60_000,
    }),
  });
  const db = createClient(adapter, { verify: 'off', retry: 'off' });
  expect(await rejectionOf(db.update(plain, key, { set: { n: 2 }, if: { n: 1 } }))).toMatchObject({ code: 'outcome-unknown' });
  expect(requests).toBe(5);
});

describe('R38 a late answer to a request that was repeated', () => {
  /** The first is answered late, that it was rejected or not taken; each repeat as it is told. */
  function repeated(first: 'rejected' | 'throttled', repeat: 'lost' | 'rejected' | 'applied') {
    const rejected: Answer = { applied: false, known: 'row', row: { id: 'x', n: 3 } };
    const { adapter, db, by } = late(() => {
      if (first === 'throttled') throw new Error('throttled');
      return rejected;
    });
    const compile = adapter.dialect.compile.bind(adapter.dialect);
    Object.assign(adapter.dialect, { compile: (...args: Parameters<typeof compile>) => ({ ...compile(...args), repeatableMs: 60_000 }) });
    const execute = adapter.execute.bind(adapter);
    let requests = 0;
    adapter.execute = async (compiled, context) => {
      if (++requests === 1) return execute(compiled, context);
      context.dispatched();
      if (repeat === 'lost') throw new Error('lost');
      return repeat === 'applied' ? { applied: true } : rejected;
    };
    return { by, call: db.update(plain, key, { set: { n: 2 }, if: { n: 1 } }, { timeoutMs }) };
  }
  test.each(['rejected', 'throttled'] as const)('that it was %s says nothing while a repeat may still arrive', async (first) => {
    const { call, by } = repeated(first, 'lost');
    expect(await rejectionOf(call)).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown' });
    expect(by()).toEqual([['unknown', undefined]]);
  });
  test('that it was rejected is final where each repeat was rejected too', async () => {
    const { call, by } = repeated('rejected', 'rejected');
    expect(await call).toMatchObject({ applied: false, existing: { n: 3 } });
    expect(by()).toEqual([['not-applied', 'late-answer']]);
  });
  test('comes too late for a repeat that was applied', async () => {
    const { call, by } = repeated('rejected', 'applied');
    expect(await call).toEqual({ applied: true });
    expect(by()).toEqual([['applied', 'repeat']]);
  });
});

test('the read that is only shown in the error is given up after a second', async () => {
  const { adapter, db } = late(() => ({ applied: true }));
  adapter.execute = async (_compiled, context) => {
    context.dispatched();
    throw new Error('lost');
  };
  adapter.read = (_compiled, context) => silence(context);
  const started = performance.now();
  expect(await rejectionOf(db.update(plain, key, { set: { n: 2 }, if: { n: 1 } }))).toMatchObject({
    code: 'outcome-unknown',
    observed: undefined,
  });
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('the end of a call aborts what nobody waits for any more, so that drivers let go of their sockets', async () => {
  const signals: AbortSignal[] = [];
  const adapter = new StubAdapter({
    read: async (context) => {
      context.dispatched();
      signals.push(context.signal);
      return signals.length === 1 ? new Promise(() => undefined) : null;
    },
  });
  expect(await createClient(adapter).get(plain, key, { timeoutMs: 600 })).toBeNull();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test('a write that goes out in the second half of its call is looked for too', async () => {
  const events: ClientEvent[] = [];
  const token = 'of this write';
  const adapter = new StubAdapter({
    execute: async (context) => {
      await delay(0.6 * timeoutMs);
      return silence(context);
    },
    read: async (context) => {
      context.dispatched();
      return { id: 'x', n: 2, token };
    },
  });
  const db = createClient(adapter, { verify: 'off', onEvent: (event) => events.push(event) });
  const statement = update(tokened, key, { set: { n: 2 }, if: eq(tokened.columns.n, 1) });
  expect(await db.execute(statement, { timeoutMs, token })).toEqual({ applied: true });
  expect(events.flatMap((event) => (event.type === 'resolution' ? [event.by] : []))).toEqual(['write-token']);
});
