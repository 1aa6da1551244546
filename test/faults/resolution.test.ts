import {
  type Client,
  type ClientEvent,
  deleteRow,
  eq,
  increment,
  insert,
  isNull,
  lt,
  notExists,
  or,
  replace,
  type Row,
  serialize,
  update,
  upsert,
  type WriteNode,
} from '@onlyif/core';
import { Gate } from '@onlyif/testkit';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../demo/run-cli.ts';
import { accounts } from './accounts.ts';
import { type FaultyBackend, faultyCassandra, faultyDynamoDb } from './faulty-backends.ts';

const c = accounts.columns;
const before = { balance: 10, version: 1, mark: 'm' };

interface Verb {
  readonly name: string;
  readonly make: (id: string) => WriteNode;
  /** What the row holds once the write happened. */
  readonly after: Row;
  readonly isNew?: boolean;
  readonly emulate?: boolean;
}

const storing: readonly Verb[] = [
  { name: 'insert', make: (id) => insert(accounts, { id, ...before }, { if: notExists() }), after: before, isNew: true },
  {
    name: 'update',
    make: (id) => update(accounts, { id }, { set: { balance: 9 }, if: eq(c.balance, 10) }),
    after: { ...before, balance: 9 },
  },
  {
    name: 'increment',
    make: (id) => update(accounts, { id }, { set: { balance: increment(5) }, if: eq(c.mark, 'm') }),
    after: { ...before, balance: 15 },
  },
  {
    name: 'replace',
    make: (id) => replace(accounts, { id, mark: 'n', balance: 1 }, { if: eq(c.balance, 10) }),
    after: { balance: 1, version: null, mark: 'n' },
  },
  {
    name: 'upsert',
    make: (id) => upsert(accounts, { id }, { set: { mark: 'n', balance: 1 }, if: isNull(c.mark) }),
    after: { balance: 1, version: null, mark: 'n' },
    isNew: true,
  },
  {
    name: 'an emulated increment',
    make: (id) => update(accounts, { id }, { set: { balance: increment(5) }, if: or(isNull(c.version), lt(c.version, 2)) }),
    after: { ...before, balance: 15 },
    emulate: true,
  },
];

const pinning: readonly Verb[] = [
  { name: 'update by version', make: (id) => update(accounts, { id }, { set: { balance: 9, version: 2 }, if: { version: 1 } }), after: {} },
  { name: 'update by token', make: (id) => update(accounts, { id }, { set: { balance: 9 }, if: { token: 'first' } }), after: {} },
  { name: 'replace by token', make: (id) => replace(accounts, { id, mark: 'n' }, { if: { token: 'first' } }), after: {} },
  { name: 'delete by version', make: (id) => deleteRow(accounts, { id }, { if: { version: 1 } }), after: {} },
];

const script = fileURLToPath(new URL('settle-elsewhere.ts', import.meta.url));
const node = ['--conditions=@onlyif/source', '--import', 'tsx'];

