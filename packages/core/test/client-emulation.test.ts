import {
  type Answer,
  append,
  type ClientEvent,
  createClient,
  defineTable,
  describeCondition,
  emulation,
  eq,
  exists,
  type Failure,
  increment,
  int,
  isNull,
  lt,
  LWTError,
  ne,
  nodeOf,
  or,
  putEntry,
  type Row,
  type Statement,
  text,
  unsupported,
  update,
  upsert,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { shelf } from './collections-table.ts';
import { answering, failing, type Script, silence, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const c = shelf.columns;
const key = { id: 'x' };
const row: Row = { ...Object.fromEntries(shelf.all.map(({ name }) => [name, null])), id: 'x', mark: 'm', n: 4, steps: [1] };
const either = or(isNull(c.n), lt(c.n, 5));
const write = update(shelf, key, { set: { cost: '1' }, if: either });
const native = new Error('native');
const lost: Answer = { applied: false, known: 'nothing' };

/** A dialect that cannot say `or`, nor any mutation. */
const compile: NonNullable<Script['compile']> = (statement, options) => {
  const hard = statement.kind !== 'get' && (statement.if.kind === 'or' || JSON.stringify(statement).includes('"kind":"append"'));
  if (hard) throw unsupported('No.', emulation);
  return {
    statement,
    requests: [{ stub: statement.kind }],
    notes: [],
    cost: { roundTrips: { applied: 1, notApplied: 1, rowAbsent: 1 } },
    options,
  };
};
const stubOf = (script: Script): StubAdapter => new StubAdapter({ compile, read: reading(row), ...script });
const reading =
  (value: Row | null): NonNullable<Script['read']> =>
  async (context) => {
    context.dispatched();
    return value;
  };

interface Ran {
  readonly stub: StubAdapter;
  readonly events: readonly ClientEvent[];
  readonly call: Promise<unknown>;
}
function run(script: Script, statement: Statement = write, options: object = {}): Ran {
  const stub = stubOf(script);
  const events: ClientEvent[] = [];
  const client = createClient(stub, { verify: 'off', emulate: true, onEvent: (event) => events.push(event) });
  return { stub, events, call: client.execute(statement as never, options) };
}

const written = (stub: StubAdapter): readonly Statement[] => stub.executed.map(({ statement }) => statement);

describe('emulation is asked for', () => {
  test('it is off by default: the refusal is thrown, and nothing is sent', async () => {
    const stub = stubOf({});
    const error = await rejectionOf(createClient(stub, { verify: 'off' }).execute(write));
    expect(error).toMatchObject({ code: 'unsupported', alternative: 'emulate: true', outcome: 'not-applied' });
    expect([stub.reads.length, stub.executed.length]).toEqual([0, 0]);
  });
  test('by the call, and the call can take it back', async () => {
    const stub = stubOf({});
    expect(await createClient(stub, { verify: 'off' }).execute(write, { emulate: true })).toEqual({ applied: true });
    const { call } = run({}, write, { emulate: false });
    expect(await rejectionOf(call)).toMatchObject({ code: 'unsupported' });
  });
  test('a refusal with another alternative stays one', async () => {
    const refuse = (): never => {
      throw unsupported('No.', 'split');
    };
    const { call, stub } = run({ compile: refuse });
    expect(await rejectionOf(call)).toMatchObject({ code: 'unsupported', alternative: 'split' });
    expect(stub.reads).toEqual([]);
  });
  test('what can be said is sent as it is', async () => {
    const { call, stub, events } = run({}, update(shelf, key, { set: { cost: '1' }, if: eq(c.n, 4) }));
    expect(await call).toEqual({ applied: true });
    expect([stub.reads.length, stub.executed.length]).toEqual([0, 1]);
    expect(events.map(({ type }) => type)).toEqual(['attempt', 'outcome']);
  });
});

describe('one round: a strong read, and a write pinned to what was read', () => {
  test('of the columns of the condition', async () => {
    const { call, stub } = run({});
    expect(await call).toEqual({ applied: true });
    expect(stub.reads.map(({ statement }) => statement)).toMatchObject([{ kind: 'get', key, consistency: 'strong', columns: undefined }]);
    expect(written(stub)).toMatchObject([{ kind: 'update', key, set: { cost: '1' }, if: nodeOf(eq(c.n, 4)) }]);
    expect(stub.executed).toMatchObject([{ options: { existing: 'condition' } }]);
  });
  test('a null is pinned as null, a mutated column by its value', async () => {
    const statement = update(shelf, key, { set: { steps: append(2) }, if: or(isNull(c.cost), eq(c.n, 9)) });
    const { call, stub } = run({}, statement);
    expect(await call).toEqual({ applied: true });
    expect(written(stub)).toMatchObject([
      {
        set: { steps: [1, 2] },
        if: { kind: 'and', nodes: [isNull(c.cost), eq(c.n, 4), eq(c.steps, [1])].map((node) => nodeOf(node as never)) },
      },
    ]);
  });
  test('an absent row is pinned by an insert', async () => {
    const statement = upsert(shelf, key, { set: { mark: 'm', limits: putEntry('a', 1) }, if: or(isNull(c.n), lt(c.n, 5)) });
    const { call, stub } = run({ read: reading(null) }, statement);
    expect(await call).toEqual({ applied: true });
    expect(written(stub)).toMatchObject([
      { kind: 'insert', key, set: { mark: 'm', limits: new Map([['a', 1]]) }, if: { kind: 'notExists' } },
    ]);
  });
  test('not applied at the read: nothing is written, and the row is the one that was judged', async () => {
    const { call, stub } = run({ read: reading({ ...row, n: 7 }) });
    expect(await call).toEqual({ applied: false, existing: { ...row, n: 7 }, source: 'decision' });
    expect([stub.reads.length, stub.executed.length]).toEqual([1, 0]);
  });
  test('an update of an absent row is not applied, whatever nulls fulfil', async () => {
    const { call, stub } = run({ read: reading(null) });
    expect(await call).toEqual({ applied: false, existing: null, source: 'decision' });
    expect(stub.executed).toEqual([]);
  });
  test('R34 the modes hold', async () => {
    const answers = (['condition', 'none'] as const).map((existing) => run({ read: reading({ ...row, n: 7 }) }, write, { existing }).call);
    expect(await Promise.all(answers)).toEqual([
      { applied: false, existing: { id: 'x', n: 7 }, source: 'decision' },
      { applied: false, source: 'decision' },
    ]);
  });
});

/** Rejects the first pinned writes, then applies. */
function losing(rounds: number): NonNullable<Script['execute']> {
  let count = 0;
  return async (context) => {
    context.dispatched();
    return ++count <= rounds ? lost : { applied: true };
  };
}

describe('R2 where a condition cannot say that its row is there', () => {
  const pinsGuard = { capabilities: { pinsGuard: true } } as const;
  const cost = { set: { cost: '1' } };
  const cases: readonly (readonly [name: string, statement: Statement, pins: string])[] = [
    ['nulls may fulfil the condition: a notNull column is pinned', write, 'n = 4 and mark = "m"'],
    ['only a row fulfils it: it is not', update(shelf, key, { ...cost, if: or(eq(c.n, 4), eq(c.n, 5), lt(c.n, 3)) }), 'n = 4'],
    [
      'a mutation of what may be null',
      update(shelf, key, { set: { steps: append(2) }, if: isNull(c.cost) }),
      'cost is null and steps = [1] and mark = "m"',
    ],
    ['a mutation under exists()', update(shelf, key, { set: { steps: append(2) }, if: exists() }), 'steps = [1] and mark = "m"'],
  ];
  test.each(cases)('%s', async (_, statement, pins) => {
    const { call, stub } = run(pinsGuard, statement);
    expect(await call).toEqual({ applied: true });
    const [pinned] = written(stub);
    expect(pinned?.kind !== 'get' && pinned && describeCondition(pinned.if)).toBe(pins);
  });
  test('elsewhere no column is pinned that the statement does not read', async () => {
    const { call, stub } = run({});
    expect(await call).toEqual({ applied: true });
    const [pinned] = written(stub);
    expect(pinned?.kind !== 'get' && pinned && describeCondition(pinned.if)).toBe('n = 4');
  });
});

describe('rounds', () => {
  test('another writer in between begins the round anew, and every round is an event', async () => {
    const { call, stub, events } = run({ execute: losing(3) });
    expect(await call).toEqual({ applied: true });
    expect([stub.reads.length, stub.executed.length]).toEqual([4, 4]);
    expect(events.flatMap((event) => (event.type === 'emulation-round' ? [event.round] : []))).toEqual([1, 2, 3, 4]);
    expect(events.flatMap((event) => (event.type === 'attempt' ? [event.purpose] : []))).toEqual(
      [1, 2, 3, 4].flatMap(() => ['emulation-read', 'write']),
    );
    const [round] = events;
    expect(round).toMatchObject({
      type: 'emulation-round',
      round: 1,
      table: 'shelf',
      verb: 'update',
      dialect: 'stub',
      keyHash: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(Object.isFrozen(round)).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'outcome', outcome: 'applied', attempts: 8 });
  });
  test('the row is judged anew', async () => {
    let reads = 0;
    const read: Script['read'] = async (context) => {
      context.dispatched();
      return { ...row, n: reads++ === 0 ? 4 : 5 };
    };
    const { call, stub } = run({ execute: losing(1), read });
    expect(await call).toMatchObject({ applied: false, existing: { n: 5 }, source: 'decision' });
    expect([stub.reads.length, stub.executed.length]).toEqual([2, 1]);
  });
  test('after 10 it is contention: not applied, and a later try may succeed', async () => {
    const { call, stub, events } = run({ execute: answering(lost) });
    expect(await rejectionOf(call)).toMatchObject({
      code: 'contention',
      outcome: 'not-applied',
      retryable: true,
      attempts: 20,
      statement: write,
      dialect: 'stub',
    });
    expect([stub.reads.length, stub.executed.length]).toEqual([10, 10]);
    expect(events.filter(({ type }) => type === 'emulation-round')).toHaveLength(10);
    expect(events.at(-1)).toMatchObject({ type: 'outcome', outcome: 'not-applied', code: 'contention' });
  });
});

describe('failures', () => {
  test('a pinned write whose outcome is not known ends the call: it is never sent again', async () => {
    const { call, stub, events } = run({ execute: failing(native, 'after') });
    expect(await rejectionOf(call)).toMatchObject({
      code: 'outcome-unknown',
      outcome: 'unknown',
      cause: native,
      statement: write,
      attempts: 3,
      observed: row,
    });
    expect(stub.executed).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'outcome', outcome: 'unknown', code: 'outcome-unknown' });
  });
  test.each<readonly [string, Failure]>([
    ['retryable and open', { code: 'outcome-unknown', retryable: true, message: 'x' }],
    ['not applied and final', { code: 'access-denied', retryable: false, message: 'x' }],
  ])('a pinned write that fails %s ends the call', async (_, failure) => {
    const { call, stub } = run({ execute: failing(native, 'after'), classify: () => failure });
    expect(await rejectionOf(call)).toMatchObject({ code: failure.code, cause: native });
    expect(stub.executed).toHaveLength(1);
  });
  test('one that certainly failed for now begins the round anew', async () => {
    let writes = 0;
    const execute: Script['execute'] = async (context) => {
      context.dispatched();
      if (++writes === 1) throw native;
      return { applied: true };
    };
    const { call, stub } = run({ execute, classify: () => ({ code: 'throttled', retryable: true, message: 'Slow down.' }) });
    expect(await call).toEqual({ applied: true });
    expect([stub.reads.length, stub.executed.length]).toEqual([2, 2]);
  });
  test('a read that fails is tried again', async () => {
    let reads = 0;
    const read: Script['read'] = async (context) => {
      context.dispatched();
      if (++reads <= 6) throw native;
      return row;
    };
    const { call, stub, events } = run({ read });
    expect(await call).toEqual({ applied: true });
    expect([stub.reads.length, stub.executed.length]).toEqual([7, 1]);
    // Five tries a round.
    expect(events.filter(({ type }) => type === 'emulation-round')).toHaveLength(2);
  });
  test('one that cannot succeed ends the call, not applied', async () => {
    const { call, stub } = run({ read: failing(new LWTError('schema-mismatch', 'null in a notNull column'), 'after') });
    expect(await rejectionOf(call)).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied' });
    expect([stub.reads.length, stub.executed.length]).toEqual([1, 0]);
  });
  test('R21 a sum out of range is invalid-value, and nothing is written', async () => {
    const statement = update(shelf, key, { set: { n: increment(2 ** 31 - 1) }, if: either });
    const { call, stub } = run({}, statement);
    expect(await rejectionOf(call)).toMatchObject({ code: 'invalid-value', outcome: 'not-applied', retryable: false });
    expect(stub.executed).toEqual([]);
  });
});

