import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { cassandra } from '@onlyif/cassandra';
import { createClient } from '@onlyif/core';
import { Gate, startCqlProxy } from '@onlyif/testkit';
import { Client, type ClientOptions, metrics, policies } from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { type CassandraServer, isSkipped } from '../servers/server.ts';
import { startCassandra } from '../servers/start-cassandra.ts';
import { notWritten } from './cassandra-fault-cases.ts';
import { told } from './outcome.ts';
import { skipped } from './proxied-cassandra.ts';
import { rows, verbs } from './rows.ts';
import { rowsKeyspace } from './rows-keyspace.ts';

const silentMs = 700;
const { insert, update } = verbs;

describe.skipIf(skipped !== undefined)('the connection to the real Cassandra', () => {
  const on = rowsKeyspace();

  test('a heartbeat is dropped: the host is DOWN after the read timeout, comes back, and the next write is done', () =>
    on.withProxy(
      async (db, proxy) => {
        await update.run(db, randomUUID());
        const id = await on.given(update);
        // A client of cassandra-driver, of which the adapter's type shows less.
        const driver = db.adapter.client as Client;
        const down = once(driver, 'hostDown');
        const back = new Gate();
        proxy.addRule({ match: { opcode: 'STARTUP' }, do: { kind: 'hold-request', until: back } });
        const heartbeats = proxy.addRule({ match: { opcode: 'OPTIONS' }, do: { kind: 'drop-request' } });
        await heartbeats.whenHit();
        const asked = performance.now();
        await down;
        // The driver's timer runs since a little before the proxy heard of it.
        expect(performance.now() - asked).toBeGreaterThan(silentMs / 2);
        expect([await told(update.run(db, id)), await on.stored(id)]).toEqual([notWritten, update.before]);
        heartbeats.remove();
        back.open();
        // None that is called not applied may be the one that was.
        await expect.poll(() => told(update.run(db, id)), { timeout: 20_000 }).toBe('applied');
        expect(await on.stored(id)).toBe(update.after);
      },
      { pooling: { heartBeatInterval: 200 }, socketOptions: { readTimeout: silentMs } },
    ));
});

type Credentials = NonNullable<ClientOptions['credentials']>;
const user: Credentials = { username: 'app', password: 'right' };

function clientOf({ contactPoints, localDataCenter }: CassandraServer, credentials: Credentials): Client {
  return new Client({ contactPoints: [...contactPoints], localDataCenter, credentials });
}

async function letsIn(server: CassandraServer, credentials: Credentials): Promise<boolean> {
  const client = clientOf(server, credentials);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.shutdown();
  }
}

describe('the password of a real Cassandra', () => {
  test('is refused on a new connection: no host is left, and nothing is sent', async ({ skip }) => {
    const server = await startCassandra({ authenticator: 'PasswordAuthenticator' });
    if (isSkipped(server)) return skip(server.skipped);
    const {
      contactPoints: [target = ''],
      localDataCenter,
    } = server;
    const proxy = await startCqlProxy({ target });
    const admin = clientOf(server, { username: 'cassandra', password: 'cassandra' });
    const refusals: Error[] = [];
    const onAuthenticationError = (error: Error): void => void refusals.push(error);
    const adapter = cassandra({
      metrics: Object.assign(new metrics.DefaultMetrics(), { onAuthenticationError }),
      contactPoints: [proxy.address],
      localDataCenter,
      credentials: user,
      keyspace: 'locked',
      policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(200) },
    });
    const db = createClient(adapter, { retry: 'off' });
    const write = (id = randomUUID()): Promise<unknown> => insert.run(db, id, { timeoutMs: 20_000 });
    try {
      await admin.execute("CREATE ROLE app WITH PASSWORD = 'right' AND LOGIN = true AND SUPERUSER = true");
      await adapter.createKeyspace();
      await db.createTable(rows);
      expect(await told(write())).toBe('applied');

      const stranger = createClient(
        cassandra({ contactPoints: [proxy.address], localDataCenter, credentials: { ...user, password: 'wrong' }, keyspace: 'locked' }),
      );
      expect(await insert.run(stranger, randomUUID(), { timeoutMs: 20_000 }).catch((thrown: unknown) => thrown)).toMatchObject({
        code: 'access-denied',
        outcome: 'not-applied',
        retryable: false,
      });
      await stranger.close();

      await admin.execute('ALTER ROLE app WITH LOGIN = false');
      // The server remembers for a while that the role was let in.
      await expect.poll(() => letsIn(server, user), { timeout: 20_000, interval: 500 }).toBe(false);
      proxy.disconnectAll('reset');
      await expect.poll(() => refusals.length, { timeout: 20_000 }).toBeGreaterThan(0);
      const id = randomUUID();
      const error: unknown = await write(id).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', cause: { name: 'NoHostAvailableError' } });
      expect(error).toHaveProperty('cause.innerErrors', {});

      await admin.execute('ALTER ROLE app WITH LOGIN = true');
      await expect.poll(() => told(write()), { timeout: 20_000 }).toBe('applied');
      expect((await admin.execute('SELECT v FROM locked.rows WHERE id = ?', [id], { prepare: true })).rowLength).toBe(0);
    } finally {
      await Promise.all([adapter.close(), admin.shutdown()]);
      await proxy.close();
      await server.stop();
    }
  });
});
