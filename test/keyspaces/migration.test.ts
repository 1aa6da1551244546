import { cassandra, type CassandraAdapter } from '@onlyif/cassandra';
import { type Adapter, createClient, defineTable, get, gte, insert, int, notExists, text, update } from '@onlyif/core';
import { wrapAdapter } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDemo } from '../../packages/cli/src/run-demo.ts';
import type { Scene } from '../../packages/cli/src/scene.ts';
import { scenes } from '../../packages/cli/src/scenes/scenes.ts';
import { uniqueName } from '../backends/backends.ts';
import { portableTranscript } from '../demo/transcript.ts';
import { connection, skipped } from '../faults/proxied-cassandra.ts';
import { openKeyspaces, type OpenKeyspaces } from './backend.ts';

const accounts = defineTable('accounts', {
  columns: { id: text(), balance: int().notNull(), version: int().notNull() },
  partitionKey: ['id'],
});

/** What applications do that have no `increment`: read, compute, write if nobody came between, and begin anew. */
const withdrawals: Scene = {
  title: 'Withdrawals',
  about: 'Two machines take money from one account.',
  tables: [accounts],
  play: async ({ db, show }) => {
    const id = 'account-1';
    await show.write('The account is opened.', insert(accounts, { id, balance: 100, version: 0 }, { if: notExists() }));
    const withdraw = async (amount: number, between?: () => Promise<void>): Promise<string> => {
      const row = await db.get(accounts, { id });
      if (row === null || row.balance < amount) return `no ${amount} left of ${row?.balance}`;
      await between?.();
      const set = { balance: row.balance - amount, version: row.version + 1 };
      const result = await show.write(
        `${amount} at version ${row.version}.`,
        update(accounts, { id }, { set, if: { version: row.version } }),
      );
      return result.applied ? `took ${amount}` : withdraw(amount);
    };
    const other = async (): Promise<void> => show.meaning(`The other machine ${await withdraw(50)}.`);
    show.meaning(`One machine ${await withdraw(30, other)}.`);
    show.meaning(`One machine ${await withdraw(30)}.`);
    const refuse = update(accounts, { id }, { set: { balance: 0 }, if: gte(accounts.columns.balance, 100) });
    await show.write('The rest, if there were 100.', refuse);
    show.meaning(JSON.stringify(await db.execute(get(accounts, { id }))));
  },
};

async function transcriptOn(adapter: Adapter): Promise<string> {
  const lines: string[] = [];
  const terminal = {
    out: (line: string) => void lines.push(line),
    err: () => undefined,
    environment: {},
    signal: new AbortController().signal,
  };
  const lent = wrapAdapter(adapter, { close: () => Promise.resolve() });
  await runDemo({ adapter: lent, place: undefined, prepare: () => Promise.resolve(undefined) }, terminal, [...scenes, withdrawals]);
  return portableTranscript(lines.join('\n'));
}

describe.skipIf(skipped !== undefined)('from Cassandra to the stand-in for Keyspaces', () => {
  let open: OpenKeyspaces;
  let old: CassandraAdapter;
  beforeAll(async () => {
    open = await openKeyspaces({ activeAfter: 100 });
    old = cassandra({ ...connection(), keyspace: uniqueName() });
    await old.createKeyspace();
  });
  afterAll(async () => {
    await old?.dropKeyspace();
    await old?.close();
    await open?.close();
  });

  test('an application tells the same, with another adapter and no other change', async () => {
    const before = await transcriptOn(old);
    expect(before).toContain('One machine took 30.');
    expect(before).toContain('{"id":"account-1","balance":20,"version":2}');
    expect(await transcriptOn(open.adapter)).toBe(before);
  });

  test('a statement that is written to both, the condition judged in each, has a winner of its own in each', async () => {
    const claims = defineTable('claims', { columns: { email: text(), owner: text().notNull() }, partitionKey: ['email'] });
    const [first, second] = [createClient(old), createClient(open.adapter)];
    for (const db of [first, second]) await db.createTable(claims);
    const email = 'sam@example.com';
    const claim = (owner: string): ReturnType<typeof insert<typeof claims>> => insert(claims, { email, owner }, { if: notExists() });
    // Two machines, each of which writes to both, and between whose writes the other's come.
    const ann = [await first.execute(claim('ann'))];
    const bob = [await second.execute(claim('bob'))];
    ann.push(await second.execute(claim('ann')));
    bob.push(await first.execute(claim('bob')));
    expect(ann.map(({ applied }) => applied)).toEqual([true, false]);
    expect(bob.map(({ applied }) => applied)).toEqual([true, false]);
    expect(await first.get(claims, { email })).toEqual({ email, owner: 'ann' });
    expect(await second.get(claims, { email })).toEqual({ email, owner: 'bob' });
  });

  test('a backfill by insert … notExists() takes the place of nothing that was written since, and can be repeated', async () => {
    const [from, to] = [createClient(old), createClient(open.adapter)];
    const profiles = defineTable('profiles', { columns: { id: text(), name: text().notNull() }, partitionKey: ['id'] });
    for (const db of [from, to]) await db.createTable(profiles);
    for (const id of ['a', 'b']) await from.insert(profiles, { id, name: `old ${id}` }, { if: notExists() });
    // The application writes to its new place by now.
    await to.insert(profiles, { id: 'b', name: 'new b' }, { if: notExists() });
    for (const _run of [1, 2])
      for (const id of ['a', 'b']) {
        const row = await from.get(profiles, { id });
        if (row !== null) await to.insert(profiles, row, { if: notExists() });
      }
    expect([await to.get(profiles, { id: 'a' }), await to.get(profiles, { id: 'b' })]).toEqual([
      { id: 'a', name: 'old a' },
      { id: 'b', name: 'new b' },
    ]);
  });
});