describe.each([faultyCassandra, faultyDynamoDb])('$name behind its proxy', (faulty) => {
  const { skipped } = faulty;
  describe.skipIf(skipped !== undefined)(skipped === undefined ? 'unknown outcomes' : `skipped: ${skipped}`, () => {
    let backend: FaultyBackend;
    let db: Client;
    const resolutions: (string | undefined)[] = [];
    const onEvent = (event: ClientEvent): void => void (event.type === 'resolution' && resolutions.push(event.by));

    beforeAll(async () => {
      backend = await faulty.open();
      await backend.direct.createTable(accounts);
      db = backend.client({ onEvent, verify: 'off' });
    });
    afterAll(() => backend?.close());

    const prepare = async (isNew = false): Promise<string> => {
      const id = randomUUID();
      if (!isNew) await backend.direct.insert(accounts, { id, ...before }, { if: notExists() }, { token: 'first' });
      resolutions.length = 0;
      return id;
    };
    const stored = (id: string): Promise<Row | null> => backend.direct.get(accounts, { id });

    test.each(storing)('R35 $name, reply lost: applied, once, by the token in the row', async ({ make, after, isNew, emulate = false }) => {
      const id = await prepare(isNew);
      const faulted = backend.next('reply lost');
      expect(await db.execute(make(id) as never, { emulate })).toEqual({ applied: true });
      await faulted;
      expect(resolutions).toEqual(['write-token']);
      expect(await stored(id)).toMatchObject({ id, ...after });
    });

    test.each(storing.filter(({ isNew = false, emulate = false }) => !isNew && !emulate))(
      'R35 $name that pins nothing, request lost: unknown, and nothing else is written',
      async ({ make }) => {
        const id = await prepare();
        const faulted = backend.next('request lost');
        await expect(db.execute(make(id) as never)).rejects.toMatchObject({
          code: 'outcome-unknown',
          observed: { id, ...before, token: 'first' },
        });
        await faulted;
        expect(await stored(id)).toEqual({ id, ...before, token: 'first' });
      },
    );

    test.each(pinning)('R35 $name, request lost: fenced, certainly not applied', async ({ make }) => {
      const id = await prepare();
      const faulted = backend.next('request lost');
      const result: unknown = await db.execute(make(id) as never);
      await faulted;
      expect(resolutions).toEqual(['fence']);
      const row = await stored(id);
      expect(result).toEqual({ applied: false, existing: row, source: 'read' });
      expect(row).toMatchObject({ balance: 10, mark: 'm' });
      expect([row?.['version'], row?.['token']]).not.toEqual([1, 'first']);
    });

    test.each(pinning)(
      'R35 R39 $name, held up in the network: fenced after half of the time, and rejected when it arrives',
      async ({ make }) => {
        const id = await prepare();
        const gate = new Gate();
        const faulted = backend.next(gate);
        const result: unknown = await db.execute(make(id) as never, { timeoutMs: 1_600 });
        await faulted;
        expect(result).toMatchObject({ applied: false });
        const fenced = await stored(id);
        gate.open();
        await backend.settled();
        expect(await stored(id)).toEqual(fenced);
      },
    );

    test('R35 the counter-example: held up without a pin, a read sees the old row, and the write lands later', async () => {
      const id = await prepare();
      const gate = new Gate();
      const faulted = backend.next(gate);
      const failed = db.update(accounts, { id }, { set: { balance: 9 }, if: eq(c.balance, 10) }, { timeoutMs: 1_600 });
      await expect(failed).rejects.toMatchObject({ code: 'outcome-unknown', observed: { balance: 10, token: 'first' } });
      await faulted;
      expect(await stored(id)).toMatchObject({ balance: 10 });
      gate.open();
      await backend.settled();
      expect(await stored(id)).toMatchObject({ balance: 9 });
    });

    test('a pinned emulated increment whose request is lost is fenced, and its next round applies, once', async () => {
      const id = await prepare();
      const faulted = backend.next('request lost');
      const statement = update(accounts, { id }, { set: { balance: increment(5) }, if: or(isNull(c.version), lt(c.version, 2)) });
      const isNative = db.explain(statement, { emulate: true }).verdict === 'native';
      const ended: unknown = await db.execute(statement, { emulate: true }).catch((error: unknown) => error);
      await faulted;
      if (isNative) expect(ended).toMatchObject({ code: 'outcome-unknown' });
      else expect(ended).toEqual({ applied: true });
      expect(await stored(id)).toMatchObject({ balance: isNative ? 10 : 15 });
    });

    test.each(storing.filter(({ isNew = false }) => isNew))('R36 $name, request lost: unknown, with no row observed', async ({ make }) => {
      const id = await prepare(true);
      const faulted = backend.next('request lost');
      await expect(db.execute(make(id) as never)).rejects.toMatchObject({ code: 'outcome-unknown', observed: null });
      await faulted;
      expect(resolutions).toEqual([undefined]);
      expect(await stored(id)).toBeNull();
    });

    test.each(storing.filter(({ isNew = false }) => isNew))(
      'R36 $name, held up: unknown while there is no row, and it comes later',
      async ({ make, after }) => {
        const id = await prepare(true);
        const gate = new Gate();
        const faulted = backend.next(gate);
        await expect(db.execute(make(id) as never, { timeoutMs: 1_000 })).rejects.toMatchObject({
          code: 'outcome-unknown',
          observed: null,
        });
        await faulted;
        gate.open();
        await backend.settled();
        expect(await stored(id)).toMatchObject({ id, ...after });
      },
    );

    test('R36 a delete, reply lost: unknown, with no row observed', async () => {
      const id = await prepare();
      const faulted = backend.next('reply lost');
      await expect(db.delete(accounts, { id }, { if: { version: 1 } })).rejects.toMatchObject({ code: 'outcome-unknown', observed: null });
      await faulted;
      expect(await stored(id)).toBeNull();
    });

    test('R41 a request that the network doubled, and that falsifies its own condition: applied, for the row carries its token', async () => {
      const id = await prepare();
      const faulted = backend.next('delivered twice');
      expect(await db.update(accounts, { id }, { set: { version: 2 }, if: { version: 1 } })).toEqual({ applied: true });
      await faulted;
    });

    test('settle, in another process, of a write that was applied', async () => {
      const id = await prepare();
      const statement = update(accounts, { id }, { set: { balance: 9, version: 2 }, if: { version: 1 } });
      await backend.direct.execute(statement, { token: 'kept too' });
      const elsewhere = await run(process.execPath, [...node, script, JSON.stringify(backend.address), serialize(statement), 'kept too']);
      expect([elsewhere.stderr, elsewhere.stdout, elsewhere.exitCode]).toEqual([expect.any(String), '{"applied":true}', 0]);
    });

    test('settle, in another process, which knows, which knows no more than statement and token', async () => {
      const id = await prepare();
      const gate = new Gate();
      const faulted = backend.next(gate);
      const statement = update(accounts, { id }, { set: { balance: 9, version: 2 }, if: { version: 1 } });
      const giveUp = new AbortController();
      const failed = db.execute(statement, { token: 'kept', signal: giveUp.signal }).catch((error: unknown) => error);
      await faulted;
      giveUp.abort();
      expect(await failed).toMatchObject({ code: 'outcome-unknown', writeToken: 'kept' });
      const elsewhere = await run(process.execPath, [...node, script, JSON.stringify(backend.address), serialize(statement), 'kept']);
      expect(JSON.parse(elsewhere.stdout || elsewhere.stderr)).toMatchObject({ applied: false, existing: { balance: 10, version: 2 } });
      gate.open();
      await backend.settled();
      expect(await stored(id)).toMatchObject({ balance: 10, version: 2 });
    });
  });
});
