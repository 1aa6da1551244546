import { type CallContext, createClient, eq, type Failure, get, LWTError, update } from '@onlyif/core';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { deferred } from './deferred.ts';
import { sample } from './sample-table.ts';
import { failing, type Script, silence, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const write = update(sample, { id: 'x' }, { set: { m: 1 }, if: eq(sample.columns.n, 5) });
const read = get(sample, { id: 'x' });
const native = new Error('native');
const client = (script: Script): ReturnType<typeof createClient> => createClient(new StubAdapter(script), { verify: 'off' });

/** A script that says when the request has gone out, or would have. */
function signalled(send: (context: CallContext) => Promise<never>): {
  script: (context: CallContext) => Promise<never>;
  begun: Promise<void>;
} {
  const { promise, resolve } = deferred<void>();
  return {
    begun: promise,
    script: (context) => {
      const sending = send(context);
      resolve(undefined);
      return sending;
    },
  };
}

/** Waits for a connection that never comes: nothing is handed out. */
const connecting = async (): Promise<never> => new Promise(() => undefined);

/** Drivers that take a signal reject by themselves, at once and with an error of their own. */
function rejectingOnAbort(before: 'before' | 'after'): (context: CallContext) => Promise<never> {
  return (context) => {
    if (before === 'after') context.dispatched();
    return new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('aborted by the driver'))));
  };
}

describe('a signal', () => {
  test('that was aborted before the call: aborted, and nothing is executed', async () => {
    const stub = new StubAdapter();
    const error = await rejectionOf(createClient(stub, { verify: 'off' }).execute(write, { signal: AbortSignal.abort(native) }));
    expect(error).toMatchObject({ code: 'aborted', outcome: 'not-applied', cause: native, attempts: 0, statement: write, dialect: 'stub' });
    expect(stub.executed).toEqual([]);
  });

  const aborted: readonly (readonly [string, (context: CallContext) => Promise<never>, object])[] = [
    ['before dispatch: aborted', connecting, { code: 'aborted', outcome: 'not-applied', attempts: 0 }],
    ['after dispatch: outcome-unknown', silence, { code: 'outcome-unknown', outcome: 'unknown', attempts: 1 }],
    ['before dispatch, the driver rejecting: aborted', rejectingOnAbort('before'), { code: 'aborted', outcome: 'not-applied' }],
    ['after dispatch, the driver rejecting: outcome-unknown', rejectingOnAbort('after'), { code: 'outcome-unknown', outcome: 'unknown' }],
  ];
  test.each(aborted)('%s, with the trigger as the cause', async (_, send, expected) => {
    const abort = new AbortController();
    const { script, begun } = signalled(send);
    const call = rejectionOf(client({ execute: script }).execute(write, { signal: abort.signal }));
    await begun;
    abort.abort(native);
    expect(await call).toMatchObject({ ...expected, cause: native, retryable: false });
  });

  test('by a signal of its own time: a sentence', async () => {
    const error = await rejectionOf(
      createClient(new StubAdapter({ execute: connecting })).execute(write, { signal: AbortSignal.timeout(5) }),
    );
    expect(error.message).toMatch(/\btimeout\. The request had not gone out: .* connect\. Nothing was written\.$/);
  });
  test('during a read: aborted, whatever went out', async () => {
    const abort = new AbortController();
    const { script, begun } = signalled(silence);
    const call = rejectionOf(client({ read: script }).get(sample, { id: 'x' }, { signal: abort.signal }));
    await begun;
    abort.abort(native);
    expect(await call).toMatchObject({ code: 'aborted', outcome: 'not-applied', cause: native });
  });

  test('during verification: aborted, and nothing is executed', async () => {
    const abort = new AbortController();
    const stub = new StubAdapter({ describe: async () => new Promise(() => undefined) });
    const call = rejectionOf(createClient(stub).execute(write, { signal: abort.signal }));
    await delay(1);
    abort.abort(native);
    expect(await call).toMatchObject({ code: 'aborted', outcome: 'not-applied' });
    expect(stub.executed).toEqual([]);
  });

  test('that aborts after the end of the call changes nothing', async () => {
    const abort = new AbortController();
    expect(await client({}).execute(write, { signal: abort.signal })).toEqual({ applied: true });
    abort.abort(native);
  });
});

