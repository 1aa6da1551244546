import { type ClientEvent, createClient, eq, get, LWTError, type ScanFinding, type TableDescription, update } from '@onlyif/core';
import { describe, expect, test, vi } from 'vitest';
import { compareTable } from '../src/client/compare-table.ts';
import { deferred } from './deferred.ts';
import { sample, shared } from './sample-table.ts';
import { type Script, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const write = update(sample, { id: 'x' }, { set: { m: 1 }, if: eq(sample.columns.n, 5) });
const other = update(shared, { id: 'x', at: 1 }, { set: { n: 1 }, if: eq(shared.columns.n, 5) });
const fits: TableDescription = { found: [], wanted: [], problems: [] };

describe('a table is verified', () => {
  test('once, for any number of first writes at once', async () => {
    const stub = new StubAdapter({ describe: async () => new Promise((resolve) => setImmediate(() => resolve(fits))) });
    const client = createClient(stub);
    await Promise.all(Array.from({ length: 20 }, () => client.execute(write)));
    await client.execute(write);
    expect(stub.described).toEqual([sample]);
    expect(stub.executed).toHaveLength(21);
  });
  test('before anything is executed', async () => {
    const order: string[] = [];
    const script: Script = {
      describe: async () => (order.push('describe'), fits),
      execute: async (context) => (order.push('execute'), context.dispatched(), { applied: true }),
    };
    await createClient(new StubAdapter(script)).execute(write);
    expect(order).toEqual(['describe', 'execute']);
  });
  test('each by itself', async () => {
    const stub = new StubAdapter();
    const client = createClient(stub);
    await Promise.all([client.execute(write), client.execute(other)]);
    expect(stub.described).toEqual([sample, shared]);
  });
  test('not for a read', async () => {
    const stub = new StubAdapter();
    await createClient(stub).execute(get(sample, { id: 'x' }));
    expect(stub.described).toEqual([]);
  });
  test("not at all with verify: 'off'", async () => {
    const stub = new StubAdapter({ describe: async () => null });
    expect(await createClient(stub, { verify: 'off' }).execute(write)).toEqual({ applied: true });
    expect(stub.described).toEqual([]);
  });
});

describe('a verification that failed', () => {
  test('ends every write that waits for it, and is tried again', async () => {
    let tries = 0;
    const stub = new StubAdapter({
      describe: async () => {
        if (++tries === 1) throw new Error('the connection is gone');
        return fits;
      },
    });
    const client = createClient(stub);
    const errors = await Promise.all([rejectionOf(client.execute(write)), rejectionOf(client.execute(write))]);
    for (const error of errors) expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true, attempts: 0 });
    expect(stub.executed).toEqual([]);
    expect(await client.execute(write)).toEqual({ applied: true });
    expect(tries).toBe(2);
  });
  test('for a table that is missing: schema-mismatch, and again until it is there', async () => {
    let description: TableDescription | null = null;
    const client = createClient(new StubAdapter({ describe: async () => description }));
    expect(await rejectionOf(client.execute(write))).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied', attempts: 0 });
    description = fits;
    expect(await client.execute(write)).toEqual({ applied: true });
  });
  test('R4 for a problem that the adapter found: schema-mismatch that names it', async () => {
    const client = createClient(new StubAdapter({ describe: async () => ({ ...fits, problems: ['It has default_time_to_live = 5.'] }) }));
    const error = await rejectionOf(client.execute(write));
    expect([error.code, error.message]).toEqual(['schema-mismatch', expect.stringContaining('default_time_to_live = 5')]);
  });
  test('with an LWTError of the adapter: that error', async () => {
    const old = new LWTError('unsupported', 'The server is too old.', { alternative: 'a newer one' });
    const client = createClient(
      new StubAdapter({
        describe: async () => {
          throw old;
        },
      }),
    );
    expect(await rejectionOf(client.execute(write))).toMatchObject({ code: 'unsupported', alternative: 'a newer one', statement: write });
  });
});

test('that is never answered is given up, and the next write asks again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const signals: (AbortSignal | undefined)[] = [];
  const stub = new StubAdapter();
  const describeTable = stub.tables.describe;
  stub.tables.describe = (_table, signal?: AbortSignal) => (signals.push(signal), new Promise<never>(() => undefined));
  const client = createClient(stub);
  const calls = [1, 2].map(() => rejectionOf(client.execute(write, { timeoutMs: 60_000 })));
  await vi.advanceTimersByTimeAsync(30_000);
  for (const error of await Promise.all(calls))
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  stub.tables.describe = describeTable;
  expect(await client.execute(write)).toEqual({ applied: true });
  vi.useRealTimers();
});

test('access denied: skipped, with one event, and the writes go on', async () => {
  const events: ClientEvent[] = [];
  const stub = new StubAdapter({
    describe: async () => {
      throw new Error('denied');
    },
    classify: () => ({ code: 'access-denied', retryable: false, message: 'Denied.' }),
  });
  const client = createClient(stub, { onEvent: (event) => events.push(event) });
  await Promise.all([client.execute(write), client.execute(write)]);
  await client.execute(write);
  expect(stub.described).toHaveLength(1);
  expect(stub.executed).toHaveLength(3);
  expect(events.filter(({ type }) => type === 'verification-skipped')).toHaveLength(1);
});

