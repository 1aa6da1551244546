import {
  type Answer,
  type CallContext,
  type ClientEvent,
  type ClientOptions,
  type Compiled,
  createClient,
  defineTable,
  deleteRow,
  eq,
  type Failure,
  insert,
  int,
  ne,
  notExists,
  or,
  type Row,
  text,
  update,
  upsert,
  type WriteNode,
} from '@onlyif/core';
import { describe, expect, test, vi } from 'vitest';
import { silence, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const table = defineTable('accounts', {
  columns: { id: text(), n: int(), version: int(), lwt_token: text(), mark: text().notNull() },
  partitionKey: ['id'],
  writeToken: 'lwt_token',
  version: 'version',
});
const { columns } = table;
const key = { id: 'x' };
const stored = { id: 'x', n: 1, version: 5, lwt_token: 'before', mark: 'm' };

const unpinned = update(table, key, { set: { n: 2 }, if: eq(columns.n, 1) });
const byToken = update(table, key, { set: { n: 2 }, if: eq(columns.lwt_token, 'before') });
const byVersion = update(table, key, { set: { n: 2, version: 6 }, if: { version: 5, n: 1 } });
const removal = deleteRow(table, key, { if: { version: 5 } });
const created = insert(table, { id: 'x', mark: 'm' }, { if: notExists() });

const lost = new Error('the reply was lost');
const silent: Failure = { code: 'outcome-unknown', retryable: false, message: 'No answer.' };
const gaveUp: Failure = { code: 'outcome-unknown', retryable: false, message: 'CAS timeout.', answered: true };

/** What happens to one request: the server answers, the write is done and the reply lost, or neither. */
type Fate = 'answers' | 'lost after it' | 'lost before it' | 'throttled';

interface Options {
  readonly failure?: Failure;
  readonly readCloses?: boolean;
  readonly fates?: readonly Fate[];
  /** What another writer does before the n-th read. */
  readonly meanwhile?: (read: number) => Row | null | undefined;
  readonly repeatableMs?: number;
}

/** A stub of one row, in which requests meet their fates in turn and then are answered. */
class OneRow extends StubAdapter {
  row: Row | null;
  readonly tokens: string[] = [];
  readonly #fates: Fate[];

  constructor(row: Row | null, { failure = silent, readCloses = false, fates = ['lost after it'], meanwhile, repeatableMs = 0 }: Options) {
    let reads = 0;
    super({
      execute: (context, compiled) => this.#execute(context, compiled),
      read: async (context) => {
        context.dispatched();
        const other = meanwhile?.(++reads);
        if (other !== undefined) this.row = other;
        return this.row;
      },
      classify: (error) => (error === lost ? failure : { code: 'throttled', retryable: true, message: 'Slow down.' }),
    });
    this.row = row;
    this.#fates = [...fates];
    Object.assign(this.dialect.capabilities, { readCloses });
    const compile = this.dialect.compile.bind(this.dialect);
    Object.assign(this.dialect, { compile: (...args: Parameters<typeof compile>) => ({ ...compile(...args), repeatableMs }) });
  }

  async #execute(context: CallContext, { statement }: Compiled): Promise<Answer> {
    context.dispatched();
    this.tokens.push(context.requestToken);
    const fate = this.#fates.shift() ?? 'answers';
    if (fate === 'throttled') throw new Error('throttled');
    if (fate === 'lost before it') throw lost;
    const answer = this.#judge(statement as WriteNode);
    if (fate === 'lost after it') throw lost;
    return answer;
  }

  #judge(statement: WriteNode): Answer {
    const { row } = this;
    const wanted = Object.entries(conditionValues(statement));
    const holds = statement.if.kind === 'notExists' ? row === null : row !== null && wanted.every(([name, value]) => row[name] === value);
    if (!holds) return { applied: false, known: 'row', row };
    this.row = statement.kind === 'delete' ? null : { ...emptied, ...row, ...statement.key, ...statement.set };
    return { applied: true };
  }
}

const emptied = { n: null, version: null, lwt_token: null };

/** The equalities of a condition that is nothing but equalities. */
function conditionValues({ if: condition }: WriteNode): Row {
  if (condition.kind === 'exists' || condition.kind === 'notExists') return {};
  const clauses = condition.kind === 'and' ? condition.nodes : [condition];
  return Object.fromEntries(
    clauses.flatMap((clause) =>
      clause.kind === 'eq' && clause.left.kind === 'column' && clause.right.kind === 'value'
        ? [[clause.left.name, clause.right.value]]
        : [],
    ),
  );
}

