import {
  type Adapter,
  createClient,
  defineTable,
  deleteRow,
  eq,
  exists,
  increment,
  insert,
  int,
  isNull,
  LWTError,
  notExists,
  text,
  update,
} from '@onlyif/core';
import { memory } from '@onlyif/memory';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { falsifiesItself } from '../src/faults/falsifies-itself.ts';
import { InjectedFault, withFaults, type WriteFault } from '../src/faults/index.ts';
import { wrapAdapter } from '../src/wrap-adapter.ts';

const t = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const key = { id: 'x' };
const raise = update(t, key, { set: { n: 1 }, if: eq(t.columns.n, 0) });

/** The fate of a write that meets a fault once; `late` is what the row holds when nothing is under way any more. */
const fates: { readonly [F in Exclude<WriteFault, 'no-reply'>]: { readonly told: object; readonly stored: 0 | 1; readonly late?: 1 } } = {
  unsent: { told: { code: 'unavailable', outcome: 'not-applied', retryable: true }, stored: 0 },
  throttled: { told: { code: 'throttled', outcome: 'not-applied', retryable: true }, stored: 0 },
  contention: { told: { code: 'contention', outcome: 'not-applied', retryable: true }, stored: 0 },
  'lost-request': { told: { code: 'outcome-unknown', outcome: 'unknown' }, stored: 0 },
  'late-request': { told: { code: 'outcome-unknown', outcome: 'unknown' }, stored: 0, late: 1 },
  'lost-reply': { told: { code: 'outcome-unknown', outcome: 'unknown' }, stored: 1 },
  'cas-timeout': { told: { code: 'outcome-unknown', outcome: 'unknown' }, stored: 0 },
  'cas-timeout-applied': { told: { code: 'outcome-unknown', outcome: 'unknown' }, stored: 1 },
  'duplicate-reply': { told: { applied: true }, stored: 1 },
  'duplicate-request': { told: { applied: true }, stored: 1 },
};

function faulty(options: Partial<Parameters<typeof withFaults>[1]> = {}) {
  const adapter = withFaults(memory(), { seed: 1, script: [], lateByMs: Infinity, ...options });
  adapter.seed(t, [{ ...key, n: 0 }]);
  return adapter;
}

const context = {
  signal: new AbortController().signal,
  remainingMs: () => 1000,
  dispatched: () => {},
  native: undefined,
  requestToken: '123e4567-e89b-42d3-a456-426614174000',
};

/** The adapter's own part, without the client's retries. */
async function told(adapter: Adapter): Promise<object> {
  let sent = false;
  try {
    return await adapter.execute(adapter.dialect.compile(raise), { ...context, dispatched: () => void (sent = true) });
  } catch (error) {
    const failure = adapter.classify(error);
    return { ...failure, outcome: new LWTError(failure.code, '').outcome, sent };
  }
}