test('access denied for the moment: asked again a minute later', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const answers: (TableDescription | Error)[] = [new Error('denied'), new Error('denied'), { ...fits, problems: ['It has another type.'] }];
  const events: ClientEvent[] = [];
  const stub = new StubAdapter({
    describe: async () => {
      const answer = answers.shift() ?? fits;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    classify: () => ({ code: 'access-denied', retryable: false, message: 'Denied.' }),
  });
  const client = createClient(stub, { onEvent: (event) => events.push(event) });
  const minuteMs = 60_000;
  for (const [waitedMs, asked] of [
    [0, 1],
    [minuteMs - 1, 1],
    [1, 2],
  ] as const) {
    vi.advanceTimersByTime(waitedMs);
    expect(await client.execute(write)).toEqual({ applied: true });
    expect(stub.described).toHaveLength(asked);
  }
  vi.advanceTimersByTime(minuteMs);
  expect(await rejectionOf(client.execute(write))).toMatchObject({ code: 'schema-mismatch' });
  expect(await client.execute(write)).toEqual({ applied: true });
  expect(events.filter(({ type }) => type === 'verification-skipped')).toHaveLength(1);
  vi.useRealTimers();
});

test('writes that went on without permission to look do not depend on it when it is asked again', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let code: 'access-denied' | 'unavailable' = 'access-denied';
  const stub = new StubAdapter({
    describe: async () => {
      throw new Error('no description');
    },
    classify: () => ({ code, retryable: false, message: 'No.' }),
  });
  const client = createClient(stub);
  expect(await client.execute(write)).toEqual({ applied: true });
  code = 'unavailable';
  vi.advanceTimersByTime(60_000);
  expect(await client.execute(write)).toEqual({ applied: true });
  expect(stub.described).toHaveLength(2);
  vi.useRealTimers();
});

test('what was found is told although the call that began it was given up', async () => {
  const inspected = deferred<TableDescription>();
  const events: ClientEvent[] = [];
  const client = createClient(new StubAdapter({ describe: () => inspected.promise }), { onEvent: (event) => events.push(event) });
  const abort = new AbortController();
  const given = rejectionOf(client.execute(write, { signal: abort.signal }));
  const waiting = client.execute(write);
  abort.abort();
  expect(await given).toMatchObject({ code: 'aborted' });
  inspected.resolve({ ...fits, warnings: ['It has timestamps of clients.'] });
  await waiting;
  const warnings = events.flatMap((event) => (event.type === 'verification-warning' ? [event.warning] : []));
  expect(warnings).toEqual(['It has timestamps of clients.']);
});

describe('verifyTable({ scan: true })', () => {
  const scanning = (...findings: readonly ScanFinding[]): StubAdapter =>
    new StubAdapter({
      scan: async function* () {
        yield* findings;
      },
    });
  const finding = (id: string, kind: ScanFinding['kind'], name: 'n' | 'm'): ScanFinding => ({
    key: { id },
    kind,
    column: sample.columns[name],
  });

  test('that finds nothing is fine', async () => {
    await createClient(scanning()).verifyTable(sample, { scan: true });
  });
  test('is not made unless asked for', async () => {
    await createClient(scanning(finding('x', 'null', 'n'))).verifyTable(sample);
  });
  test('R4, R44 names columns and keys, nulls and future write times apart', async () => {
    const stub = scanning(finding('a', 'null', 'n'), finding('b', 'future', 'm'), finding('c', 'null', 'n'));
    const error = await rejectionOf(createClient(stub).verifyTable(sample, { scan: true }));
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
    expect(error.message).toMatch(/no value in the notNull column n: id = a; id = c\..*m have a write time in the future.*: id = b\./);
  });
  test('shows five keys of each', async () => {
    const many = Array.from({ length: 9 }, (_, i) => finding(String(i), 'future', 'm'));
    const error = await rejectionOf(createClient(scanning(...many, finding('last', 'null', 'n'))).verifyTable(sample, { scan: true }));
    expect(error.message).toContain('id = 0; id = 1; id = 2; id = 3; id = 4; ….');
    expect(error.message).toContain('id = last');
  });
});

describe('compareTable', () => {
  type Column = TableDescription['found'][number];
  const id: Column = { name: 'id', type: 'text', role: 'partition' };
  const at: Column = { name: 'at', type: 'int', role: 'clustering' };
  const n: Column = { name: 'n', type: 'int', role: 'regular' };
  const cases: readonly (readonly [name: string, found: readonly Column[], wanted: readonly Column[], problems: readonly string[]])[] = [
    ['the same', [id, at, n], [id, at, n], []],
    ['a regular column that the definition does not name', [id, n], [id], []],
    ['a missing column', [id], [id, n], ['The column n (int) is missing.']],
    ['another type', [id, { ...n, type: 'bigint' }], [id, n], ['The column n is bigint, and is defined as int.']],
    ['another role', [id, { ...n, role: 'static' }], [id, n], ['The column n is a static column, and is defined as a regular column.']],
    ['a key column that the definition does not name', [id, at], [id], ['The clustering key column at is not in the definition.']],
    [
      'another order of the key',
      [id, at, { ...n, role: 'clustering' }],
      [id, { ...n, role: 'clustering' }, at],
      ['The key is (id, at, n), and is defined as (id, n, at).'],
    ],
  ];
  test.each(cases)('%s', (_, found, wanted, problems) => {
    expect(compareTable({ found, wanted, problems: [] })).toEqual(problems);
  });
});