describe('giving up', () => {
  const aborting = (purpose: 'read' | 'execute', after: 'answer' | 'never'): { readonly script: Script; readonly signal: AbortSignal } => {
    const abort = new AbortController();
    const script: Script = {
      [purpose]: async (context: Parameters<NonNullable<Script['execute']>>[0]) => {
        context.dispatched();
        abort.abort(native);
        if (after === 'never') return silence(context);
        return purpose === 'read' ? row : lost;
      },
    };
    return { script, signal: abort.signal };
  };
  test('during the read: aborted, nothing written', async () => {
    const { script, signal } = aborting('read', 'never');
    const { call, stub } = run(script, write, { signal });
    expect(await rejectionOf(call)).toMatchObject({ code: 'aborted', outcome: 'not-applied', cause: native });
    expect(stub.executed).toEqual([]);
  });
  test('between the read and the write: aborted, and the write never goes out', async () => {
    const { script, signal } = aborting('read', 'answer');
    const { call, events } = run(script, write, { signal });
    expect(await rejectionOf(call)).toMatchObject({ code: 'aborted', outcome: 'not-applied', cause: native, attempts: 1 });
    expect(events.at(-1)).toMatchObject({ outcome: 'not-applied', attempts: 1 });
  });
  test('between two rounds: aborted, although writes went out before', async () => {
    const abort = new AbortController();
    const stub = stubOf({ execute: answering(lost) });
    // The event follows the answer.
    const onEvent = (event: ClientEvent): void => {
      if (event.type === 'attempt' && event.purpose === 'write') abort.abort(native);
    };
    const client = createClient(stub, { verify: 'off', emulate: true, onEvent });
    const error = await rejectionOf(client.execute(write, { signal: abort.signal }));
    expect(error).toMatchObject({ code: 'aborted', outcome: 'not-applied', cause: native, attempts: 2 });
    expect([stub.reads.length, stub.executed.length]).toEqual([1, 1]);
  });
  test('while the pinned write is under way: outcome-unknown, whatever the answer would be', async () => {
    const { script, signal } = aborting('execute', 'answer');
    const { call, stub } = run(script, write, { signal });
    expect(await rejectionOf(call)).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown', cause: native });
    expect(stub.executed).toHaveLength(1);
  });
  test('during the read of a later round: aborted', async () => {
    let reads = 0;
    const read: Script['read'] = async (context) => {
      context.dispatched();
      return ++reads === 1 ? row : silence(context);
    };
    const { call } = run({ read, execute: losing(1) }, write, { timeoutMs: 100 });
    expect(await rejectionOf(call)).toMatchObject({
      code: 'aborted',
      outcome: 'not-applied',
      retryable: true,
      cause: { name: 'TimeoutError' },
    });
  });
  test('after the pinned write went out: outcome-unknown', async () => {
    const { call } = run({ execute: silence }, write, { timeoutMs: 30 });
    expect(await rejectionOf(call)).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown', cause: { name: 'TimeoutError' } });
  });
});

