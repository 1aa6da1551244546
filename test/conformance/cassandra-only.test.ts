import { cassandra, type CassandraAdapter, type CqlClient } from '@onlyif/cassandra';
import {
  type Client,
  createClient,
  date,
  decimal,
  defineTable,
  double,
  eq,
  exists,
  gt,
  inet,
  insert,
  int,
  isNull,
  map,
  ne,
  notExists,
  or,
  replace,
  text,
  update,
} from '@onlyif/core';
import cassandraDriver, { type ExecutionOptions, type tracker } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';

const address = inject('cassandra');
const profiles = defineTable('profiles', { columns: { id: text(), name: text().notNull(), age: int() }, partitionKey: ['id'] });
const odd = defineTable('odd', {
  columns: { id: text(), guard: text().notNull(), d: decimal(), x: double(), day: date(), ip: inet(), n: int() },
  partitionKey: ['id'],
});

describe.skipIf(isSkipped(address))('Cassandra beside other writers', () => {
  const keyspace = uniqueName();
  let adapter: CassandraAdapter;
  let db: Client;
  let raw: CqlClient;
  const cql = (text: string): Promise<unknown> => raw.execute(text.replaceAll('$', keyspace), [], { prepare: false });

  beforeAll(async () => {
    if (isSkipped(address)) return;
    adapter = cassandra({ contactPoints: [...address.contactPoints], localDataCenter: address.localDataCenter, keyspace });
    expect(await adapter.createKeyspace()).toBe(true);
    expect(await adapter.createKeyspace()).toBe(false);
    db = createClient(adapter);
    raw = adapter.client as CqlClient;
  });
  afterAll(async () => {
    await adapter?.dropKeyspace();
    await adapter?.close();
  });

  it('leaves columns alone that the definition does not name, a UDT among them', async () => {
    await cql('CREATE TYPE $.address (street text, zip text)');
    await cql('CREATE TABLE $.profiles (id text PRIMARY KEY, name text, age int, home frozen<address>, extra text)');
    await db.insert(profiles, { id: 'a', name: 'Ann' }, { if: notExists() });
    await cql("UPDATE $.profiles SET home = {street: 'Main', zip: '1'}, extra = 'kept' WHERE id = 'a'");
    const again = await db.insert(profiles, { id: 'a', name: 'Bob' }, { if: notExists() });
    expect(again).toEqual({ applied: false, existing: { id: 'a', name: 'Ann', age: null }, source: 'decision' });
    expect(await db.execute(replace(profiles, { id: 'a', name: 'Ann', age: 4 }, { if: exists() }))).toEqual({ applied: true });
    expect(await db.get(profiles, { id: 'a' })).toEqual({ id: 'a', name: 'Ann', age: 4 });
    const stored = (await raw.execute(`SELECT home, extra FROM ${keyspace}.profiles WHERE id = 'a'`)).rows?.[0];
    expect(stored).toMatchObject({ home: { street: 'Main', zip: '1' }, extra: 'kept' });
  });

  it('R4 refuses a table whose rows expire', async () => {
    await cql('CREATE TABLE $.fading (id text PRIMARY KEY, n int) WITH default_time_to_live = 60');
    const fading = defineTable('fading', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
    const failure = { code: 'schema-mismatch', outcome: 'not-applied', message: expect.stringContaining('default_time_to_live') };
    await expect(db.insert(fading, { id: 'x' }, { if: notExists() })).rejects.toMatchObject(failure);
    await expect(db.verifyTable(fading)).rejects.toMatchObject(failure);
  });

  it('R4 names a missing table and a column of another type', async () => {
    const missing = defineTable('nowhere', { columns: { id: text() }, partitionKey: ['id'] });
    await expect(db.verifyTable(missing)).rejects.toMatchObject({
      code: 'schema-mismatch',
      message: expect.stringContaining('does not exist'),
    });
    await expect(createClient(cassandra({ client: raw, keyspace: 'nowhere' })).verifyTable(missing)).rejects.toMatchObject({
      code: 'schema-mismatch',
      message: expect.stringContaining('Keyspace nowhere does not exist.'),
    });
    await cql('CREATE TABLE $.other_type (id text PRIMARY KEY, n bigint)');
    const other = defineTable('other_type', { columns: { id: text(), n: int(), gone: text() }, partitionKey: ['id'] });
    await expect(db.verifyTable(other)).rejects.toMatchObject({ message: expect.stringMatching(/n is bigint.*defined as int.*gone/s) });
    const unverified = createClient(adapter, { verify: 'off' });
    await expect(unverified.insert(missing, { id: 'x' }, { if: notExists() })).rejects.toMatchObject({
      code: 'schema-mismatch',
      outcome: 'not-applied',
    });
  });

  it('R4 a row without its notNull column contradicts the definition, and is never a plain "not applied"', async () => {
    await db.createTable(odd);
    await cql("INSERT INTO $.odd (id, n) VALUES ('born elsewhere', 1)");
    const key = { id: 'born elsewhere' };
    const failure = { code: 'schema-mismatch', outcome: 'not-applied' };
    await expect(db.execute(update(odd, key, { set: { n: 2 }, if: ne(odd.columns.n, 5) }))).rejects.toMatchObject(failure);
    await expect(db.execute(insert(odd, { ...key, guard: 'x' }, { if: notExists() }))).rejects.toMatchObject(failure);
    await expect(db.get(odd, key)).rejects.toMatchObject(failure);
    await expect(db.verifyTable(odd, { scan: true })).rejects.toMatchObject({
      ...failure,
      message: expect.stringContaining('born elsewhere'),
    });
    await db.verifyTable(odd);
  });

  it.each([
    ['NaN', 'x = NaN'],
    ['Infinity', 'x = Infinity'],
    ['a date before year 1', "day = '-0005-01-01'"],
    ['a date after year 9999', 'day = 4294967295'],
    ['an absurdly long decimal', 'd = 1E-100000'],
    ['an IPv4-mapped address in 16 bytes', 'ip = blobAsInet(0x00000000000000000000ffff0a000001)'],
  ])('R16 %s, stored by others, is a schema-mismatch and no other value', async (name, assignment) => {
    await cql(`INSERT INTO $.odd (id, guard) VALUES ('${name}', 'x')`);
    await cql(`UPDATE $.odd SET ${assignment} WHERE id = '${name}'`);
    await expect(db.get(odd, { id: name })).rejects.toMatchObject({
      code: 'schema-mismatch',
      outcome: 'not-applied',
      message: expect.stringContaining('odd.'),
    });
    const rejected = update(odd, { id: name }, { set: { n: 1 }, if: eq(odd.columns.guard, 'other') });
    await expect(db.execute(rejected)).rejects.toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied' });
    expect(await db.execute(rejected, { existing: 'none' })).toEqual({ applied: false, source: 'decision' });
  });

  it('R16 a decimal with a negative scale, stored by others, is read right', async () => {
    await cql("INSERT INTO $.odd (id, guard, d, x) VALUES ('scale', 'x', 12E+3, -0.0)");
    expect(await db.get(odd, { id: 'scale' })).toMatchObject({ d: '12000', x: -0 });
    const statement = update(odd, { id: 'scale' }, { set: { n: 1 }, if: eq(odd.columns.d, '12000.00') });
    expect(await db.execute(statement)).toEqual({ applied: true });
  });

  it('R20 emulation pins a −0 of others as it was read', async () => {
    await cql("INSERT INTO $.odd (id, guard, x) VALUES ('negative zero', 'x', -0.0)");
    const { x, n } = odd.columns;
    const statement = update(odd, { id: 'negative zero' }, { set: { n: 1 }, if: or(eq(x, 0), gt(n, 5)) });
    expect(await db.execute(statement, { emulate: true })).toEqual({ applied: true });
    expect(await db.get(odd, { id: 'negative zero' })).toMatchObject({ x: -0, n: 1 });
  });

  it('R16 refuses a client that decodes maps to objects, by the name of the option', async () => {
    if (isSkipped(address)) return;
    const maps = defineTable('maps', { columns: { id: text(), m: map(text(), int()) }, partitionKey: ['id'] });
    const client = new cassandraDriver.Client({ contactPoints: [...address.contactPoints], localDataCenter: address.localDataCenter });
    const own = createClient(cassandra({ client, keyspace }));
    await own.createTable(maps);
    const failure = { code: 'unsupported', attempts: 0, alternative: expect.stringContaining('encoding') };
    await expect(own.insert(maps, { id: 'x' }, { if: notExists() })).rejects.toMatchObject(failure);
    await expect(own.get(maps, { id: 'x' })).rejects.toMatchObject(failure);
    expect(await db.insert(maps, { id: 'x', m: new Map([['__proto__', 1]]) }, { if: notExists() })).toEqual({ applied: true });
    expect(await db.get(maps, { id: 'x' })).toEqual({ id: 'x', m: new Map([['__proto__', 1]]) });
    await client.shutdown();
  });

  it('R2 without the guard, the condition alone would create the row', async () => {
    await cql("UPDATE $.odd SET n = 1 WHERE id = 'naive' IF n = null");
    expect((await raw.execute(`SELECT n FROM ${keyspace}.odd WHERE id = 'naive'`)).rows).toHaveLength(1);
    const ours = update(odd, { id: 'ours' }, { set: { n: 1 }, if: isNull(odd.columns.n) });
    expect(await db.execute(ours)).toEqual({ applied: false, existing: null, source: 'decision' });
    expect(await db.get(odd, { id: 'ours' })).toBeNull();
  });

  it('sends one attempt at explicit levels without a client timestamp, and lets `native` add tracing only', async () => {
    if (isSkipped(address)) return;
    const seen: Record<string, unknown>[] = [];
    const { RequestTracker } = cassandraDriver.tracker as unknown as { RequestTracker: new () => tracker.RequestTracker };
    const requestTracker = new RequestTracker();
    requestTracker.onSuccess = (_host: unknown, query: unknown, _parameters: unknown, options: ExecutionOptions) => {
      if (!String(query).includes(' IF ')) return;
      seen.push({
        consistency: options.getConsistency(),
        serial: options.getSerialConsistency(),
        idempotent: options.isIdempotent(),
        timestamp: options.getTimestamp(),
        tracing: options.isQueryTracing(),
      });
    };
    const client = new cassandraDriver.Client({
      contactPoints: [...address.contactPoints],
      localDataCenter: address.localDataCenter,
      requestTracker,
    });
    const own = createClient(cassandra({ client: client, keyspace }));
    const native = (): Record<string, unknown> => ({
      traceQuery: true,
      consistency: 1,
      isIdempotent: true,
      retry: undefined,
      prepare: false,
    });
    const statement = update(odd, { id: 'scale' }, { set: { n: 1 }, if: exists() });
    await own.execute(statement, { native });
    expect(own.explain(statement, { native })).toMatchObject({ verdict: 'native', portable: false });
    await own.close();
    expect(seen).toEqual([{ consistency: 4, serial: 8, idempotent: false, timestamp: null, tracing: true }]);
    await expect(client.execute('SELECT key FROM system.local')).resolves.toBeDefined();
    await client.shutdown();
  });
});
