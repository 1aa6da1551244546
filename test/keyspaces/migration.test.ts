import { cassandra, type CassandraAdapter } from '@onlyif/cassandra';
import {
  type Adapter,
  type Client,
  createClient,
  defineTable,
  get,
  gte,
  insert,
  int,
  type KeyOf,
  lt,
  notExists,
  type RowOf,
  text,
  update,
} from '@onlyif/core';
import { wrapAdapter } from '@onlyif/testkit';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDemo } from '../../packages/cli/src/run-demo.ts';
import type { Scene } from '../../packages/cli/src/scene.ts';
import { scenes } from '../../packages/cli/src/scenes/scenes.ts';
import type { KeyspacesAdapter } from '@onlyif/keyspaces';
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
  const keyspace = uniqueName();
  beforeAll(async () => {
    open = await openKeyspaces({ activeAfter: 100 });
    old = cassandra({ ...connection(), keyspace });
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

  describe('the steps', () => {
    const profiles = defineTable('profiles', {
      columns: { team: text(), nr: int(), name: text().notNull(), version: int().notNull(), lwt_token: text() },
      partitionKey: ['team'],
      clusteringKey: ['nr'],
      version: 'version',
      writeToken: 'lwt_token',
    });
    type Profile = RowOf<typeof profiles>;
    const { version } = profiles.columns;
    const keys = Array.from({ length: 25 }, (_, nr) => ({ team: nr % 2 === 0 ? 'even' : 'odd', nr }));

    /** As docs/migrating-from-cassandra.md has it. */
    async function* rowsOf(adapter: CassandraAdapter | KeyspacesAdapter, inKeyspace: string): AsyncGenerator<Profile> {
      const db = createClient(adapter);
      await db.verifyTable(profiles);
      let pageState: string | undefined;
      do {
        const options = { prepare: true, fetchSize: 10, ...(pageState === undefined ? {} : { pageState }) };
        const page = await adapter.client?.execute(`SELECT * FROM "${inKeyspace}"."profiles"`, [], options);
        for (const each of page?.rows ?? []) {
          const { team, nr } = adapter.decodeRow(profiles, each) as Profile;
          const row = await db.get(profiles, { team, nr });
          if (row !== null) yield row;
        }
        pageState = page?.pageState ?? undefined;
      } while (pageState !== undefined);
    }

    function keyOf({ team, nr }: Profile): KeyOf<typeof profiles> {
      return { team, nr };
    }

    function tokenOf({ lwt_token }: Profile): { token?: string } {
      return lwt_token === null ? {} : { token: lwt_token };
    }

    async function copy(to: Client): Promise<void> {
      for await (const row of rowsOf(old, keyspace)) {
        const { lwt_token: _, ...columns } = row;
        await to.insert(profiles, columns, { if: notExists() }, tokenOf(row));
      }
    }

    async function copyBack(to: Client): Promise<void> {
      for await (const row of rowsOf(open.adapter, open.keyspace)) {
        const { lwt_token: _, ...columns } = row;
        const { applied } = await to.replace(profiles, columns, { if: lt(version, row.version) }, tokenOf(row));
        if (!applied) await to.insert(profiles, columns, { if: notExists() }, tokenOf(row));
      }
    }

    async function differences(): Promise<readonly string[]> {
      const [from, to] = [createClient(old), createClient(open.adapter)];
      const found: string[] = [];
      for await (const row of rowsOf(old, keyspace)) if (!isDeepStrictEqual(row, await to.get(profiles, keyOf(row)))) found.push(row.name);
      for await (const row of rowsOf(open.adapter, open.keyspace))
        if (!isDeepStrictEqual(row, await from.get(profiles, keyOf(row)))) found.push(row.name);
      return found;
    }

    beforeAll(async () => {
      const [from, to] = [createClient(old), createClient(open.adapter)];
      for (const db of [from, to]) await db.createTable(profiles);
      for (const key of keys)
        await from.insert(profiles, { ...key, name: `old ${key.nr}`, version: 1 }, { if: notExists() }, { token: `of ${key.nr}` });
    });

    test('copy every row with its token, take the place of none that was written since, and can be repeated', async () => {
      const to = createClient(open.adapter);
      // Somebody writes to the new place already.
      await to.insert(profiles, { team: 'odd', nr: 3, name: 'new 3', version: 1 }, { if: notExists() });
      for (let run = 0; run < 2; run++) await copy(to);
      expect(await differences()).toEqual(['old 3', 'new 3']);
      // What was not known on the old side is found out on the new one.
      const open4 = insert(profiles, { team: 'even', nr: 4, name: 'old 4', version: 1 }, { if: notExists() });
      expect(await to.settle(open4, 'of 4')).toEqual({ applied: true });
    });

    test('back again: what was written on the new side since is copied, and what was not stays', async () => {
      const [from, to] = [createClient(old), createClient(open.adapter)];
      await to.update(profiles, { team: 'even', nr: 4 }, { set: { name: 'changed 4', version: 2 }, if: { version: 1 } });
      await to.insert(profiles, { team: 'odd', nr: 25, name: 'new 25', version: 1 }, { if: notExists() });
      // It goes back; so would a second writer's, which did not stop.
      await from.update(profiles, { team: 'even', nr: 6 }, { set: { name: 'newer 6', version: 2 }, if: { version: 1 } });
      for (let run = 0; run < 2; run++) await copyBack(from);
      expect(await from.get(profiles, { team: 'even', nr: 4 })).toEqual(await to.get(profiles, { team: 'even', nr: 4 }));
      expect(await from.get(profiles, { team: 'odd', nr: 25 })).toMatchObject({ name: 'new 25', version: 1 });
      expect(await from.get(profiles, { team: 'even', nr: 6 })).toMatchObject({ name: 'newer 6', version: 2 });
    });
  });

  test('what one side decided goes to the other by its version: twice, late or in another order, and they agree', async () => {
    const documents = defineTable('documents', {
      columns: { id: text(), title: text().notNull(), version: int().notNull() },
      partitionKey: ['id'],
    });
    const [leader, follower] = [createClient(old), createClient(open.adapter)];
    for (const db of [leader, follower]) await db.createTable(documents);
    const id = 'd';
    const decided: RowOf<typeof documents>[] = [];
    const writers = ['ann', 'bob', 'eve'].map(async (title) => {
      for (let done = 0; done < 4;) {
        const row = await leader.get(documents, { id });
        const next = { id, title, version: (row?.version ?? 0) + 1 };
        const { applied } =
          row === null
            ? await leader.insert(documents, next, { if: notExists() })
            : await leader.replace(documents, next, { if: { version: row.version } });
        if (applied) done = decided.push(next) && done + 1;
      }
    });
    await Promise.all(writers);
    expect(decided.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));

    const apply = async (image: (typeof decided)[number]): Promise<void> => {
      const { applied } = await follower.insert(documents, image, { if: notExists() });
      if (!applied) await follower.replace(documents, image, { if: lt(documents.columns.version, image.version) });
    };
    await Promise.all([...decided, ...decided.toReversed()].map(apply));
    expect(await follower.get(documents, { id })).toEqual(await leader.get(documents, { id }));
  });
});