test('a pair and ne are judged by the reference', async () => {
  const statement = update(shelf, key, { set: { cost: '1' }, if: or(ne(c.n, 4), eq(c.tags, c.labels)) });
  expect(await run({}, statement).call).toMatchObject({ applied: false, source: 'decision' });
});

describe('a failed pin shows the columns as they were at that moment', () => {
  const rejecting = (...answers: readonly Answer[]): NonNullable<Script['execute']> => {
    const left = [...answers];
    return async (context) => {
      context.dispatched();
      return left.shift() ?? { applied: true };
    };
  };
  test('where the condition holds on them, the next round is a write alone, pinned to them', async () => {
    const { stub, call } = run({ execute: rejecting({ applied: false, known: 'columns', columns: { n: 3 } }) });
    expect(await call).toEqual({ applied: true });
    expect([stub.reads.length, stub.executed.length]).toEqual([1, 2]);
    expect(JSON.stringify(written(stub)[1], (_, value: unknown) => value)).toContain('"value":3');
  });
  test('where it does not, the whole row is read, and judged, for the rejection to show', async () => {
    const rows: Row[] = [row, { ...row, n: 9, cost: '7' }];
    const read: Script['read'] = async (context) => {
      context.dispatched();
      return rows.shift() ?? null;
    };
    const { stub, call } = run({ read, execute: rejecting({ applied: false, known: 'columns', columns: { n: 8 } }) });
    expect(await call).toMatchObject({ applied: false, existing: { n: 9, cost: '7' }, source: 'decision' });
    expect(stub.reads).toHaveLength(2);
  });
  test('a whole row is judged as it is, absent or not', async () => {
    const seen = { ...row, n: 9 };
    const { stub, call } = run({ execute: rejecting({ applied: false, known: 'row', row: seen }) });
    expect(await call).toEqual({ applied: false, existing: seen, source: 'decision' });
    const gone = run({ execute: rejecting({ applied: false, known: 'row', row: null }) });
    expect(await gone.call).toEqual({ applied: false, existing: null, source: 'decision' });
    expect([stub.reads.length, gone.stub.reads.length]).toEqual([1, 1]);
  });
  test('R21 a mutation is computed from them', async () => {
    const statement = update(shelf, key, { set: { n: increment(5) }, if: either });
    const { stub, call } = run({ execute: rejecting({ applied: false, known: 'columns', columns: { n: 1 } }) }, statement);
    expect(await call).toEqual({ applied: true });
    expect(written(stub).map((sent) => (sent as { set: Row }).set['n'])).toEqual([9, 6]);
  });
});