function setUp(row: Row | null, options: Options = {}, client: ClientOptions = {}) {
  const events: ClientEvent[] = [];
  const stub = new OneRow(row, options);
  const db = createClient(stub, { verify: 'off', retry: 'off', onEvent: (event) => void events.push(event), ...client });
  const resolution = (): unknown =>
    events.filter(({ type }) => type === 'resolution').map((event) => ('by' in event ? event.by : undefined));
  const sent = (): readonly string[] => events.flatMap((event) => (event.type === 'attempt' ? [event.purpose] : []));
  return { db, stub, events, resolution, sent };
}

describe('R35 a lost reply', () => {
  test.each([
    ['update', unpinned, stored],
    ['insert', created, null],
    ['upsert', upsert(table, key, { set: { n: 2, mark: 'm' }, if: eq(columns.n, 1) }), stored],
  ] as const)('of an applied %s: the row carries the token, so it was applied', async (_, statement, row) => {
    const { db, resolution, sent } = setUp(row);
    expect(await db.execute(statement as typeof unpinned)).toEqual({ applied: true });
    expect(resolution()).toEqual(['write-token']);
    expect(sent()).toEqual(['write', 'resolving-read']);
  });
  test.each([
    ['write token', byToken, { lwt_token: expect.any(String) as string }],
    ['version', byVersion, { version: 6, lwt_token: 'before' }],
  ] as const)(
    'of a write that never arrived and pinned the %s: fenced, not applied, and only that column changed',
    async (_, statement, changed) => {
      const { db, stub, resolution, sent } = setUp(stored, { fates: ['lost before it'] });
      expect(await db.execute(statement as typeof unpinned)).toEqual({
        applied: false,
        existing: { ...stored, ...changed },
        source: 'read',
      });
      expect(resolution()).toEqual(['fence']);
      expect(sent()).toEqual(['write', 'resolving-read', 'fence', 'completing-read']);
      expect(stub.row).not.toMatchObject({ lwt_token: 'before', version: 5 });
    },
  );
  test('of a write that pinned nothing and is not to be seen: unknown, with the row, and nothing is fenced', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    const error = await rejectionOf(db.execute(unpinned));
    expect(error).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown', observed: stored, statement: unpinned });
    expect(error.writeToken).toMatch(/^[0-9a-f-]{36}$/);
    expect(stub.executed).toHaveLength(1);
  });
  test.each([
    ['a negation', ne(columns.version, 4)],
    ['an alternative', or(eq(columns.version, 5), eq(columns.n, 1))],
  ])('of a write whose condition names the version in %s only: no fence', async (_, condition) => {
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    const error = await rejectionOf(db.execute(update(table, key, { set: { version: 6 }, if: condition })));
    expect(error.code).toBe('outcome-unknown');
    expect(stub.executed).toHaveLength(1);
  });
  test('of a write that names the version and leaves it as it is: no fence', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    await rejectionOf(db.execute(update(table, key, { set: { n: 2 }, if: { version: 5 } })));
    expect(stub.executed).toHaveLength(1);
  });
  test('and another writer since: unknown', async () => {
    const other = { ...stored, lwt_token: 'another', version: 7 };
    const { db, stub } = setUp(stored, { meanwhile: () => other });
    expect(await rejectionOf(db.execute(byVersion))).toMatchObject({ code: 'outcome-unknown', observed: other });
    expect(stub.executed).toHaveLength(1);
  });
  test('the held-up request that arrives between read and fence: the fence fails, and the token tells that it was applied', async () => {
    const { db, stub, resolution } = setUp(stored, { fates: ['lost before it'] });
    const execute = stub.execute.bind(stub);
    let requests = 0;
    stub.execute = async (compiled, context) => {
      const held = stub.executed[0];
      if (++requests === 2 && held !== undefined) stub.row = { ...stored, ...(held.statement as typeof byVersion & { set: Row }).set };
      return execute(compiled, context);
    };
    expect(await db.execute(byVersion)).toEqual({ applied: true });
    expect(resolution()).toEqual(['write-token']);
  });
  test('of the fence too: its value in the row tells', async () => {
    const { db, resolution } = setUp(stored, { fates: ['lost before it', 'lost after it'] });
    expect(await db.execute(byToken)).toMatchObject({ applied: false });
    expect(resolution()).toEqual(['fence']);
  });
  test('of the fence that never arrived, or was throttled: it is sent again', async () => {
    const { db, sent } = setUp(stored, { fates: ['lost before it', 'lost before it', 'throttled'] });
    expect(await db.execute(byToken)).toMatchObject({ applied: false });
    expect(sent().filter((purpose) => purpose === 'fence')).toHaveLength(3);
  });
  test('of a numbered fence: the number proves nothing, nor does the write token that is there as before, for a caller may store it again', async () => {
    const { db } = setUp(stored, { fates: ['lost before it', 'lost after it'] });
    expect(await rejectionOf(db.execute(byVersion))).toMatchObject({ code: 'outcome-unknown', observed: { ...stored, version: 6 } });
  });
  test('at the end of the version\u2019s range: nothing can follow, so unknown', async () => {
    const last = { ...stored, version: 2 ** 31 - 1 };
    const { db } = setUp(last, { fates: ['lost before it'] });
    const statement = update(table, key, { set: { version: 0 }, if: { version: 2 ** 31 - 1 } });
    expect(await rejectionOf(db.execute(statement))).toMatchObject({ code: 'outcome-unknown' });
  });
});

