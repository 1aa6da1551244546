import { type ClientEvent, createClient, type Failure, insert, LWTError, notExists, type RetryOptions, update } from '@onlyif/core';
import { Call } from '../src/client/call.ts';
import { standard, withRetries } from '../src/client/retry.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sample } from './sample-table.ts';
import { type Script, StubAdapter } from './stub-adapter.ts';
import { rejectionOf, thrownBy } from './thrown-by.ts';

const write = insert(sample, { id: 'x', mark: 'm' }, { if: notExists() });
const failure: Failure = { code: 'throttled', retryable: true, message: 'Slow down.' };
const native = new Error('native');

/** A script that fails so many times, and is then applied. */
function failingTimes(times: number): NonNullable<Script['execute']> {
  let sent = 0;
  return async (context) => {
    context.dispatched();
    if (++sent <= times) throw native;
    return { applied: true };
  };
}

function run(times: number, retry?: RetryOptions | 'off', failed: Failure = failure, call: object = {}) {
  const events: ClientEvent[] = [];
  const stub = new StubAdapter({ execute: failingTimes(times), classify: () => failed });
  const db = createClient(stub, { verify: 'off', onEvent: (event) => void events.push(event), ...(retry === undefined ? {} : { retry }) });
  return { stub, events, result: db.execute(write, call) };
}

const quick: RetryOptions = { baseMs: 0 };

afterEach(() => vi.restoreAllMocks());

describe('a write that was certainly not applied, and may be later', () => {
  test('is sent again, and its result says nothing of that', async () => {
    const { stub, events, result } = run(3, quick);
    expect(await result).toEqual({ applied: true });
    expect(stub.executed).toHaveLength(4);
    expect(events.map((event) => (event.type === 'attempt' ? (event.code ?? 'sent') : event.type))).toEqual([
      'throttled',
      'throttled',
      'throttled',
      'sent',
      'outcome',
    ]);
  });
  test('five times in all, then the last error, with the number of attempts', async () => {
    const { stub, result } = run(9, quick);
    expect(await rejectionOf(result)).toMatchObject({ code: 'throttled', outcome: 'not-applied', attempts: 5, cause: native });
    expect(stub.executed).toHaveLength(5);
  });
  test('as often as maxAttempts says', async () => {
    const { stub, result } = run(9, { ...quick, maxAttempts: 2 });
    await rejectionOf(result);
    expect(stub.executed).toHaveLength(2);
  });
  test('never with retry: off', async () => {
    const { stub, result } = run(9, 'off');
    expect(await rejectionOf(result)).toMatchObject({ code: 'throttled', attempts: 1 });
    expect(stub.executed).toHaveLength(1);
  });
  test('not where the budget of time is over', async () => {
    const { stub, result } = run(9, { baseMs: 0, budgetMs: 0 });
    await rejectionOf(result);
    expect(stub.executed).toHaveLength(1);
  });
  test('not where the pause would outlast the call', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.99);
    const { stub, result } = run(9, { baseMs: 40_000, maxMs: 40_000, budgetMs: 100_000 }, failure, { timeoutMs: 2_000 });
    expect(await rejectionOf(result)).toMatchObject({ code: 'throttled' });
    expect(stub.executed).toHaveLength(1);
  });
  test('not where a repeat cannot help', async () => {
    const { stub, result } = run(9, quick, { code: 'access-denied', retryable: false, message: 'No.' });
    await rejectionOf(result);
    expect(stub.executed).toHaveLength(1);
  });
  test('not after an abort during the pause: aborted, not applied', async () => {
    const abort = new AbortController();
    vi.spyOn(Math, 'random').mockReturnValue(0.99);
    const { stub, result } = run(9, { baseMs: 1_000 }, failure, { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    expect(await rejectionOf(result)).toMatchObject({ code: 'aborted', outcome: 'not-applied' });
    expect(stub.executed).toHaveLength(1);
  });
  test('the pause is random, up to a limit that doubles to maxMs', async () => {
    const pauses: number[] = [];
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const schedule = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((work: () => void, ms = 0) => {
      const isPause = ms <= 60;
      if (isPause) pauses.push(ms);
      return schedule(work, isPause ? 0 : ms);
    });
    await rejectionOf(run(9, { baseMs: 10, maxMs: 60, maxAttempts: 5 }).result);
    expect(pauses).toEqual([10, 20, 30, 30]);
  });
});

test('what may have been written is not repeated, whatever the error says of a later try', async () => {
  let times = 0;
  const work = async (): Promise<never> => {
    times++;
    throw new LWTError('outcome-unknown', 'words', { retryable: true });
  };
  await rejectionOf(withRetries(standard, new Call(1_000, undefined, undefined), work));
  expect(times).toBe(1);
});

describe('retry options', () => {
  const wrong: readonly unknown[] = [
    'on',
    5,
    { maxAttempts: 0 },
    { maxAttempts: 1.5 },
    { baseMs: -1 },
    { maxMs: Number.NaN },
    { attempts: 3 },
    { budgetMs: '5' },
  ];
  test.each(wrong)('%j is refused', (retry) => {
    expect(thrownBy(() => createClient(new StubAdapter(), { retry: retry as never }))).toMatchObject({ code: 'invalid-statement' });
  });
});

test('a clock that jumps changes neither the time of a call nor its repeats', async () => {
  vi.spyOn(Date, 'now').mockReturnValueOnce(0).mockReturnValue(9e15);
  const { result } = run(2, quick, failure, { timeoutMs: 5_000 });
  expect(await result).toEqual({ applied: true });
});

test('nothing is repeated that the server called wrong', async () => {
  const stub = new StubAdapter({
    execute: async () => {
      throw new LWTError('schema-mismatch', 'words');
    },
  });
  const statement = update(sample, { id: 'x' }, { set: { n: 1 }, if: { mark: 'm' } });
  await rejectionOf(createClient(stub, { verify: 'off' }).execute(statement));
  expect(stub.executed).toHaveLength(1);
});
