import { cassandra, scylla } from '@onlyif/cassandra';
import { createClient, defineTable, int, isLWTError, notExists, text } from '@onlyif/core';
import driver from 'cassandra-driver';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { StubCqlClient } from './stub-cql-client.ts';

const t = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'] });

const options = { contactPoints: ['127.0.0.1'], localDataCenter: 'dc1', keyspace: 'app' };

describe('a client that the caller passed in', () => {
  test.each([cassandra, scylla])('is used, and stays open (%#)', async (make) => {
    const client = new StubCqlClient();
    const adapter = make({ client, keyspace: 'app' });
    expect(adapter.client).toBe(client);
    const db = createClient(adapter, { verify: 'off' });
    expect(await db.insert(t, { id: 'x' }, { if: notExists() })).toEqual({ applied: true });
    await db.close();
    expect(client.shutdowns).toBe(0);
  });
  test('decodes rows of queries of its own, with every column', () => {
    const adapter = cassandra({ client: new StubCqlClient(), keyspace: 'app' });
    expect(adapter.decodeRow(t, { id: 'x', n: null, other: 1 })).toEqual({ id: 'x', n: null });
    const message = 'decodeRow: the row of t has no column n; the query has to select it.';
    expect(() => adapter.decodeRow(t, { id: 'x' })).toThrow(expect.objectContaining({ code: 'invalid-statement', message }) as Error);
  });
  test('is not used after close()', async () => {
    const client = new StubCqlClient();
    const adapter = cassandra({ client, keyspace: 'app' });
    await adapter.close();
    const error: unknown = await adapter.tables.create(t).catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && error.code).toBe('closed');
    expect(client.sent).toEqual([]);
  });
});

describe('a client that the adapter makes (connect and shutdown of the driver stubbed)', () => {
  afterEach(() => vi.restoreAllMocks());

  /** The forms of the driver's methods that return promises. */
  const prototype = driver.Client.prototype as unknown as {
    connect(): Promise<void>;
    shutdown(): Promise<void>;
    execute(): Promise<object>;
  };
  interface Made {
    readonly options: driver.ClientOptions;
  }
  function stubDriver(connect: () => Promise<void> = async () => undefined): { readonly made: Made[]; readonly shutdowns: () => number } {
    const made: Made[] = [];
    vi.spyOn(prototype, 'connect').mockImplementation(async function (this: unknown) {
      made.push(this as Made);
      return connect();
    });
    const shutdown = vi.spyOn(prototype, 'shutdown').mockResolvedValue(undefined);
    vi.spyOn(prototype, 'execute').mockResolvedValue({ rows: [] });
    return { made, shutdowns: () => shutdown.mock.calls.length };
  }
  const read = (adapter: ReturnType<typeof cassandra>): Promise<unknown> => createClient(adapter).get(t, { id: 'x' });

  test('does not prepare on all nodes before a first request: one that stands still would hold it up', async () => {
    const stub = stubDriver();
    await read(cassandra(options));
    await read(cassandra({ ...options, prepareOnAllHosts: true }));
    expect(stub.made.map((made) => made.options.prepareOnAllHosts)).toEqual([false, true]);
  });
  test('is made once, at first use, and shut down by close()', async () => {
    const stub = stubDriver();
    const adapter = cassandra(options);
    expect([adapter.client, stub.made.length]).toEqual([undefined, 0]);
    await Promise.all([read(adapter), read(adapter)]);
    expect(stub.made).toEqual([adapter.client]);
    await adapter.close();
    expect(stub.shutdowns()).toBe(1);
  });
  test('R16 decodes maps and sets as Map and Set, and is not bound to the keyspace', async () => {
    const stub = stubDriver();
    await read(cassandra(options));
    expect(stub.made[0]?.options.encoding).toMatchObject({ map: Map, set: Set });
    expect(stub.made[0]?.options.keyspace).toBeUndefined();
  });
  test('verifies certificates wherever TLS is asked for, unless the caller says otherwise', async () => {
    const stub = stubDriver();
    await read(cassandra({ ...options, sslOptions: {} }));
    await read(cassandra({ ...options, sslOptions: { ca: ['x'] } }));
    await read(cassandra({ ...options, sslOptions: { rejectUnauthorized: false } }));
    await read(cassandra(options));
    expect(stub.made.map(({ options: { sslOptions } }) => sslOptions?.rejectUnauthorized)).toEqual([true, true, false, undefined]);
  });
  test.each([
    [['10.0.0.1:9142', '10.0.0.2:9142'], undefined, 9142],
    [['[::1]:9142'], undefined, 9142],
    [['10.0.0.1', '10.0.0.2'], undefined, 9042],
    [['::1'], undefined, 9042],
    [['10.0.0.1:9142', '10.0.0.2:9143'], undefined, 9042],
    [['10.0.0.1:9142'], { port: 9999 }, 9999],
  ])('finds the other nodes at the port of the contact points %j', async (contactPoints, protocolOptions, port) => {
    const stub = stubDriver();
    await read(cassandra({ ...options, contactPoints, ...(protocolOptions && { protocolOptions }) }));
    expect(stub.made[0]?.options.protocolOptions?.port).toBe(port);
  });
  test('that could not connect is shut down, and made anew at the next use', async () => {
    let tries = 0;
    const stub = stubDriver(async () => {
      if (++tries <= 5) throw new driver.errors.NoHostAvailableError({});
    });
    const adapter = cassandra(options);
    const error: unknown = await read(adapter).catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && [error.code, error.outcome]).toEqual(['unavailable', 'not-applied']);
    expect(stub.shutdowns()).toBe(5);
    expect(await read(adapter)).toBeNull();
  });
});