describe('R35 a server that gave the write up itself', () => {
  const options: Options = { failure: gaveUp, readCloses: true, fates: ['lost before it'] };
  test('closed by the read, and the pinned value still there: not applied, and it is sent again', async () => {
    const { db, sent, resolution } = setUp(stored, options, { retry: { baseMs: 0 } });
    expect(await db.execute(byVersion)).toEqual({ applied: true });
    expect(sent()).toEqual(['write', 'resolving-read', 'write']);
    expect(resolution()).toEqual(['closing-read']);
  });
  test('without repeats: contention, certainly not applied', async () => {
    const { db } = setUp(stored, options);
    expect(await rejectionOf(db.execute(byVersion))).toMatchObject({ code: 'contention', outcome: 'not-applied', retryable: true });
  });
  test('where a read closes nothing: fenced', async () => {
    const { db, resolution } = setUp(stored, { ...options, readCloses: false });
    expect(await db.execute(byVersion)).toMatchObject({ applied: false });
    expect(resolution()).toEqual(['fence']);
  });
  test('of a write that pinned nothing: unknown', async () => {
    const { db } = setUp(stored, options);
    expect(await rejectionOf(db.execute(unpinned))).toMatchObject({ code: 'outcome-unknown', answered: true });
  });
});

describe('R36 stays unknown', () => {
  test('an insert, and no row', async () => {
    const { db } = setUp(null, { fates: ['lost before it'] });
    expect(await rejectionOf(db.execute(created))).toMatchObject({ code: 'outcome-unknown', observed: null });
  });
  test('an insert, and the row of another', async () => {
    const { db } = setUp(stored, { fates: ['lost before it'] });
    expect(await rejectionOf(db.execute(created))).toMatchObject({ code: 'outcome-unknown', observed: stored });
  });
  test('a delete, and no row: somebody deleted it', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost after it'] });
    expect(await rejectionOf(db.execute(removal))).toMatchObject({ code: 'outcome-unknown', observed: null, writeToken: undefined });
    expect(stub.executed).toHaveLength(1);
  });
});

test('a delete that pinned the version and is not done: fenced, not applied', async () => {
  const { db, resolution } = setUp(stored, { fates: ['lost before it'] });
  expect(await db.execute(removal)).toMatchObject({ applied: false, existing: { version: 6 } });
  expect(resolution()).toEqual(['fence']);
});

describe('a second answer to a request that was delivered twice', () => {
  test.each(['row', 'condition'] as const)('existing: %s: a rejection by the own token is an applied write', async (existing) => {
    const { db, stub } = setUp(stored, { fates: [] });
    const execute = stub.execute.bind(stub);
    stub.execute = async (compiled, context) => {
      await execute(compiled, context);
      return execute(compiled, context);
    };
    expect(await db.execute(byToken, { existing })).toEqual({ applied: true });
  });
});

