import { createServer } from 'node:net';
import { createClient, defineTable, isLWTError, type LWTError, notExists, text } from '@onlyif/core';
import { cassandra } from '@onlyif/cassandra';
import { keyspaces, type KeyspacesOptions } from '@onlyif/keyspaces';
import type { KeyspacesCredential, KeyspacesStandIn } from '@onlyif/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { connection, skipped } from '../faults/proxied-cassandra.ts';
import { startStandIn } from './stand-in.ts';

const t = defineTable('t', { columns: { id: text(), v: text() }, partitionKey: ['id'] });

type AccessKey = Extract<KeyspacesCredential, { kind: 'access-key' }>;

/** An access key that the stand-in lets in where it is told to. */
function accessKey(name: string): AccessKey {
  return { kind: 'access-key', accessKeyId: `AKIA${name}`, secretAccessKey: `secret of ${name}` };
}

describe.skipIf(skipped !== undefined)('credentials, at the stand-in for Keyspaces', () => {
  const first = accessKey('FIRST');
  let standIn: KeyspacesStandIn;
  let keyspace: string;
  let skewMs = 0;
  const maker = (): ReturnType<typeof cassandra> => cassandra({ ...connection(), keyspace });
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    standIn = await startStandIn({ credentials: [first], now: () => Date.now() + skewMs });
    keyspace = uniqueName();
    const made = maker();
    await made.createKeyspace();
    await made.tables.create(t);
    await made.close();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    standIn.credentials = [first];
    skewMs = 0;
  });
  afterAll(async () => {
    const made = maker();
    await made.dropKeyspace();
    await made.close();
    await standIn.close();
  });

  type Db = ReturnType<typeof createClient>;
  function open(options: Partial<KeyspacesOptions>): Db {
    const { region, address: endpoint, ca = '', serverName: servername = '' } = standIn;
    const db = createClient(keyspaces({ region, endpoint, ca, servername, keyspace, connectionsPerHost: 1, ...options }), {
      verify: 'off',
    });
    closing.push(() => db.close());
    return db;
  }
  const write = (db: Db): Promise<unknown> => db.insert(t, { id: uniqueName() }, { if: notExists() }, { timeoutMs: 20_000 });
  async function errorOf(run: Promise<unknown>): Promise<LWTError> {
    const error: unknown = await run.then(
      (value) => value,
      (thrown: unknown) => thrown,
    );
    if (!isLWTError(error)) throw new Error(`no LWTError: ${String(error)}`);
    return error;
  }

  test('right ones are let in', async () => {
    expect(await write(open({ credentials: first }))).toEqual({ applied: true });
  });
  test('with a session token', async () => {
    const session = { ...accessKey('SESSION'), sessionToken: 'a=b==' };
    standIn.credentials = [session];
    expect(await write(open({ credentials: session }))).toEqual({ applied: true });
  });
  test('service-specific ones', async () => {
    standIn.credentials = [{ kind: 'service-user', username: 'app-at-123', password: 'p' }];
    expect(await write(open({ credentials: { username: 'app-at-123', password: 'p' } }))).toEqual({ applied: true });
    expect(await errorOf(write(open({ credentials: { username: 'app-at-123', password: 'q' } })))).toMatchObject({
      code: 'access-denied',
      outcome: 'not-applied',
    });
  });
  test('a wrong secret: denied, at once, in words', async () => {
    const error = await errorOf(write(open({ credentials: { ...first, secretAccessKey: 'wrong' } })));
    expect([error.code, error.outcome, error.retryable]).toEqual(['access-denied', 'not-applied', false]);
    expect(error.message).toMatch(/refused the credentials: .*clock of this machine/);
  });
  test('a clock that is 20 minutes off: denied, and the clock is named', async () => {
    skewMs = 20 * 60_000;
    const error = await errorOf(write(open({ credentials: first })));
    expect([error.code, error.message]).toEqual(['access-denied', expect.stringMatching(/clock of this machine/)]);
  });
  test('another Region than that of the endpoint: denied, and the Region is named', async () => {
    const error = await errorOf(write(open({ credentials: first, region: 'us-east-1' })));
    expect([error.code, error.message]).toEqual(['access-denied', expect.stringContaining('us-east-1')]);
  });
  test('a provider that hangs: denied when its time is over', async () => {
    const error = await errorOf(write(open({ credentials: () => new Promise(() => undefined), credentialsTimeoutMs: 100 })));
    expect([error.code, error.message]).toEqual(['access-denied', expect.stringContaining('gave nothing in 100 ms')]);
  });
  test('expired ones are refused before they are sent', async () => {
    const error = await errorOf(write(open({ credentials: async () => ({ ...first, expiration: new Date(0) }) })));
    expect([error.code, error.message]).toEqual(['access-denied', expect.stringContaining('expired at 1970')]);
  });
  test('rotated ones are used from the next connection on', async () => {
    let current = first;
    const db = open({ credentials: async () => current });
    expect(await write(db)).toEqual({ applied: true });
    const second = accessKey('SECOND');
    [standIn.credentials, current] = [[second], second];
    expect(await write(db)).toEqual({ applied: true });
    standIn.disconnectAll('reset');
    await expect.poll(() => write(db).catch(() => undefined), { timeout: 20_000 }).toEqual({ applied: true });
  });
  test('that are refused on a new connection are heard of, and named where no host is left', async () => {
    const heard: Error[] = [];
    const db = open({ credentials: first, onAuthenticationError: (error) => heard.push(error) });
    expect(await write(db)).toEqual({ applied: true });
    standIn.credentials = [accessKey('OTHER')];
    standIn.disconnectAll('reset');
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const error = await errorOf(write(db));
    expect([error.code, error.outcome, error.message]).toEqual([
      'unavailable',
      'not-applied',
      expect.stringContaining('The last authentication that failed'),
    ]);
  });

  test('a server that accepts and never answers: an error in bounded time', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const started = performance.now();
    const error = await errorOf(write(open({ endpoint: `127.0.0.1:${port}`, credentials: first, socketOptions: { connectTimeout: 300 } })));
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
    expect(error.message).toContain(`127.0.0.1:${port}`);
    // Not by the end of the call, which has 20 seconds.
    expect(performance.now() - started).toBeLessThan(10_000);
    silent.close();
  });
});
