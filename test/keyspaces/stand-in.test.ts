import { Gate, type KeyspacesStandIn, standInMark } from '@onlyif/testkit';
import cassandraDriver, { type Client } from 'cassandra-driver';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { inWords, keyspacesClient } from './sigv4-client.ts';
import { dropKeyspaces, makeKeyspace, startStandIn } from './stand-in.ts';

const { policies, types } = cassandraDriver;
const { one, localOne, quorum, serial, localSerial, all } = types.consistencies;

describe.skipIf(skipped !== undefined)('a stand-in for Keyspaces in front of the real Cassandra', () => {
  let standIn: KeyspacesStandIn;
  let client: Client;
  let keyspace: string;

  beforeAll(async () => {
    standIn = await startStandIn();
    client = keyspacesClient(standIn);
    await client.connect();
    keyspace = await makeKeyspace(
      client,
      'CREATE TABLE {ks}.t (id int PRIMARY KEY, v int, l list<int>, m map<text, int>, fs frozen<set<int>>)',
    );
    await client.execute(`INSERT INTO ${keyspace}.t (id, v) VALUES (1, 1)`);
  });
  afterEach(() => standIn.clearRules());
  afterAll(async () => {
    await client?.shutdown();
    await standIn?.close();
    if (keyspace !== undefined) await dropKeyspaces(keyspace);
  });

  const run = (cql: string, params: readonly unknown[] = [], options: cassandraDriver.QueryOptions = {}): Promise<string | boolean> =>
    client
      .execute(cql.replaceAll('{ks}', keyspace), [...params], options)
      .then((result) => result.rows?.[0]?.['[applied]'] ?? 'done', inWords);
  const sent = (): number => standIn.requests({ cql: new RegExp(keyspace) }).reduce((sum, each) => sum + each.forwarded, 0);

  test('conditional writes are judged by the Cassandra behind', async () => {
    expect(await run('INSERT INTO {ks}.t (id, v) VALUES (?, ?) IF NOT EXISTS', [2, 5])).toBe(true);
    expect(await run('INSERT INTO {ks}.t (id, v) VALUES (?, ?) IF NOT EXISTS', [2, 6])).toBe(false);
    expect(await run('UPDATE {ks}.t SET v = ? WHERE id = ? IF v = ?', [6, 2, 5])).toBe(true);
    expect(await run('UPDATE {ks}.t SET v = ? WHERE id = ? IF v > ? AND l = null', [7, 2, 5])).toBe(true);
    expect(await run('DELETE FROM {ks}.t WHERE id = ? IF v != ?', [2, 7])).toBe(false);
    expect(await run('DELETE FROM {ks}.t WHERE id = ? IF EXISTS', [2])).toBe(true);
  });

  const update = 'UPDATE {ks}.t SET v = 2 WHERE id = 1 IF';
  const levels = (level: string, supported: string): string =>
    `ResponseError 0x2200: Consistency level ${level} is not supported for this operation. Supported consistency levels are: ${supported}`;
  const reads = `ONE, LOCAL_QUORUM, LOCAL_ONE ${standInMark}`;
  const writes = `LOCAL_QUORUM ${standInMark}`;
  const own = (message: string): string => `ResponseError 0x2200: ${message} ${standInMark}`;
  const notNull = own('v != null: AWS does not document it; allow: { notNull: true } lets it pass');
  interface Refusal {
    readonly cql: string;
    readonly message: string;
    readonly options?: cassandraDriver.QueryOptions;
    readonly params?: readonly unknown[];
  }
  const refusals: readonly Refusal[] = [
    { cql: 'SELECT * FROM {ks}.t', message: levels('SERIAL', reads), options: { consistency: serial } },
    { cql: 'SELECT * FROM {ks}.t', message: levels('LOCAL_SERIAL', reads), options: { consistency: localSerial } },
    { cql: 'SELECT * FROM {ks}.t', message: levels('ALL', reads), options: { consistency: all, prepare: false } },
    { cql: `${update} v = 1`, message: levels('QUORUM', writes), options: { consistency: quorum } },
    { cql: `${update} v = 1`, message: levels('ONE', writes), options: { consistency: one } },
    {
      cql: 'INSERT INTO {ks}.t (id) VALUES (1)',
      message: levels('LOCAL_ONE', writes),
      options: { consistency: localOne, prepare: false },
    },
    { cql: `${update} v IN (1, 2)`, message: own('IN is not supported with UPDATE and DELETE') },
    { cql: `${update} l CONTAINS 1`, message: own('CONTAINS is not supported in conditions'), options: { prepare: false } },
    { cql: `${update} fs < ?`, message: own('< on the whole of fs is not supported in conditions'), params: [new Set([1])] },
    { cql: `${update} l != [1]`, message: own('!= on the whole of l is not supported in conditions'), options: { prepare: false } },
    {
      cql: `${update} m['a'] = 1`,
      message: own(
        'A condition on a part of m: AWS does not document what a part is that is not there; allow: { elements: true } lets it pass',
      ),
    },
    { cql: `${update} v != null`, message: notNull },
    { cql: `${update} v != ?`, message: notNull, params: [null] },
    { cql: 'TRUNCATE {ks}.t', message: own('TRUNCATE is not supported'), options: { prepare: false } },
    {
      cql: 'INSERT INTO {ks}.t (id) VALUES (1) USING TIMESTAMP 5',
      message: own('USING TIMESTAMP is not supported: the table has no client-side timestamps'),
    },
    { cql: `UPDATE {ks}.t USING TTL 60 SET v = 2 WHERE id = 1`, message: 'ResponseError 0x2200: TTL is not yet supported.' },
  ];
  test.each(refusals)('refused before the Cassandra sees it: $cql, $message', async ({ cql, message, options, params }) => {
    // What is refused when it runs, and not when it is prepared, has been prepared first.
    await run(cql, params, options);
    standIn.forgetRequests();
    expect(await run(cql, params, options)).toBe(message);
    expect(sent()).toBe(0);
    const { rows } = await client.execute(`SELECT v FROM ${keyspace}.t WHERE id = 1`);
    expect(rows[0]?.['v']).toBe(1);
  });

  test('a conditional batch is refused, a plain one is not', async () => {
    const insert = `INSERT INTO ${keyspace}.t (id, v) VALUES (?, ?)`;
    const batch = (...queries: readonly string[]): Promise<string> =>
      client
        .batch(
          queries.map((query) => ({ query, params: [3, 3] })),
          { prepare: true },
        )
        .then(() => 'done', inWords);
    expect(await batch(insert, `${insert} IF NOT EXISTS`)).toBe(own('Conditional statements are not supported in a batch'));
    expect(await run(`BEGIN BATCH INSERT INTO {ks}.t (id) VALUES (3) IF NOT EXISTS APPLY BATCH`, [], { prepare: false })).toMatch(
      /not supported in a batch/,
    );
    expect((await client.execute(`SELECT id FROM ${keyspace}.t WHERE id = 3`)).rowLength).toBe(0);
    expect(await batch(insert, insert)).toBe('done');
    const unlogged = client.batch(
      Array.from({ length: 31 }, () => ({ query: insert, params: [3, 3] })),
      { prepare: true, logged: false },
    );
    expect(await unlogged.then(() => 'done', inWords)).toBe(
      'ResponseError 0x2200: Batches with more than 30 statements are not supported.',
    );
  });

  test('keys that are too large are refused before the Cassandra sees them, in batches too', async () => {
    const keys = await makeKeyspace(client, 'CREATE TABLE {ks}.t (p text, c text, v text, PRIMARY KEY (p, c))');
    const insert = `INSERT INTO ${keys}.t (p, c, v) VALUES (?, ?, ?)`;
    const row = (p: number, c: number): readonly string[] => [p, c, 3000].map((length) => 'x'.repeat(length));
    const partition = own('The partition key has 2049 bytes, and 2048 at the most');
    const clustering = own('The clustering key has 851 bytes, and 850 at the most');
    for (const prepare of [true, false]) {
      expect(await run(insert, row(2048, 850), { prepare })).toBe('done');
      expect(await run(insert, row(2049, 850), { prepare })).toBe(partition);
      expect(await run(`UPDATE ${keys}.t SET v = 'y' WHERE p = ? AND c = ? IF v = 'x'`, row(1, 851).slice(0, 2), { prepare })).toBe(
        clustering,
      );
    }
    const batch = (...rows: readonly (readonly string[])[]): Promise<string> =>
      client
        .batch(
          rows.map((params) => ({ query: insert, params: [...params] })),
          { prepare: true },
        )
        .then(() => 'done', inWords);
    expect([await batch(row(1, 850), row(2048, 1)), await batch(row(1, 1), row(1, 851))]).toEqual(['done', clustering]);
    await dropKeyspaces(keys);
  });

  test('what is undocumented passes where it is allowed', async () => {
    const open = await startStandIn({ allow: { elements: true, notNull: true } });
    const opened = keyspacesClient(open);
    const applied = async (condition: string): Promise<unknown> =>
      (await opened.execute(`UPDATE ${keyspace}.t SET v = 1 WHERE id = 1 IF ${condition}`)).first()['[applied]'];
    expect(await applied('v != null')).toBe(true);
    expect(await applied(`m['a'] = null`)).toBe(true);
    await opened.shutdown();
    await open.close();
  });

  test('throttled: a WriteTimeout of type SIMPLE, a ReadTimeout, and nothing done', async () => {
    const rule = standIn.throttle({ times: 2 });
    standIn.forgetRequests();
    const thrown = await client.execute(`UPDATE ${keyspace}.t SET v = 9 WHERE id = 1 IF v = 1`, [], { prepare: false }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const { localQuorum } = types.consistencies;
    expect(thrown).toMatchObject({ code: 0x1100, writeType: 'SIMPLE', received: 0, blockFor: 2, consistencies: localQuorum });
    expect(await run('SELECT v FROM {ks}.t', [], { prepare: false })).toMatch(/^ResponseError 0x1200/);
    expect([rule.hits, sent()]).toEqual([2, 0]);
    expect((await client.execute(`SELECT v FROM ${keyspace}.t WHERE id = 1`)).first()['v']).toBe(1);
  });

  test('drops and delays, by the rules of the proxy', async () => {
    const rule = standIn.addRule({ match: { conditional: true }, times: 1, do: { kind: 'drop-reply' } });
    expect(await run(`${update} v = 1`, [], { readTimeout: 1_000 })).toMatch(/^OperationTimedOutError/);
    expect(rule.hits).toBe(1);
    expect(await run('UPDATE {ks}.t SET v = 1 WHERE id = 1 IF v = 2')).toBe(true);
  });

  test('a client with a keyspace of its own names tables without one, and is refused all the same', async () => {
    const local = keyspacesClient(standIn, { keyspace });
    const refused = local.execute('UPDATE t SET v = 2 WHERE id = 1 IF fs > ?', [new Set([1])]).then(() => 'done', inWords);
    expect(await refused).toBe(own('> on the whole of fs is not supported in conditions'));
    expect((await local.execute('UPDATE t SET v = 1 WHERE id = 1 IF v = 1')).first()['[applied]']).toBe(true);
    await local.shutdown();
  });

  test('one data centre, which is the region, and no node of the Cassandra', async () => {
    const local = (await client.execute('SELECT * FROM system.local')).first();
    expect([local['data_center'], local['release_version'], String(local['rpc_address'])]).toEqual(['eu-west-1', '3.11.2', '127.0.0.1']);
    expect((await client.execute('SELECT * FROM system.peers')).rowLength).toBe(0);
    expect(await run('SELECT * FROM system.peers_v2')).toMatch(/unconfigured table peers_v2/);
    expect(
      client
        .getState()
        .getConnectedHosts()
        .map(({ address }) => address),
    ).toEqual([standIn.address]);
  });
});

describe.skipIf(skipped !== undefined)('keyspaces and tables of a stand-in for Keyspaces', () => {
  const status = 'SELECT keyspace_name, table_name, status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?';

  test('a keyspace shows later, a table is ACTIVE later, and neither can be used before', async () => {
    const gate = new Gate();
    const standIn = await startStandIn({ activeAfter: gate });
    const client = keyspacesClient(standIn);
    const run = (cql: string, params: readonly unknown[] = []): Promise<unknown> =>
      client.execute(cql, [...params], { prepare: false }).then(({ rows }) => rows ?? [], inWords);
    const shown = async (keyspace: string): Promise<number> =>
      (await client.execute('SELECT * FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?', [keyspace])).rowLength;
    const keyspace = await makeKeyspace(client);
    const later = new Gate();
    expect(await shown(keyspace)).toBe(0);
    expect(await run(`CREATE TABLE ${keyspace}.t (id int PRIMARY KEY)`)).toBe(`ResponseError 0x2200: unconfigured keyspace ${keyspace}`);
    expect(await run(`USE ${keyspace}`)).toBe(`ResponseError 0x2200: unconfigured keyspace ${keyspace}`);
    gate.open();
    expect(await shown(keyspace)).toBe(1);
    await client.shutdown();
    await standIn.close();

    const second = await startStandIn({ activeAfter: later });
    const other = keyspacesClient(second);
    await other.execute(
      `CREATE TABLE ${keyspace}.t (id int PRIMARY KEY) WITH CUSTOM_PROPERTIES = {'client_side_timestamps': {'status': 'enabled'}} AND TAGS = {'a': 'b'}`,
      [],
      { prepare: false },
    );
    const row = async (cql: string): Promise<cassandraDriver.types.Row> => (await other.execute(cql, [keyspace, 't'])).first();
    expect({ ...(await row(status)) }).toEqual({ keyspace_name: keyspace, table_name: 't', status: 'CREATING' });
    const insert = (): Promise<string> =>
      other.execute(`INSERT INTO ${keyspace}.t (id) VALUES (1) IF NOT EXISTS`).then(() => 'done', inWords);
    expect(await insert()).toBe(`ResponseError 0x2200: unconfigured table ${keyspace}.t`);
    later.open();
    expect(Object.keys(await row(status))).toEqual(['keyspace_name', 'table_name', 'status']);
    expect((await row(status))['status']).toBe('ACTIVE');
    expect(await insert()).toBe('done');

    const everything = await row('SELECT * FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?');
    expect([everything['status'], everything['custom_properties']]).toEqual([
      'ACTIVE',
      {
        capacity_mode: { throughput_mode: 'PAY_PER_REQUEST' },
        client_side_timestamps: { status: 'enabled' },
        encryption_specification: { encryption_type: 'AWS_OWNED_KMS_KEY' },
        point_in_time_recovery: { status: 'disabled' },
      },
    ]);
    const unprepared = `SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = '${keyspace}' AND table_name = 't'`;
    expect({ ...(await other.execute(unprepared, [], { prepare: false })).first() }).toEqual({ status: 'ACTIVE' });
    await other.execute(`INSERT INTO ${keyspace}.t (id) VALUES (2) USING TIMESTAMP 5`);
    await other.execute(`DROP TABLE ${keyspace}.t`, [], { prepare: false });
    expect((await other.execute(status, [keyspace, 't'])).rowLength).toBe(0);
    await other.shutdown();
    await second.close();
    await dropKeyspaces(keyspace);
  });

  test('a table is UPDATING after a change, and used meanwhile', async () => {
    const gate = new Gate();
    const standIn = await startStandIn({ updatedAfter: gate });
    const client = keyspacesClient(standIn);
    const keyspace = await makeKeyspace(client, 'CREATE TABLE {ks}.t (id int PRIMARY KEY)');
    const shown = async (): Promise<unknown> => (await client.execute(status, [keyspace, 't'])).first()['status'];
    expect(await shown()).toBe('ACTIVE');
    await client.execute(`ALTER TABLE ${keyspace}.t ADD v int`, [], { prepare: false });
    await client.execute(`INSERT INTO ${keyspace}.t (id, v) VALUES (1, 1)`);
    expect(await shown()).toBe('UPDATING');
    gate.open();
    expect(await shown()).toBe('ACTIVE');
    await client.shutdown();
    await standIn.close();
    await dropKeyspaces(keyspace);
  });

  test('what is dropped is DELETING, not to be used, and gone later', async () => {
    const gate = new Gate();
    const standIn = await startStandIn({ goneAfter: gate });
    const client = keyspacesClient(standIn);
    const keyspace = await makeKeyspace(client, 'CREATE TABLE {ks}.t (id int PRIMARY KEY)', 'CREATE TABLE {ks}.u (id int PRIMARY KEY)');
    const run = (cql: string): Promise<string> => client.execute(cql, [], { prepare: false }).then(() => 'done', inWords);
    const shown = async (): Promise<unknown> => [
      (await client.execute('SELECT * FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?', [keyspace])).rowLength,
      ...(await client.execute('SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ?', [keyspace])).rows.map(
        (row): unknown => row['status'],
      ),
    ];
    expect(await run(`DROP TABLE ${keyspace}.other`)).toMatch(/^ResponseError 0x2200/);
    expect(await run(`DROP TABLE IF EXISTS ${keyspace}.other`)).toBe('done');
    expect(await run(`DROP TABLE ${keyspace}.t`)).toBe('done');
    expect(await shown()).toEqual([1, 'DELETING', 'ACTIVE']);
    expect(await run(`INSERT INTO ${keyspace}.t (id) VALUES (1)`)).toBe(`ResponseError 0x2200: unconfigured table ${keyspace}.t`);
    expect(await run(`DROP TABLE ${keyspace}.t`)).toBe('done');
    expect(await run(`DROP KEYSPACE ${keyspace}`)).toBe('done');
    expect(await shown()).toEqual([1, 'DELETING', 'DELETING']);
    expect(await run(`SELECT * FROM ${keyspace}.u`)).toBe(`ResponseError 0x2200: unconfigured keyspace ${keyspace}`);
    gate.open();
    expect(await shown()).toEqual([0]);
    expect(await run(`CREATE KEYSPACE ${keyspace} WITH REPLICATION = {'class': 'SingleRegionStrategy'}`)).toBe('done');
    await client.shutdown();
    await standIn.close();
    await dropKeyspaces(keyspace);
  });

  test('a TTL of its own has a row only where the table has TTL enabled, by its properties or by a default', async () => {
    const standIn = await startStandIn();
    const client = keyspacesClient(standIn);
    const keyspace = await makeKeyspace(
      client,
      'CREATE TABLE {ks}.t0 (id int PRIMARY KEY)',
      `CREATE TABLE {ks}.t1 (id int PRIMARY KEY) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}`,
      'CREATE TABLE {ks}.t2 (id int PRIMARY KEY) WITH default_time_to_live = 600',
      'ALTER TABLE {ks}.t2 WITH default_time_to_live = 0',
    );
    const insert = (table: string): Promise<string> =>
      client.execute(`INSERT INTO ${keyspace}.${table} (id) VALUES (?) USING TTL ?`, [1, 60]).then(() => 'done', inWords);
    expect([await insert('t0'), await insert('t1'), await insert('t2')]).toEqual([
      'ResponseError 0x2200: TTL is not yet supported.',
      'done',
      'done',
    ]);
    await client.execute(`ALTER TABLE ${keyspace}.t0 WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}`, [], { prepare: false });
    expect(await insert('t0')).toBe('done');
    await client.shutdown();
    await standIn.close();
    await dropKeyspaces(keyspace);
  });

  test('a table of a keyspace in several Regions has client-side timestamps', async () => {
    const standIn = await startStandIn();
    const client = keyspacesClient(standIn);
    const define = (cql: string): Promise<unknown> => client.execute(cql, [], { prepare: false });
    const keyspace = uniqueName();
    const regions = (...names: readonly string[]): string => names.map((name) => `, '${name}': '3'`).join('');
    const create = (named: string): string => `CREATE KEYSPACE ${keyspace} WITH REPLICATION = {'class': 'NetworkTopologyStrategy'${named}}`;
    await expect(define(create(regions('eu-west-1')))).rejects.toThrow(/fewer than two Regions/);
    await define(create(regions('eu-west-1', 'us-east-1')));
    await define(`CREATE TABLE ${keyspace}.t (id int PRIMARY KEY)`);
    await client.execute(`INSERT INTO ${keyspace}.t (id) VALUES (1) USING TIMESTAMP 5`);
    const single = await makeKeyspace(client, 'CREATE TABLE {ks}.t (id int PRIMARY KEY)');
    await define(`ALTER KEYSPACE ${single} WITH REPLICATION = {'class': 'NetworkTopologyStrategy'${regions('eu-west-1', 'us-east-1')}}`);
    await client.execute(`INSERT INTO ${single}.t (id) VALUES (1) USING TIMESTAMP 5`);
    await client.shutdown();
    await standIn.close();
    await dropKeyspaces(keyspace, single);
  });

  test('ACTIVE after a time: never at once, and in the end', async () => {
    const standIn = await startStandIn({ activeAfter: 300 });
    const client = keyspacesClient(standIn);
    const keyspace = await makeKeyspace(client);
    const wait = async (
      cql: string,
      params: readonly unknown[],
      done: (row: cassandraDriver.types.Row | null) => boolean,
    ): Promise<number> => {
      for (let asked = 1; ; asked++) {
        if (done((await client.execute(cql, [...params])).first())) return asked;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    expect(
      await wait('SELECT * FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?', [keyspace], (row) => row !== null),
    ).toBeGreaterThan(1);
    await client.execute(`CREATE TABLE ${keyspace}.t (id int PRIMARY KEY)`, [], { prepare: false });
    await wait(status, [keyspace, 't'], (row) => row?.['status'] === 'ACTIVE');
    await client.execute(`CREATE TABLE IF NOT EXISTS ${keyspace}.t (id int PRIMARY KEY)`, [], { prepare: false });
    expect((await client.execute(status, [keyspace, 't'])).first()['status']).toBe('ACTIVE');
    await client.shutdown();
    await standIn.close();
    await dropKeyspaces(keyspace);
  });
});

describe.skipIf(skipped !== undefined || process.platform !== 'linux')('load balancers of a stand-in for Keyspaces', () => {
  const hosts = (client: Client): readonly string[] =>
    client
      .getState()
      .getConnectedHosts()
      .map(({ address }) => address.split(':')[0] ?? '')
      .sort();
  const until = async (is: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  const reconnection = new policies.reconnection.ConstantReconnectionPolicy(100);
  const loadBalancing = new policies.loadBalancing.RoundRobinPolicy();
  const balanced = (standIn: KeyspacesStandIn): Client =>
    keyspacesClient(standIn, { pooling: { warmup: true }, policies: { loadBalancing, reconnection } });
  const ask = (client: Client): Promise<boolean> =>
    client.execute('SELECT key FROM system.local').then(
      () => true,
      () => false,
    );

  test.each([
    // The control connection goes to one of the old ones, which is still there, and stays.
    { announce: 'reconnect', old: 'keep', left: 1 },
    { announce: 'events', old: 'close', left: 0 },
  ] as const)('they are used, and others after a rotation: $announce, $old', async ({ left, ...how }) => {
    const standIn = await startStandIn({ peers: 3 });
    const client = balanced(standIn);
    await client.connect();
    const first = standIn.peers;
    expect(new Set(first).size).toBe(3);
    const usesAll = async (): Promise<boolean> => {
      await ask(client);
      const connected = hosts(client);
      return standIn.peers.every((peer) => connected.includes(peer));
    };
    await until(usesAll);
    const rotated = await standIn.rotatePeers(how);
    expect(rotated.filter((peer) => first.includes(peer))).toEqual([]);
    await until(usesAll);
    await until(() => hosts(client).filter((host) => first.includes(host)).length === left);
    await client.shutdown();
    await standIn.close();
  });

  test('where every connection ends at once, a client finds its way by the contact point', async () => {
    const standIn = await startStandIn({ peers: 2 });
    const client = balanced(standIn);
    await client.connect();
    await standIn.rotatePeers();
    await until(() => ask(client));
    await client.shutdown();
    await standIn.close();
  });
});