test.each(['row', 'condition'] as const)(
  'existing: %s: a rejection by a token that another write of the row had too is one',
  async (existing) => {
    const { db } = setUp({ ...stored, lwt_token: 'twice' }, { fates: [] });
    const ended = await db.update(table, key, { set: { n: 2 }, if: { lwt_token: 'twice', n: 5 } }, { token: 'twice', existing });
    expect(ended).toMatchObject({ applied: false, existing: { n: 1, lwt_token: 'twice' } });
  },
);

test('the second answer shows no row, and the read that completes it shows the own token: applied', async () => {
  const { db, stub } = setUp(stored, { fates: [] });
  const execute = stub.execute.bind(stub);
  stub.execute = async (compiled, context) => {
    await execute(compiled, context);
    return { applied: false, known: 'nothing' };
  };
  expect(await db.execute(byToken)).toEqual({ applied: true });
});

describe('resolution', () => {
  test('does not give up a request that has not gone out yet: it could still go out', async () => {
    const { db, stub, sent } = setUp(stored, { fates: [] });
    const execute = stub.execute.bind(stub);
    stub.execute = async (compiled, context) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return execute(compiled, context);
    };
    expect(await db.execute(byToken, { timeoutMs: 250 })).toEqual({ applied: true });
    expect(sent()).toEqual(['write']);
  });
  test('of a silent server begins at half of the call\u2019s time', async () => {
    const { db, stub, resolution } = setUp(stored);
    stub.execute = async (compiled, context) => {
      stub.row = { ...stored, ...(compiled.statement as typeof byVersion & { set: Row }).set };
      return silence(context);
    };
    expect(await db.execute(unpinned, { timeoutMs: 200 })).toEqual({ applied: true });
    expect(resolution()).toEqual(['write-token']);
  });
  test('is given up with the call: unknown, never aborted', async () => {
    const abort = new AbortController();
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    stub.read = silence as never;
    setTimeout(() => abort.abort(), 5);
    expect(await rejectionOf(db.execute(byToken, { signal: abort.signal }))).toMatchObject({
      code: 'outcome-unknown',
      observed: undefined,
    });
  });
  test('whose read fails for good: unknown, and the error says so', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    stub.read = async (_compiled, context) => {
      context.dispatched();
      throw new Error('throttled');
    };
    const error = await rejectionOf(db.execute(byToken, { timeoutMs: 400 }));
    expect(error).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown', retryable: false });
    expect(error.message).toContain('Slow down.');
  });
  test('does not begin where the caller gave up', async () => {
    const abort = new AbortController();
    const { db, stub } = setUp(stored);
    stub.execute = (_compiled, context) => silence(context);
    setTimeout(() => abort.abort(), 5);
    await rejectionOf(db.execute(byToken, { signal: abort.signal }));
    expect(stub.reads).toEqual([]);
  });
});

