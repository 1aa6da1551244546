import { createClient, eq, exists, update } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { deferred } from './deferred.ts';
import { sample } from './sample-table.ts';
import { StubAdapter } from './stub-adapter.ts';
import { rejectionOf, thrownBy } from './thrown-by.ts';

const write = update(sample, { id: 'x' }, { set: { s: 'y' }, if: eq(sample.columns.n, 1) });

describe('options of a call that are wrong are refused before anything is sent', () => {
  const wrong: readonly (readonly [options: unknown, message: RegExp])[] = [
    [{ timeout: 5 }, /have no timeout; they have .*timeoutMs/],
    [{ constructor: 5 }, /have no constructor/],
    [{ signal: {} }, /signal is an AbortSignal/],
    [{ signal: null }, /signal is an AbortSignal/],
    [{ timeoutMs: '5' }, /timeoutMs is a number of milliseconds/],
    [{ timeoutMs: 0.5 }, /timeoutMs is a number of milliseconds/],
    [{ existing: 'all' }, /existing is 'row' or 'condition' or 'none', not "all"/],
    [{ emulate: 'yes' }, /emulate is true or false/],
    [{ native: {} }, /native is a function/],
    [null, /are an object, not null/],
    ['fast', /are an object, not fast/],
  ];
  test.each(wrong)('%j', async (options, message) => {
    const stub = new StubAdapter();
    const db = createClient(stub, { verify: 'off' });
    for (const call of [
      db.execute(write, options as never),
      db.update(sample, { id: 'x' }, { set: { s: 'y' }, if: exists() }, options as never),
    ])
      expect(await rejectionOf(call)).toMatchObject({ code: 'invalid-statement', message: expect.stringMatching(message) as string });
    expect(thrownBy(() => db.explain(write, options as never))).toMatchObject({ code: 'invalid-statement' });
    expect(stub.executed).toEqual([]);
  });
  test('of get beside its own', async () => {
    const db = createClient(new StubAdapter());
    expect(await db.get(sample, { id: 'x' }, { consistency: 'eventual', columns: ['s'], timeoutMs: 500 })).toBeNull();
    expect(await rejectionOf(db.get(sample, { id: 'x' }, { consistancy: 'eventual' } as never))).toMatchObject({
      code: 'invalid-statement',
    });
  });
  test('an option that is undefined is left out', async () => {
    const options = { signal: undefined, timeoutMs: undefined, existing: undefined, emulate: undefined, native: undefined };
    expect(await createClient(new StubAdapter()).execute(write, options as never)).toEqual({ applied: true });
  });
});

test.each([
  ['nothing', undefined],
  ['a function, where it was not called', () => new StubAdapter()],
  ['an object that is none', { name: 'memory' }],
])('in place of an adapter, %s', (_, adapter) => {
  expect(() => createClient(adapter as never)).toThrow(/createClient takes an adapter, such as memory\(\)/);
});

describe('options of createClient that are wrong are refused at once', () => {
  const wrong: readonly unknown[] = [
    { onEvents: () => undefined },
    { onEvent: 'log' },
    { verify: 'on' },
    { timeoutMs: -1 },
    { emulate: 1 },
    { existing: '' },
    null,
  ];
  test.each(wrong)('%j', (options) => {
    expect(thrownBy(() => createClient(new StubAdapter(), options as never))).toMatchObject({ code: 'invalid-statement' });
  });
});

test('one signal may end any number of calls at once, and Node does not warn of a leak', async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listener);
  const { promise, resolve } = deferred<{ applied: true }>();
  const db = createClient(new StubAdapter({ execute: async (context) => (context.dispatched(), promise) }), { verify: 'off' });
  const { signal } = new AbortController();
  const calls = Array.from({ length: 20 }, () => db.execute(write, { signal }));
  await new Promise(setImmediate);
  process.off('warning', listener);
  resolve({ applied: true });
  await Promise.all(calls);
  expect(warnings).toEqual([]);
});
