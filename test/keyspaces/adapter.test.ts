import {
  type Client,
  type ClientEvent,
  createClient,
  defineTable,
  int,
  isLWTError,
  type LWTError,
  notExists,
  text,
  update,
} from '@onlyif/core';
import { type AwsCredentials, keyspaces, type KeyspacesAdapter, type KeyspacesOptions } from '@onlyif/keyspaces';
import { Gate, type KeyspacesStandIn, type KeyspacesStandInOptions } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { connection, skipped } from '../faults/proxied-cassandra.ts';
import { type AccessKey, builtIn, wayTo } from './backend.ts';
import { dropKeyspaces, startStandIn } from './stand-in.ts';

const accounts = defineTable('accounts', {
  columns: { id: text(), balance: int(), version: int(), token: text(), mark: text().notNull() },
  partitionKey: ['id'],
  writeToken: 'token',
  version: 'version',
});
const plain = defineTable('plain', { columns: { id: text(), n: int() }, partitionKey: ['id'] });

describe.skipIf(skipped !== undefined)('the adapter of Keyspaces, at the stand-in', () => {
  const made: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
    await dropKeyspaces(...made);
  });

  async function start(options: Partial<KeyspacesStandInOptions> = {}): Promise<KeyspacesStandIn> {
    const standIn = await startStandIn(options);
    closing.push(() => standIn.close());
    return standIn;
  }
  function adapterOf(standIn: KeyspacesStandIn, options: Partial<KeyspacesOptions> = {}): KeyspacesAdapter {
    const keyspace = uniqueName();
    made.push(keyspace);
    const adapter = keyspaces({ ...wayTo(standIn), ...builtIn(standIn), keyspace, connectionsPerHost: 1, ...options });
    closing.push(() => adapter.close());
    return adapter;
  }
  async function errorOf(run: Promise<unknown>): Promise<LWTError> {
    const error: unknown = await run.catch((thrown: unknown) => thrown);
    if (!isLWTError(error)) throw new Error(`no LWTError: ${JSON.stringify(error)}`);
    return error;
  }

  describe('definitions', () => {
    test('a table is made, waited for, and dropped, with each answer of the service told', async () => {
      const active = new Gate();
      const told: string[] = [];
      const onProgress = (name: string, status: string): void => void told.push(`${name.split('.').at(-1)} ${status}`);
      const standIn = await start({ activeAfter: active });
      const adapter = adapterOf(standIn, { creation: { onProgress, tags: { team: 'orders' } } });
      const db = createClient(adapter);
      const keyspace = adapter.createKeyspace();
      await expect.poll(() => told.at(-1)).toMatch(/absent$/);
      active.open();
      expect([await keyspace, await adapter.createKeyspace()]).toEqual([true, false]);
      told.length = 0;
      await db.createTable(plain);
      expect(told.at(-1)).toBe('plain ACTIVE');
      expect(await db.insert(plain, { id: 'a' }, { if: notExists() })).toEqual({ applied: true });
      await adapter.dropKeyspace();
      expect(told.at(-1)).toMatch(/absent$/);
    });

    test('a keyspace that does not become ACTIVE in time: told, and nothing is written in it', async () => {
      const standIn = await start({ activeAfter: new Gate() });
      const adapter = adapterOf(standIn, { creation: { timeoutMs: 300 } });
      expect(await errorOf(adapter.createKeyspace())).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
      const error = await errorOf(createClient(adapter).insert(plain, { id: 'a' }, { if: notExists() }));
      expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
    });

    test.each(['off', 'first-use'] as const)('a write on a table that is CREATING is refused, with verify: %s', async (verify) => {
      const active = new Gate();
      const standIn = await start({ activeAfter: 0 });
      const adapter = adapterOf(standIn, { creation: { timeoutMs: 300 } });
      await adapter.createKeyspace();
      const late = await start({ activeAfter: active });
      const { keyspace, ...way } = { ...wayTo(late), keyspace: made.at(-1) ?? '' };
      const second = keyspaces({ ...way, ...builtIn(late), keyspace, connectionsPerHost: 1, creation: { timeoutMs: 300 } });
      closing.push(() => second.close());
      const db = createClient(second, { verify });
      expect(await errorOf(db.createTable(plain))).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
      expect(await errorOf(db.insert(plain, { id: 'a' }, { if: notExists() }))).toMatchObject({ outcome: 'not-applied' });
      active.open();
      await expect.poll(() => db.insert(plain, { id: 'a' }, { if: notExists() }).catch(() => undefined)).toEqual({ applied: true });
    });

    test('client-side timestamps are warned of, when a table is verified and before its first write', async () => {
      const standIn = await start();
      const customProperties = { client_side_timestamps: { status: 'enabled' } };
      const adapter = adapterOf(standIn, { creation: { customProperties } });
      await adapter.createKeyspace();
      const events: ClientEvent[] = [];
      const db = createClient(adapter, { onEvent: (event) => events.push(event) });
      await db.createTable(plain);
      const { warnings } = await db.verifyTable(plain);
      expect(warnings).toEqual([expect.stringMatching(/client-side timestamps, .* cannot be turned off/)]);
      await db.insert(plain, { id: 'a' }, { if: notExists() });
      await db.insert(plain, { id: 'b' }, { if: notExists() });
      expect(events.filter(({ type }) => type === 'verification-warning')).toMatchObject([
        { warning: warnings[0], table: 'plain', dialect: 'keyspaces' },
      ]);
      const without = adapterOf(standIn);
      await without.createKeyspace();
      const other = createClient(without);
      await other.createTable(plain);
      expect(await other.verifyTable(plain)).toEqual({ warnings: [] });
    });
  });

  describe('where the service throttles', () => {
    let standIn: KeyspacesStandIn;
    let db: Client;
    const resolutions: unknown[] = [];
    beforeAll(async () => {
      standIn = await start();
      const adapter = adapterOf(standIn);
      await adapter.createKeyspace();
      db = createClient(adapter, { onEvent: (event) => void (event.type === 'resolution' && resolutions.push(event.by)) });
      await db.createTable(accounts);
      await db.createTable(plain);
    });
    const isWrite = { conditional: true } as const;
    async function row(): Promise<string> {
      const id = uniqueName();
      await db.insert(accounts, { id, balance: 10, version: 1, mark: 'm' }, { if: notExists() });
      resolutions.length = 0;
      return id;
    }

    test('a write is left open by the time-out alone, and the error says what it may be', async () => {
      await db.insert(plain, { id: 'a', n: 1 }, { if: notExists() });
      standIn.throttle({ match: isWrite, times: 1 });
      const error = await errorOf(db.update(plain, { id: 'a' }, { set: { n: 2 }, if: { n: 1 } }));
      expect([error.code, error.outcome, error.answered, error.observed]).toEqual(['outcome-unknown', 'unknown', false, { id: 'a', n: 1 }]);
      expect(error.message).toMatch(/throttles .* PerConnectionRequestRateExceeded/);
    });
    test('one that pins its version is fenced: certainly not applied', async () => {
      const id = await row();
      standIn.throttle({ match: isWrite, times: 1 });
      const pinned = update(accounts, { id }, { set: { balance: 9, version: 2 }, if: { version: 1 } });
      expect(await db.execute(pinned)).toMatchObject({ applied: false, existing: { balance: 10, version: 2 } });
      expect(resolutions).toEqual(['fence']);
    });
    test('the fence may be throttled too: it is sent until it is through', async () => {
      const id = await row();
      standIn.throttle({ match: isWrite, times: 3 });
      const pinned = update(accounts, { id }, { set: { balance: 9, version: 2 }, if: { version: 1 } });
      expect(await db.execute(pinned)).toMatchObject({ applied: false, existing: { balance: 10, version: 2 } });
    });
    test('one that was done before its time was over is found by its token', async () => {
      const id = await row();
      standIn.addRule({ match: isWrite, times: 1, do: { kind: 'disconnect', how: 'reset', when: 'after' } });
      expect(await db.update(accounts, { id }, { set: { balance: 9, version: 2 }, if: { version: 1 } })).toEqual({ applied: true });
      expect(resolutions).toEqual(['write-token']);
    });
    test('reads are tried again', async () => {
      const id = await row();
      const rule = standIn.throttle({ match: { cql: /^SELECT .*accounts/ }, times: 2 });
      expect(await db.get(accounts, { id })).toMatchObject({ balance: 10 });
      expect(rule.hits).toBe(2);
    });
  });

  test('while its addresses change writes go on, and none that was acknowledged is lost', async () => {
    const standIn = await start({ peers: 3 });
    const adapter = adapterOf(standIn);
    await adapter.createKeyspace();
    const db = createClient(adapter);
    await db.createTable(plain);
    const applied: string[] = [];
    const open: string[] = [];
    const stop = new AbortController();
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; !stop.signal.aborted; i++) {
        const id = `${writer}-${i}`;
        await db.insert(plain, { id, n: i }, { if: notExists() }).then(
          (result) => expect(result.applied && applied.push(id)).toBeTruthy(),
          (error: unknown) => {
            if (!isLWTError(error)) throw error;
            if (error.outcome === 'unknown') open.push(id);
            else expect(['unavailable', 'aborted']).toContain(error.code);
          },
        );
      }
    });
    const all = Promise.all(writers);
    for (const announce of ['reconnect', 'events', 'nothing'] as const) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await standIn.rotatePeers({ announce });
    }
    const before = applied.length;
    await expect.poll(() => applied.length, { timeout: 20_000 }).toBeGreaterThan(before + 50);
    stop.abort();
    await all;
    for (const id of applied) expect(await db.get(plain, { id })).toMatchObject({ id });
    expect(open.length).toBeLessThan(applied.length);
  });

  test('credentials that expire during a run: open connections go on, and new ones take what the provider gives then', async () => {
    let now = Date.now();
    const key = (name: string, lifeMs: number): AccessKey & AwsCredentials => ({
      kind: 'access-key',
      accessKeyId: `ASIA${name}`,
      secretAccessKey: `secret of ${name}`,
      sessionToken: `session of ${name}==`,
      expiresAt: new Date(now + lifeMs),
    });
    const [first, second] = [key('FIRST', 60_000), key('SECOND', 3_600_000)];
    const standIn = await start({ credentials: [first, second], now: () => now });
    let given = first;
    const heard: Error[] = [];
    const adapter = adapterOf(standIn, { credentials: async () => given, onAuthenticationError: (error) => heard.push(error) });
    await adapter.createKeyspace();
    const db = createClient(adapter);
    await db.createTable(plain);
    const write = (): Promise<unknown> => db.insert(plain, { id: uniqueName() }, { if: notExists() }, { timeoutMs: 2_000 });
    expect(await write()).toEqual({ applied: true });
    now += 120_000;
    expect(await write()).toEqual({ applied: true });
    standIn.disconnectAll('reset');
    await expect.poll(() => heard.at(-1)?.message, { timeout: 20_000 }).toMatch(/expired/);
    const error = await errorOf(write());
    expect([error.outcome, error.message]).toEqual([
      'not-applied',
      expect.stringMatching(/The last authentication that failed, .*expired/),
    ]);
    given = second;
    await expect.poll(() => write().catch(() => undefined), { timeout: 20_000 }).toEqual({ applied: true });
    // What is over is not told of any more.
    await standIn.close();
    const later = await errorOf(write().then(write));
    expect(later.message).not.toContain('The last authentication');
  });

  test.each<[string, Partial<KeyspacesStandInOptions>, (standIn: KeyspacesStandIn) => Partial<KeyspacesOptions>, RegExp]>([
    ['a certificate of another authority', {}, () => ({ ca: [] }), /is not trusted: /],
    [
      'a certificate of another name',
      { certificateNames: ['cassandra.elsewhere.amazonaws.com'] },
      () => ({ servername: 'cassandra.eu-west-1.amazonaws.com' }),
      /is of another name/,
    ],
  ])('%s: refused before anything is sent, in words', async (_, options, client, message) => {
    const standIn = await start(options);
    const error = await errorOf(
      createClient(adapterOf(standIn, client(standIn))).insert(plain, { id: 'a' }, { if: notExists() }, { timeoutMs: 20_000 }),
    );
    expect([error.code, error.outcome, error.retryable, error.message]).toEqual([
      'unavailable',
      'not-applied',
      false,
      expect.stringMatching(message),
    ]);
    expect(standIn.requests({ opcode: 'EXECUTE' })).toEqual([]);
  });

  test('a Cassandra without TLS: refused, in words', async () => {
    const [endpoint = ''] = connection().contactPoints;
    const adapter = keyspaces({ region: 'eu-west-1', endpoint, keyspace: 'app', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
    const error = await errorOf(createClient(adapter).insert(plain, { id: 'a' }, { if: notExists() }, { timeoutMs: 20_000 }));
    expect([error.code, error.outcome, error.retryable, error.message]).toEqual([
      'unavailable',
      'not-applied',
      false,
      expect.stringMatching(/does not speak TLS/),
    ]);
    await adapter.close();
  });
});