describe('what remains unknown is told with what was tried and observed', () => {
  const noToken = defineTable('accounts', { columns: { id: text(), n: int(), version: int() }, partitionKey: ['id'], version: 'version' });
  const plain = defineTable('accounts', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
  const other = { ...stored, lwt_token: 'another', version: 7 };
  const last = { ...stored, version: 2 ** 31 - 1 };
  const atEnd = update(table, key, { set: { version: 0 }, if: { version: 2 ** 31 - 1 } });
  const unfenced: Options = { fates: ['lost before it', 'lost after it'], meanwhile: (read) => (read === 2 ? other : undefined) };
  const cases: readonly (readonly [string, WriteNode, Row | null, Options, RegExp])[] = [
    [
      'nothing is pinned, and another token is there',
      unpinned,
      stored,
      { fates: ['lost before it'] },
      /the row in error.observed, without this write's token: .* still on its way\. One whose .* can be settled\. db\.settle/,
    ],
    [
      'an insert, and no row',
      created,
      null,
      { fates: ['lost before it'] },
      /found no row: the write was not applied, or its row was deleted since/,
    ],
    [
      'the pinned version is gone',
      byVersion,
      stored,
      { meanwhile: () => other },
      /version is not what the write's condition demands any more: it was applied and overwritten since, or was too late\.$/,
    ],
    [
      'the pinned version is gone after a fence',
      byVersion,
      stored,
      unfenced,
      /version is not what .* too late\. A fence was sent, and what became of it is not known either\.$/,
    ],
    [
      'the pinned version cannot be followed',
      atEnd,
      last,
      { fates: ['lost before it'] },
      /version is at the end of its range, so that no fence can replace it/,
    ],
    [
      'a delete that pins nothing',
      deleteRow(table, key, { if: { n: 1 } }),
      stored,
      { fates: ['lost before it'] },
      /the row in error.observed: it was not applied, or is still on its way\. One whose condition pins/,
    ],
    ['a delete, and no row', removal, stored, {}, /found no row; a delete leaves no write token/],
    [
      'a version, no write token, and the version is gone',
      update(noToken, key, { set: { version: 6 }, if: { version: 5 } }),
      stored,
      {},
      /version is not what the write's condition demands any more/,
    ],
    [
      'a table without write token and version',
      update(plain, key, { set: { n: 2 }, if: { n: 1 } }),
      stored,
      {},
      /the table has no write token column/,
    ],
  ];
  test.each(cases)('%s', async (_, statement, row, options, words) => {
    const { db } = setUp(row, options);
    const error = await rejectionOf(db.execute(statement as typeof unpinned));
    expect([error.code, error.message]).toEqual(['outcome-unknown', expect.stringMatching(words)]);
    // A later look may find the token of a write that was still on its way; a value that is gone tells nothing ever after.
    const mayTell = error.writeToken !== undefined && !error.message.includes('not what the write');
    expect(error.message.includes('db.settle')).toBe(mayTell);
  });
  test('a fence that was certainly not applied is not told of as open', async () => {
    const { db } = setUp(stored, { fates: ['lost before it', 'throttled'], meanwhile: (read) => (read === 2 ? other : undefined) });
    const error = await rejectionOf(db.execute(byVersion));
    expect(error.message).toMatch(/version is not what .* too late\.$/);
  });
  test('a call that ends during the read says nothing of the write', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    const abort = new AbortController();
    stub.read = (_, context) => {
      abort.abort(new Error('given up'));
      return silence(context);
    };
    const error = await rejectionOf(db.execute(byVersion, { signal: abort.signal }));
    expect([error.outcome, error.message]).toEqual(['unknown', expect.stringContaining('What would tell failed: given up.')]);
    expect(error.message).not.toContain('Nothing was written');
  });
  test('a read that fails, after a fence', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost before it', 'lost before it'] });
    const read = stub.read.bind(stub);
    let reads = 0;
    stub.read = (compiled, context) => (++reads === 1 ? read(compiled, context) : Promise.reject(new Error('throttled')));
    const error = await rejectionOf(db.execute(byVersion, { timeoutMs: 400 }));
    expect(error.message).toMatch(/What would tell failed: .* A fence was sent, and what became of it .* db\.settle/);
    expect(error.observed).toEqual(stored);
  });
});

describe('R38 a database that takes repeats for the request itself', () => {
  test('a repeat that succeeds: applied, by the same request token', async () => {
    const { db, stub, resolution } = setUp(stored, { repeatableMs: 60_000, fates: ['lost before it', 'lost before it', 'throttled'] });
    expect(await db.execute(unpinned)).toEqual({ applied: true });
    expect(resolution()).toEqual(['repeat']);
    expect(stub.tokens).toHaveLength(4);
    expect(new Set(stub.tokens).size).toBe(1);
  });
  test('no repeat once its time is over', async () => {
    const { db, sent } = setUp(stored, { repeatableMs: 1e-9, fates: ['lost before it'] });
    expect(await rejectionOf(db.execute(unpinned))).toMatchObject({ code: 'outcome-unknown' });
    expect(sent()).toEqual(['write', 'resolving-read']);
  });
  test('no repeat where the machine slept meanwhile, of which only the wall clock knows', async () => {
    const { db, stub, sent } = setUp(stored, { repeatableMs: 60_000, fates: ['lost before it'] });
    const execute = stub.execute.bind(stub);
    stub.execute = async (compiled, context) => {
      const now = Date.now() + 61_000;
      vi.spyOn(Date, 'now').mockReturnValue(now);
      return execute(compiled, context);
    };
    await rejectionOf(db.execute(unpinned)).finally(() => vi.restoreAllMocks());
    expect(sent()).toEqual(['write', 'resolving-read']);
  });
  test('a repeat that is refused proves nothing: the token tells', async () => {
    const { db, resolution } = setUp(stored, { repeatableMs: 60_000 });
    expect(await db.execute(unpinned)).toEqual({ applied: true });
    expect(resolution()).toEqual(['write-token']);
  });
  test('a repeat that is refused, and another writer\u2019s token: unknown', async () => {
    const { db } = setUp({ ...stored, n: 9 }, { repeatableMs: 60_000, fates: ['lost before it'] });
    expect(await rejectionOf(db.execute(unpinned))).toMatchObject({ code: 'outcome-unknown' });
  });
  test('a write and its fence have two request tokens', async () => {
    const { db, stub } = setUp(stored, { fates: ['lost before it'] });
    await db.execute(byToken);
    expect(new Set(stub.tokens).size).toBe(2);
  });
  test('two writes have two request tokens', async () => {
    const { db, stub } = setUp(stored, { fates: [] });
    await db.execute(byToken);
    await db.execute(byToken);
    expect(new Set(stub.tokens).size).toBe(2);
  });
});

