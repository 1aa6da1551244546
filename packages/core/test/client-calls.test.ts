import { type ClientEvent, createClient, eq, exists, get, update, unsupported } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { deferred } from './deferred.ts';
import { sample } from './sample-table.ts';
import { answering, failing, type Script, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const write = update(sample, { id: 'a secret key' }, { set: { s: 'a secret value' }, if: eq(sample.columns.n, 123_456_789) });

describe('close()', () => {
  test('waits for the calls under way, then closes the adapter, and refuses new calls meanwhile', async () => {
    const { promise, resolve } = deferred<{ applied: true }>();
    const stub = new StubAdapter({ execute: async (context) => (context.dispatched(), promise) });
    const client = createClient(stub, { verify: 'off' });
    const running = client.execute(write);
    const closing = client.close();
    expect(await rejectionOf(client.execute(write))).toMatchObject({ code: 'closed', outcome: 'not-applied' });
    expect(stub.closed).toBe(0);
    resolve({ applied: true });
    expect(await running).toEqual({ applied: true });
    await closing;
    expect(stub.closed).toBe(1);
  });
  test('waits also for one that fails, and closes once', async () => {
    const stub = new StubAdapter({ execute: failing(new Error('native'), 'after') });
    const client = createClient(stub, { verify: 'off' });
    const running = rejectionOf(client.execute(write));
    await Promise.all([client.close(), client.close()]);
    await running;
    expect(stub.closed).toBe(1);
    expect(await rejectionOf(client.get(sample, { id: 'x' }))).toMatchObject({ code: 'closed' });
  });
});

describe('events', () => {
  async function eventsOf(
    script: Script,
    run: (client: ReturnType<typeof createClient>) => Promise<unknown>,
  ): Promise<readonly ClientEvent[]> {
    const events: ClientEvent[] = [];
    const client = createClient(new StubAdapter(script), { verify: 'off', onEvent: (event) => events.push(event) });
    await run(client).catch(() => undefined);
    return events;
  }
  const rejected = answering({ applied: false, known: 'nothing' });

  test('an applied write: one attempt, one outcome', async () => {
    const events = await eventsOf({}, (client) => client.execute(write));
    expect(events).toMatchObject([
      { type: 'attempt', purpose: 'write', attempt: 1, table: 'sample', verb: 'update', dialect: 'stub' },
      { type: 'outcome', outcome: 'applied', attempts: 1, table: 'sample', verb: 'update', dialect: 'stub' },
    ]);
  });
  test('a rejected write that is completed: two attempts', async () => {
    const events = await eventsOf({ execute: rejected }, (client) => client.execute(write));
    expect(events).toMatchObject([{ purpose: 'write' }, { purpose: 'completing-read' }, { outcome: 'not-applied' }]);
  });
  test('an unknown outcome, with its code', async () => {
    const events = await eventsOf({ execute: failing(new Error('native'), 'after') }, (client) => client.execute(write));
    expect(events).toMatchObject([
      { type: 'attempt', purpose: 'write', code: 'outcome-unknown' },
      { type: 'attempt', purpose: 'resolving-read' },
      { type: 'resolution', outcome: 'unknown' },
      { type: 'outcome', outcome: 'unknown', code: 'outcome-unknown' },
    ]);
  });
  test('a read', async () => {
    const events = await eventsOf({}, (client) => client.execute(get(sample, { id: 'x' })));
    expect(events).toMatchObject([{ purpose: 'read' }, { outcome: 'read', verb: 'get' }]);
  });
  test('a refusal, before anything is sent', async () => {
    const compile = (): never => {
      throw unsupported('It cannot.', 'something else');
    };
    const events = await eventsOf({ compile }, (client) => client.execute(write));
    expect(events).toMatchObject([
      { type: 'refusal', code: 'unsupported' },
      { type: 'outcome', outcome: 'not-applied', code: 'unsupported', attempts: 0 },
    ]);
  });
  test('are frozen, and hold no value of key, row or condition', async () => {
    const row = { id: 'a secret key', n: 987_654_321 };
    const events = await eventsOf({ execute: answering({ applied: false, known: 'row', row }) }, (client) => client.execute(write));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(Object.isFrozen(event)).toBe(true);
      expect(JSON.stringify(event)).not.toMatch(/secret|123456789|987654321/);
      expect(event.keyHash).toMatch(/^[0-9a-f]{16}$/);
    }
  });
  test('a listener that throws changes no result', async () => {
    const onEvent = (): never => {
      throw new Error('the listener failed');
    };
    expect(await createClient(new StubAdapter(), { onEvent }).execute(write)).toEqual({ applied: true });
    const later = (): unknown => Promise.reject(new Error('the listener failed later'));
    expect(await createClient(new StubAdapter(), { onEvent: later }).execute(write)).toEqual({ applied: true });
    await new Promise(setImmediate);
    const failed = createClient(new StubAdapter({ execute: failing(new Error('native'), 'after') }), { onEvent });
    expect(await rejectionOf(failed.execute(write))).toMatchObject({ code: 'outcome-unknown' });
  });
});

describe('explain', () => {
  test('gives the requests, and a native hook takes the portability away', () => {
    const client = createClient(new StubAdapter());
    expect(client.explain(write)).toMatchObject({
      dialect: 'stub',
      verdict: 'native',
      requests: [{ stub: 'update' }],
      roundTrips: 1,
      notes: ['a stub'],
      portable: true,
    });
    expect(client.explain(write, { native: (request) => request })).toMatchObject({ verdict: 'native', portable: false });
  });
  test('sends nothing', () => {
    const stub = new StubAdapter();
    createClient(stub).explain(write);
    expect([stub.executed, stub.reads, stub.described]).toEqual([[], [], []]);
  });
  test('gives the reason and the alternative of a refusal, and throws what is no refusal', () => {
    const refusing = new StubAdapter({
      compile: () => {
        throw unsupported('It cannot.', 'something else');
      },
    });
    const { verdict, reason, alternative, requests, portable } = createClient(refusing).explain(write);
    expect({ verdict, reason, alternative, requests, portable }).toEqual({
      verdict: 'refused',
      reason: 'It cannot.',
      alternative: 'something else',
      requests: [],
      portable: false,
    });
    const broken = new StubAdapter({
      compile: () => {
        throw new TypeError('a fault of the dialect');
      },
    });
    expect(() => createClient(broken).explain(write)).toThrow(TypeError);
  });
});

test('methods that return promises reject, and never throw', async () => {
  const client = createClient(new StubAdapter());
  const call = client.update(sample, { id: 'x' }, { set: {}, if: exists() });
  expect(await rejectionOf(call)).toMatchObject({ code: 'invalid-statement' });
  expect(await rejectionOf(client.execute({ kind: 'update' } as never))).toMatchObject({ code: 'invalid-statement' });
  expect(await rejectionOf(client.execute(write, { existing: 'all' as never }))).toMatchObject({ code: 'invalid-statement' });
});