describe('timeoutMs', () => {
  const expired: readonly (readonly [string, (context: CallContext) => Promise<never>, object])[] = [
    ['before dispatch: aborted, and a later try may succeed', connecting, { code: 'aborted', outcome: 'not-applied', retryable: true }],
    ['after dispatch: outcome-unknown', silence, { code: 'outcome-unknown', outcome: 'unknown', retryable: false }],
  ];
  test.each(expired)('%s', async (_, send, expected) => {
    const error = await rejectionOf(client({ execute: send }).execute(write, { timeoutMs: 15 }));
    expect(error).toMatchObject({ ...expected, cause: { name: 'TimeoutError' } });
    expect(error.message).toContain('15 ms');
  });
  test('of the client holds where the call has none', async () => {
    const stub = new StubAdapter({ execute: silence });
    const error = await rejectionOf(createClient(stub, { verify: 'off', timeoutMs: 15 }).execute(write));
    expect(error).toMatchObject({ code: 'outcome-unknown', cause: { name: 'TimeoutError' } });
  });
  test('tells the adapter how much is left', async () => {
    const stub = new StubAdapter();
    await createClient(stub, { verify: 'off' }).execute(write, { timeoutMs: 5000 });
    const left = stub.contexts[0]?.remainingMs() ?? 0;
    expect(left).toBeGreaterThan(4000);
    expect(left).toBeLessThanOrEqual(5000);
  });
  test.each([0, -1, Number.NaN, Infinity, 2 ** 31])('%s is refused', async (timeoutMs) => {
    expect(await rejectionOf(client({}).execute(write, { timeoutMs }))).toMatchObject({ code: 'invalid-statement' });
  });
});

describe('an error of the adapter', () => {
  test('that is in no table, after dispatch: outcome-unknown', async () => {
    const error = await rejectionOf(client({ execute: failing(native, 'after') }).execute(write));
    expect(error).toMatchObject({
      code: 'outcome-unknown',
      outcome: 'unknown',
      cause: native,
      attempts: 2,
      observed: null,
      statement: write,
      dialect: 'stub',
    });
  });
  test('that is in no table, before dispatch, is never unknown', async () => {
    const error = await rejectionOf(client({ execute: failing(native, 'before') }).execute(write));
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', cause: native, attempts: 0 });
  });
  test('that is placed keeps its place and its message', async () => {
    const failure: Failure = { code: 'throttled', retryable: true, message: 'Slow down.' };
    const error = await rejectionOf(client({ execute: failing(native, 'after'), classify: () => failure }).execute(write));
    expect(error).toMatchObject({ ...failure, outcome: 'not-applied', cause: native });
  });
  test('that is an LWTError keeps its code and gets the call', async () => {
    const error = await rejectionOf(client({ execute: failing(new LWTError('protocol', 'no [applied]'), 'after') }).execute(write));
    expect(error).toMatchObject({
      code: 'protocol',
      outcome: 'unknown',
      message: expect.stringContaining('no [applied]') as string,
      statement: write,
      dialect: 'stub',
      attempts: 2,
    });
  });
  test('a write whose outcome is open is never sent again, also where the failure is called retryable', async () => {
    const classify = (): Failure => ({ code: 'outcome-unknown', retryable: true, message: 'words' });
    const stub = new StubAdapter({ execute: failing(native, 'after'), classify });
    await rejectionOf(createClient(stub, { verify: 'off' }).execute(write));
    expect(stub.executed).toHaveLength(1);
  });
});

describe('a read', () => {
  test('that fails in no table\u2019s way is tried five times, then unavailable and not applied', async () => {
    const stub = new StubAdapter({ read: failing(native, 'after') });
    const error = await rejectionOf(createClient(stub).execute(read));
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true, cause: native, attempts: 5 });
    expect(stub.reads).toHaveLength(5);
  });
  test('that succeeds at the second try succeeds', async () => {
    let tries = 0;
    const stub = new StubAdapter({
      read: async (context) => {
        context.dispatched();
        if (++tries === 1) throw native;
        return { id: 'x' };
      },
    });
    expect(await createClient(stub).execute(read)).toEqual({ id: 'x' });
  });
  test('that is not answered does not take the time of the next one', async () => {
    let tries = 0;
    const stub = new StubAdapter({ read: async (context) => (++tries === 1 ? silence(context) : { id: 'x' }) });
    expect(await createClient(stub).get(sample, { id: 'x' }, { timeoutMs: 300 })).toEqual({ id: 'x' });
    const off = createClient(new StubAdapter({ read: silence }), { retry: 'off' });
    expect(await rejectionOf(off.get(sample, { id: 'x' }, { timeoutMs: 20 }))).toMatchObject({ code: 'aborted', outcome: 'not-applied' });
  });
  test('that cannot succeed is not tried again', async () => {
    const failure: Failure = { code: 'access-denied', retryable: false, message: 'Denied.' };
    const stub = new StubAdapter({ read: failing(native, 'after'), classify: () => failure });
    expect(await rejectionOf(createClient(stub).execute(read))).toMatchObject({ code: 'access-denied', outcome: 'not-applied' });
    expect(stub.reads).toHaveLength(1);
  });
  test('never leaves a write open, whatever the adapter says', async () => {
    const stub = new StubAdapter({ read: failing(new LWTError('protocol', 'words'), 'after') });
    expect(await rejectionOf(createClient(stub).execute(read))).toMatchObject({ code: 'protocol', outcome: 'not-applied' });
  });
});
