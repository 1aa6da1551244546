import {
  type Answer,
  and,
  createClient,
  deleteRow,
  eq,
  type ExistingMode,
  exists,
  insert,
  LWTError,
  noneOf,
  notExists,
  type Row,
  type Statement,
  update,
  type WriteNode,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { sample } from './sample-table.ts';
import { answering, failing, type Script, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const c = sample.columns;
const key = { id: 'x' };
const row: Row = { ...Object.fromEntries(sample.all.map(({ name }) => [name, null])), id: 'x', n: 4, m: 9, mark: 'm' };
const byN = update(sample, key, { set: { m: 1 }, if: eq(c.n, 5) });

/** What a call against a stub gives, and how many reads it took. */
async function resultOf(statement: WriteNode, script: Script, existing?: ExistingMode): Promise<{ result: unknown; reads: number }> {
  const stub = new StubAdapter(script);
  const client = createClient(stub, { verify: 'off' });
  const result: unknown = await client.execute(statement as never, existing === undefined ? {} : { existing });
  return { result, reads: stub.reads.length };
}

const rejections = {
  row: { applied: false, known: 'row', row },
  absent: { applied: false, known: 'row', row: null },
  columns: { applied: false, known: 'columns', columns: { n: 4 } },
  nothing: { applied: false, known: 'nothing' },
} as const satisfies Record<string, Answer>;
type Rejection = keyof typeof rejections;
const rejectedWith = (name: Rejection): Script => ({ execute: answering(rejections[name]), read: async () => row });

describe('an applied write is { applied: true } in every mode', () => {
  test.each([undefined, 'row', 'condition', 'none'] as const)('%s', async (mode) => {
    expect(await resultOf(byN, {}, mode)).toEqual({ result: { applied: true }, reads: 0 });
  });
});

describe("existing: 'row', the default", () => {
  test('the row that was judged, where the answer holds it', async () => {
    expect(await resultOf(byN, rejectedWith('row'))).toEqual({ result: { applied: false, existing: row, source: 'decision' }, reads: 0 });
  });
  test('null where the answer says that there is none', async () => {
    expect(await resultOf(byN, rejectedWith('absent'))).toEqual({
      result: { applied: false, existing: null, source: 'decision' },
      reads: 0,
    });
  });
  test.each(['columns', 'nothing'] as const)('one strong read where the answer holds %s', async (name) => {
    expect(await resultOf(byN, rejectedWith(name))).toEqual({ result: { applied: false, existing: row, source: 'read' }, reads: 1 });
  });
  test('R33 the row may be gone by the time of the read', async () => {
    const script: Script = { execute: answering(rejections.columns), read: async () => null };
    expect(await resultOf(byN, script)).toEqual({ result: { applied: false, existing: null, source: 'read' }, reads: 1 });
  });
  test('the read is of the whole row, strong, and with the statement\u2019s key', async () => {
    const stub = new StubAdapter(rejectedWith('columns'));
    await createClient(stub, { verify: 'off' }).execute(byN);
    const [read] = stub.reads;
    expect(read?.statement).toMatchObject({ kind: 'get', key, consistency: 'strong', columns: undefined });
  });
});

describe("R34 existing: 'condition' gives the key and the condition's columns", () => {
  test('from the columns of the answer, without a read', async () => {
    const expected = { applied: false, existing: { id: 'x', n: 4 }, source: 'decision' };
    expect(await resultOf(byN, rejectedWith('columns'), 'condition')).toEqual({ result: expected, reads: 0 });
    expect(await resultOf(byN, rejectedWith('row'), 'condition')).toEqual({ result: expected, reads: 0 });
  });
  test('by a read where the answer tells nothing', async () => {
    const expected = { applied: false, existing: { id: 'x', n: 4 }, source: 'read' };
    expect(await resultOf(byN, rejectedWith('nothing'), 'condition')).toEqual({ result: expected, reads: 1 });
  });
  test('by a read where folding removed a column of the condition', async () => {
    const statement = update(sample, key, { set: { m: 1 }, if: and(eq(c.n, 5), noneOf(c.m, [])) });
    const expected = { applied: false, existing: { id: 'x', n: 4, m: 9 }, source: 'read' };
    expect(await resultOf(statement, rejectedWith('columns'), 'condition')).toEqual({ result: expected, reads: 1 });
  });
  test('null under exists()', async () => {
    const statement = deleteRow(sample, key, { if: exists() });
    const expected = { applied: false, existing: null, source: 'decision' };
    expect(await resultOf(statement, rejectedWith('absent'), 'condition')).toEqual({ result: expected, reads: 0 });
  });
  test('the whole row under notExists()', async () => {
    const statement = insert(sample, { id: 'x', mark: 'm' }, { if: notExists() });
    const expected = { applied: false, existing: row, source: 'decision' };
    expect(await resultOf(statement, rejectedWith('row'), 'condition')).toEqual({ result: expected, reads: 0 });
  });
});

describe("R34 existing: 'none' has no property `existing`, and reads nothing", () => {
  test.each(['row', 'absent', 'columns', 'nothing'] satisfies Rejection[])('where the answer holds %s', async (name) => {
    const { result, reads } = await resultOf(byN, rejectedWith(name), 'none');
    expect(result).toStrictEqual({ applied: false, source: 'decision' });
    expect(Object.keys(result as object)).not.toContain('existing');
    expect(reads).toBe(0);
  });
});

describe('R33 the completing read fails: certainly not applied, and the row unseen', () => {
  const native = new Error('the connection is gone');

  test('a native error', async () => {
    const { result } = await resultOf(byN, { execute: answering(rejections.columns), read: failing(native, 'after') });
    expect(result).toMatchObject({
      applied: false,
      source: 'unavailable',
      cause: { code: 'unavailable', outcome: 'not-applied', cause: native },
    });
    expect(Object.keys(result as object)).not.toContain('existing');
  });
  test('an abort during the read', async () => {
    const abort = new AbortController();
    const stub = new StubAdapter({
      execute: answering(rejections.columns),
      read: async (context) => {
        context.dispatched();
        abort.abort(new Error('enough'));
        return new Promise(() => undefined);
      },
    });
    const result = await createClient(stub, { verify: 'off' }).execute(byN, { signal: abort.signal });
    expect(result).toMatchObject({ applied: false, source: 'unavailable', cause: { code: 'aborted', outcome: 'not-applied' } });
  });
  test('an answer to the read that is no answer', async () => {
    const read = failing(new LWTError('protocol', 'no rows section'), 'after');
    const { result } = await resultOf(byN, { execute: answering(rejections.columns), read });
    expect(result).toMatchObject({ applied: false, source: 'unavailable', cause: { code: 'protocol', outcome: 'not-applied' } });
  });
  test('R4 a row that contradicts the definition is an error, not applied', async () => {
    const read = failing(new LWTError('schema-mismatch', 'null in a notNull column'), 'after');
    const error = await rejectionOf(resultOf(byN, { execute: answering(rejections.columns), read }));
    expect(error).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied' });
  });
});

describe('the default of the client', () => {
  const compiledModes = async (client?: ExistingMode, call?: ExistingMode): Promise<readonly unknown[]> => {
    const modes: unknown[] = [];
    const compile = (statement: Statement, options?: { readonly existing?: ExistingMode }): never => {
      modes.push(options?.existing);
      return { statement, requests: [], notes: [] } as never;
    };
    const stub = new StubAdapter({ compile });
    await createClient(stub, { verify: 'off', ...(client && { existing: client }) }).execute(
      byN,
      call === undefined ? {} : { existing: call },
    );
    return modes;
  };
  test("is 'row'", async () => expect(await compiledModes()).toEqual(['row']));
  test('is what createClient was given', async () => expect(await compiledModes('none')).toEqual(['none']));
  test('yields to the call', async () => expect(await compiledModes('none', 'condition')).toEqual(['condition']));
  test('decides the result', async () => {
    const client = createClient(new StubAdapter(rejectedWith('row')), { verify: 'off', existing: 'none' });
    expect(await client.execute(byN)).toStrictEqual({ applied: false, source: 'decision' });
  });
});