describe('settle', () => {
  const token = 'kept by the caller';
  test('the row carries the token: applied', async () => {
    const { db } = setUp({ ...stored, n: 2, lwt_token: token });
    expect(await db.settle(unpinned, token)).toEqual({ applied: true });
  });
  test('the row carries the token, and its version has been fenced since: applied', async () => {
    const { db } = setUp({ ...stored, n: 2, version: 7, lwt_token: token });
    expect(await db.settle(byVersion, token)).toEqual({ applied: true });
  });
  test('the row carries the token with other values, so that another write had it too: unknown', async () => {
    const { db } = setUp({ ...stored, n: 3, lwt_token: token });
    expect(await rejectionOf(db.settle(unpinned, token))).toMatchObject({ code: 'outcome-unknown', observed: { n: 3 } });
  });
  test('after a restart: what the call stored is what settle looks for', async () => {
    const { db, stub } = setUp(stored);
    stub.read = silence as never;
    await rejectionOf(db.execute(unpinned, { token, timeoutMs: 20 }));
    const later = createClient(new OneRow(stub.row, {}), { verify: 'off' });
    expect(await later.settle(unpinned, token)).toEqual({ applied: true });
  });
  test('the pinned value is still there: always fenced, for nobody knows what the server answered', async () => {
    const { db, sent } = setUp(stored, { fates: [], readCloses: true, failure: gaveUp });
    expect(await db.settle(byToken, token)).toMatchObject({ applied: false, source: 'read' });
    expect(sent()).toContain('fence');
  });
  test('a delete is settled by its pin, without a token', async () => {
    const { db } = setUp(stored, { fates: [] });
    expect(await db.settle(removal, undefined)).toMatchObject({ applied: false });
  });
  test('a write of a table with a version alone is settled by that, without a token', async () => {
    const { db } = setUp(stored, { fates: [] });
    const columns = { id: text(), n: int(), version: int() };
    const versioned = defineTable('accounts', { columns, partitionKey: ['id'], version: 'version' });
    const statement = update(versioned, key, { set: { version: 6 }, if: { version: 5 } });
    expect(await db.settle(statement, undefined)).toMatchObject({ applied: false });
  });
  test('what cannot be settled: the same insert again with the same token', async () => {
    const { db, stub } = setUp(null);
    const read = stub.read.bind(stub);
    stub.read = silence as never;
    await rejectionOf(db.execute(created, { token, timeoutMs: 20 }));
    stub.read = read;
    expect(await db.execute(created, { token })).toEqual({ applied: true });
    expect(stub.row).toMatchObject({ lwt_token: token });
  });
  test('nothing tells: outcome-unknown, which names no other way to look', async () => {
    const { db } = setUp(stored, { fates: [] });
    const error = await rejectionOf(db.settle(unpinned, token));
    expect(error).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown', writeToken: token });
    expect(error.message).not.toContain('db.settle');
  });
  test.each([
    ['the call was aborted', { signal: AbortSignal.abort() }, token],
    ['no token is given', {}, undefined],
    ['the token is empty', {}, ''],
  ])('%s: never \u2018not applied\u2019', async (_, call, given) => {
    const { db, stub } = setUp(stored, { fates: [] });
    expect(await rejectionOf(db.settle(unpinned, given, call))).toMatchObject({ outcome: 'unknown' });
    expect(stub.executed).toEqual([]);
  });
  test('on a closed client: not known either', async () => {
    const { db } = setUp(stored);
    await db.close();
    expect(await rejectionOf(db.settle(unpinned, token))).toMatchObject({ code: 'outcome-unknown', cause: { code: 'closed' } });
  });
});