describe('withFaults', () => {
  it.each(Object.entries(fates))('%s', async (fault, fate) => {
    const adapter = faulty({ script: [fault as WriteFault] });
    expect(await told(adapter)).toMatchObject(fate.told);
    expect(adapter.faults.log).toEqual([{ call: 0, fault, statement: raise }]);
    const db = createClient(adapter);
    expect(await db.get(t, key)).toEqual({ ...key, n: fate.stored });
    await adapter.faults.arrive();
    expect(await db.get(t, key)).toEqual({ ...key, n: fate.late ?? fate.stored });
  });

  it('says whether the server answered, and whether the request went out', async () => {
    expect(await told(faulty({ script: ['cas-timeout'] }))).toMatchObject({ answered: true, sent: true });
    expect(await told(faulty({ script: ['lost-reply'] }))).not.toHaveProperty('answered');
    expect(await told(faulty({ script: ['unsent'] }))).toMatchObject({ sent: false });
  });

  it('meets the same faults with the same seed, whatever was read in between', async () => {
    const run = async (seed: number, reads: number): Promise<readonly string[]> => {
      const adapter = withFaults(memory(), { seed, lateByMs: Infinity });
      const db = createClient(adapter);
      for (let i = 0; i < 200; i++) {
        await told(adapter);
        for (let read = 0; read < reads; read++) await db.get(t, key).catch(() => null);
      }
      await adapter.close();
      return adapter.faults.log.filter(({ fault }) => fault !== 'failed-read').map(({ call, fault }) => `${call} ${fault}`);
    };
    const first = await run(7, 0);
    expect(await run(7, 3)).toEqual(first);
    expect(await run(8, 0)).not.toEqual(first);
    expect(new Set(first.map((line) => line.split(' ')[1])).size).toBeGreaterThan(7);
  });

  it('a contention storm is that many failures in a row', async () => {
    const adapter = faulty({ script: undefined as never, rates: { contention: 0.02 }, storm: 7 });
    for (let i = 0; i < 300; i++) await told(adapter);
    const calls = adapter.faults.log.map(({ call }) => call);
    expect(calls.length % 7).toBe(0);
    for (let i = 0; i < calls.length; i += 7)
      expect(calls.slice(i, i + 7)).toEqual(Array.from({ length: 7 }, (_, k) => (calls[i] ?? 0) + k));
    expect(calls.length).toBeGreaterThan(7);
  });

  it('forces the next faults, of writes and of reads', async () => {
    const adapter = faulty();
    adapter.faults.next('ok', 'lost-reply');
    adapter.faults.nextReads('failed-read', 'ok', 'failed-read');
    await createClient(adapter).get(t, key);
    expect(await told(adapter)).toEqual({ applied: true });
    expect(await told(adapter)).toMatchObject({ code: 'outcome-unknown' });
    expect(adapter.faults.log.map(({ fault }) => fault)).toEqual(['failed-read', 'lost-reply']);
  });

  it('R41 duplicates requests only where they falsify their own condition', async () => {
    const { n } = t.columns;
    const once = [
      insert(t, key, { if: notExists() }),
      deleteRow(t, key, { if: exists() }),
      raise,
      update(t, key, { set: { n: 1 }, if: isNull(n) }),
    ];
    const twice = [
      update(t, key, { set: { n: 1 }, if: exists() }),
      update(t, key, { set: { n: 0 }, if: eq(n, 0) }),
      update(t, key, { set: { n: increment(1) }, if: eq(n, 0) }),
      update(t, key, { set: { n: null }, if: isNull(n) }),
    ];
    expect(once.map(falsifiesItself)).toEqual(once.map(() => true));
    expect(twice.map(falsifiesItself)).toEqual(twice.map(() => false));
    const adapter = faulty({ script: ['duplicate-request'] });
    await createClient(adapter).update(t, key, { set: { n: increment(1) }, if: eq(t.columns.n, 0) });
    expect(adapter.faults.log).toMatchObject([{ fault: 'duplicate-reply' }]);
    expect(adapter.statements.filter(({ kind }) => kind === 'update')).toHaveLength(1);
  });

  it('R41 the second answer to a doubled request is given where it shows the write token of the write itself, which the client knows', async () => {
    const tokened = defineTable('tokened', { columns: { id: text(), n: int(), token: text() }, partitionKey: ['id'], writeToken: 'token' });
    const set = { n: 1 };
    const statement = update(tokened, key, { set, if: eq(tokened.columns.n, 0) });
    const adapter = withFaults(memory(), { seed: 1, script: ['duplicate-request', 'duplicate-request'] });
    adapter.seed(tokened, [{ ...key, n: 0 }]);
    const answers: unknown[] = [];
    const watched = wrapAdapter(adapter, {
      execute: async (compiled, call) => {
        const answer = await adapter.execute(compiled, call);
        answers.push(answer);
        return answer;
      },
    });
    expect(await createClient(watched).execute(statement, { token: 'mine' })).toEqual({ applied: true });
    expect(answers).toEqual([{ applied: false, known: 'row', row: { ...key, n: 1, token: 'mine' } }]);
    // A delete leaves no token, so its first answer is given.
    expect(await createClient(watched).delete(tokened, key, { if: exists() })).toEqual({ applied: true });
    expect(adapter.faults.log.map(({ fault }) => fault)).toEqual(['duplicate-request', 'duplicate-request']);
  });

  it('no reply ever: the write is done, and the time of the call ends it', async () => {
    const adapter = faulty({ script: ['no-reply'] });
    const db = createClient(adapter);
    const started = performance.now();
    await expect(db.execute(raise, { timeoutMs: 40 })).rejects.toMatchObject({ code: 'outcome-unknown', cause: { name: 'TimeoutError' } });
    expect(performance.now() - started).toBeGreaterThan(35);
    expect(await db.get(t, key)).toEqual({ ...key, n: 1 });
  });

  it('never sends what was given up before', async () => {
    const givenUp = new LWTError('aborted', 'Given up.');
    for (const fault of [...Object.keys(fates), 'no-reply'] as WriteFault[]) {
      const adapter = faulty({ script: [fault] });
      const ended = adapter.execute(adapter.dialect.compile(raise), {
        ...context,
        dispatched: () => {
          throw givenUp;
        },
      });
      await (fault === 'unsent' ? expect(ended).rejects.toThrow('unsent') : expect(ended).rejects.toBe(givenUp));
      await adapter.faults.arrive();
      expect(adapter.statements).toEqual([]);
    }
  });

  it('R35 a late request arrives after the caller was told, and never after close', async () => {
    const adapter = faulty({ script: ['late-request'], lateByMs: 1 });
    await told(adapter);
    await expect.poll(async () => (await createClient(adapter).get(t, key))?.n).toBe(1);
    const closed = faulty({ script: ['late-request'], lateByMs: 1 });
    await told(closed);
    await closed.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closed.statements).toEqual([]);
  });

  it('keeps the rest of the adapter, with its types', async () => {
    const inner = memory();
    const adapter = withFaults(inner, { seed: 1 });
    expectTypeOf(adapter).toExtend<typeof inner>();
    expect(adapter.dialect).toBe(inner.dialect);
    expect(adapter.tables).toBe(inner.tables);
    expect(adapter.statements).toBe(inner.statements);
    expect(adapter.encodeKey(t, key)).toEqual(key);
    expect('seed' in adapter && 'faults' in adapter).toBe(true);
    expect(adapter.classify(new Error('of the database'))).toEqual(inner.classify(new Error('of the database')));
    expect(new InjectedFault('lost-reply').failure.code).toBe('outcome-unknown');
    const frozen = withFaults(Object.freeze({ ...memory(), dialect: inner.dialect, close: async () => {} }) as unknown as Adapter, {
      seed: 1,
    });
    await expect(frozen.close()).resolves.toBeUndefined();
  });

  it('refuses rates that are none', () => {
    for (const rates of [{ 'lost-reply': -0.1 }, { throttled: NaN }, { throttled: 0.6, unsent: 0.6 }])
      expect(() => withFaults(memory(), { seed: 1, rates })).toThrow(RangeError);
  });
});
