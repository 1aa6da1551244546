import { createClient } from '@onlyif/core';
import { keyspaces } from '@onlyif/keyspaces';
import type { CqlConnection, CqlMatch, KeyspacesStandIn } from '@onlyif/testkit';
import cassandraDriver, { type Client } from 'cassandra-driver';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { told, type Told } from '../faults/outcome.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { verbs } from '../faults/rows.ts';
import { rowsKeyspace, write } from '../faults/rows-keyspace.ts';
import { builtIn, wayTo } from './backend.ts';
import { inWords, keyspacesClient } from './sigv4-client.ts';
import { startStandIn } from './stand-in.ts';

const { distance } = cassandraDriver.types;
const throttledRead = /^ResponseError 0x1200/;
const throttledWrite = /^ResponseError 0x1100/;

describe.skipIf(skipped !== undefined)('a stand-in for Keyspaces that throttles each connection by itself', () => {
  const on = rowsKeyspace();
  let now = Date.now();
  let standIn: KeyspacesStandIn;
  const clients: Client[] = [];
  let first: Client;
  let second: Client;
  beforeAll(async () => {
    standIn = await startStandIn({ now: () => now });
    first = connected();
    second = connected();
  });
  afterEach(() => standIn.clearRules());
  afterAll(async () => {
    for (const client of clients) await client.shutdown();
    await standIn?.close();
  });

  /** With one connection for its requests, beside that of the driver's own questions on system tables. */
  function connected(): Client {
    const client = keyspacesClient(standIn, { pooling: { coreConnectionsPerHost: { [distance.local]: 1 } } });
    clients.push(client);
    return client;
  }
  const run = (client: Client, cql: string): Promise<string> =>
    client.execute(cql.replaceAll('{ks}', on.keyspace), [], { prepare: false }).then(() => 'done', inWords);
  const read = (client: Client): Promise<string> => run(client, 'SELECT v FROM {ks}.rows');
  const insert = (client: Client): Promise<string> => run(client, `INSERT INTO {ks}.rows (id, v) VALUES ('a', 1) IF NOT EXISTS`);
  async function reads(client: Client, count: number): Promise<readonly string[]> {
    const answers: string[] = [];
    for (let i = 0; i < count; i++) answers.push(await read(client));
    return answers;
  }

  test('what is beyond so many requests in a second is refused on one connection, and another’s go through', async () => {
    const rule = standIn.throttle({ perConnection: 3 });
    expect(await reads(first, 3)).toEqual(['done', 'done', 'done']);
    standIn.forgetRequests();
    expect([await read(first), await insert(first)]).toEqual([expect.stringMatching(throttledRead), expect.stringMatching(throttledWrite)]);
    const arrived = standIn.requests({ cql: new RegExp(on.keyspace) });
    expect(arrived.map(({ forwarded }) => forwarded)).toEqual([0, 0]);
    expect(await reads(second, 3)).toEqual(['done', 'done', 'done']);
    expect(await read(second)).toMatch(throttledRead);
    expect(rule.hits).toBe(3);
  });

  test('a second later it goes on, also where the clock is put back', async () => {
    standIn.throttle({ perConnection: 1 });
    const answers = async (): Promise<readonly boolean[]> => (await reads(first, 2)).map((answer) => answer === 'done');
    expect(await answers()).toEqual([true, false]);
    now += 999;
    expect(await answers()).toEqual([false, false]);
    now += 1;
    expect(await answers()).toEqual([true, false]);
    now -= 60_000;
    expect(await answers()).toEqual([true, false]);
  });

  test('counted are the requests that match, of which so many are throttled', async () => {
    const rule = standIn.throttle({ match: { cql: /^SELECT/ }, perConnection: 1, times: 1 });
    expect([await insert(first), await insert(first), await read(first)]).toEqual(['done', 'done', 'done']);
    expect(await reads(first, 2)).toEqual([expect.stringMatching(throttledRead), 'done']);
    expect(rule.hits).toBe(1);
  });

  test('a match may be of one connection: that of the first request', async () => {
    let throttled: CqlConnection | undefined;
    const match: CqlMatch = {
      cql: new RegExp(on.keyspace),
      when: (_, connection) => connection === (throttled ??= connection),
    };
    standIn.throttle({ match });
    expect(await reads(first, 2)).toEqual([expect.stringMatching(throttledRead), expect.stringMatching(throttledRead)]);
    expect(await reads(second, 2)).toEqual(['done', 'done']);
  });

  const writes = 24;
  test.each([1, 3])(
    'a client of the adapter with %i connections writes as much more, and nothing is sent again',
    async (connectionsPerHost) => {
      const adapter = keyspaces({ ...wayTo(standIn), ...builtIn(standIn), keyspace: on.keyspace, connectionsPerHost });
      const db = createClient(adapter, { verify: 'off', retry: 'off' });
      const once = async (): Promise<Told> => told(verbs.insert.run(db, await on.given(verbs.insert)));
      expect(await once()).toBe('applied');
      const rule = standIn.throttle({ match: write, perConnection: 2 });
      const heard: Told[] = [];
      for (let i = 0; i < writes; i++) heard.push(await once());
      const through = 2 * connectionsPerHost;
      expect(heard.filter((each) => each === 'applied')).toHaveLength(through);
      expect(heard.filter((each) => each === 'outcome-unknown: unknown')).toHaveLength(writes - through);
      expect(rule.hits).toBe(writes - through);
      await db.close();
    },
  );
});