describe('options that are refused at once', () => {
  const mistakes: readonly (readonly [string, object, RegExp])[] = [
    ['a name in another spelling', { localDatacenter: 'dc1' }, /no localDatacenter; they have client, keyspace, .*localDataCenter/],
    ['no data centre', { localDataCenter: undefined }, /localDataCenter is missing/],
    ['no contact points', { contactPoints: [] }, /contactPoints are missing/],
    ['a contact point that is no list', { contactPoints: '10.0.0.1' }, /contactPoints are missing: a list/],
  ];
  test.each(mistakes)('%s', (_, mistake, message) => {
    for (const make of [cassandra, scylla])
      expect(() => make({ ...options, ...mistake })).toThrow(
        expect.objectContaining({ code: 'invalid-statement', message: expect.stringMatching(message) as string }) as Error,
      );
  });
  test('no data centre is needed where the caller balances the load, nor anything in the cloud', () => {
    const { localDataCenter: _, ...others } = options;
    const loadBalancing = new driver.policies.loadBalancing.RoundRobinPolicy();
    expect(() => cassandra({ ...others, policies: { loadBalancing } })).not.toThrow();
    expect(() => cassandra({ keyspace: 'app', cloud: { secureConnectBundle: 'x' } })).not.toThrow();
  });
});

describe('keyspaces that are refused', () => {
  test.each(['', 'system', 'system_schema', 'SYSTEM_auth', 'a-b', 'a"b', "a'b", 'a.b', 'é', 'x'.repeat(49), undefined, 5])(
    '%j',
    (keyspace) => {
      for (const make of [cassandra, scylla])
        expect(() => make({ client: new StubCqlClient(), keyspace: keyspace as string })).toThrow(
          expect.objectContaining({ code: 'invalid-statement' }) as Error,
        );
    },
  );
  test('a serial level that is none', () => {
    expect(() => cassandra({ client: new StubCqlClient(), keyspace: 'app', serialConsistency: 'QUORUM' as never })).toThrow(
      expect.objectContaining({ code: 'invalid-statement' }) as Error,
    );
  });
});

test('encodeKey and decodeRow serve queries of the driver’s own', () => {
  const adapter = cassandra({ client: new StubCqlClient(), keyspace: 'app' });
  expect(adapter.encodeKey(t, { id: 'é' })).toEqual([Buffer.from('é')]);
  expect(adapter.decodeRow(t, { id: 'x', n: 1, unknown: 2 })).toEqual({ id: 'x', n: 1 });
});