test('R38 the write of each round is a request of its own', async () => {
  const seen: string[] = [];
  const execute: Script['execute'] = async (context) => {
    context.dispatched();
    seen.push(context.requestToken);
    return seen.length < 3 ? lost : { applied: true };
  };
  await run({ execute }).call;
  expect(new Set(seen).size).toBe(3);
});

describe('with a write token', () => {
  const table = defineTable('tokened', {
    columns: { id: text(), n: int(), token: text(), mark: text().notNull() },
    partitionKey: ['id'],
    writeToken: 'token',
  });
  const before: Row = { id: 'x', n: 4, token: 'before', mark: 'm' };
  const hard = update(table, key, { set: { n: 5 }, if: or(isNull(table.columns.n), lt(table.columns.n, 5)) });
  const pins = (statement: Statement | undefined): string =>
    JSON.stringify((statement as { if: unknown }).if, ['kind', 'nodes', 'left', 'name', 'right', 'value']);

  test('the token is pinned beside what the condition reads, so that the outcome can be settled', async () => {
    const { stub, call } = run({ read: reading(before) }, hard);
    expect(await call).toEqual({ applied: true });
    expect(pins(written(stub)[0])).toMatch(/"name":"n".*"value":4.*"name":"token".*"value":"before"/);
  });
  test('R35 an unknown round is fenced, and the next one begins anew', async () => {
    const tokens = ['before', 'before', 'fenced'];
    const read: Script['read'] = async (context) => {
      context.dispatched();
      return { ...before, token: tokens.shift() ?? 'fenced' };
    };
    let sent = 0;
    const execute: Script['execute'] = async (context) => {
      context.dispatched();
      if (++sent === 1) throw native;
      return { applied: true };
    };
    const { stub, events, call } = run({ read, execute }, hard);
    expect(await call).toEqual({ applied: true });
    expect(events.flatMap((event) => (event.type === 'attempt' ? [event.purpose] : []))).toEqual([
      'emulation-read',
      'write',
      'resolving-read',
      'fence',
      'emulation-read',
      'write',
    ]);
    expect(pins(written(stub)[2])).toContain('"value":"fenced"');
  });
  test('a row that carries the own token was written by an earlier round: applied, and never a second time', async () => {
    const { stub, call } = run({ read: reading({ ...before, n: 5, token: 'mine' }) }, hard, { token: 'mine' });
    expect(await call).toEqual({ applied: true });
    expect(written(stub)).toEqual([]);
  });
  test('a rejection that shows the own token is the second answer to a doubled request, in the last round too', async () => {
    let sent = 0;
    const execute: Script['execute'] = async (context) => {
      context.dispatched();
      const columns = ++sent < 10 ? { n: 4, token: 'another' } : { n: 5, token: 'mine' };
      return { applied: false, known: 'columns', columns };
    };
    const { stub, call } = run({ read: reading(before), execute }, hard, { token: 'mine' });
    expect(await call).toEqual({ applied: true });
    expect(written(stub)).toHaveLength(10);
  });
});
