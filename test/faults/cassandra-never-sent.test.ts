import { randomUUID } from 'node:crypto';
import { cassandra } from '@onlyif/cassandra';
import { createClient, type LWTError, type NativeHook } from '@onlyif/core';
import { type CqlFault, cqlErrors, Gate } from '@onlyif/testkit';
import cassandraDriver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { atSerial, edited, instead, notWritten, unknown } from './cassandra-fault-cases.ts';
import { told, type Told } from './outcome.ts';
import { connection, plainClient, skipped, startProxy } from './proxied-cassandra.ts';
import { rows, verbs } from './rows.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';

const silentMs = 700;
const { update } = verbs;

describe.skipIf(skipped !== undefined)('what never reached the real Cassandra is not applied', () => {
  const on = rowsKeyspace();

  const prepare = { opcode: 'PREPARE', cql: / IF / } as const;
  /** `given`: what is told with a client of the caller, where that is less. */
  const atPrepare: { readonly [name: string]: { readonly fault: CqlFault; readonly told: Told; readonly given?: Told } } = {
    'PREPARE dropped': { fault: { kind: 'drop-request' }, told: notWritten },
    'reply to PREPARE dropped': { fault: { kind: 'drop-reply' }, told: notWritten },
    'RST at PREPARE': { fault: { kind: 'disconnect', how: 'reset', when: 'before' }, told: notWritten },
    'FIN at PREPARE': { fault: { kind: 'disconnect', how: 'end', when: 'after' }, told: notWritten },
    'PREPARE refused, overloaded': { fault: instead(cqlErrors.overloaded(), false), told: notWritten },
    'PREPARE refused, unavailable at QUORUM': { fault: instead(cqlErrors.unavailable('QUORUM', 2, 1), false), told: notWritten },
    'PREPARE refused, server error': { fault: instead(cqlErrors.serverError(), true), told: notWritten },
    'PREPARE refused, write timeout': { fault: instead(cqlErrors.writeTimeout('CAS', atSerial), false), told: notWritten },
    'PREPARE refused, invalid': { fault: instead(cqlErrors.invalid('words'), false), told: 'rejected-by-server: not-applied' },
    'PREPARE answered with garbage': { fault: edited(() => Buffer.alloc(9, 0x5a)), told: notWritten, given: unknown },
  };
  const callers = { own: 'a client that the adapter made', given: 'a client of the caller' } as const;
  for (const [whose, title] of Object.entries(callers)) {
    test.concurrent.each(Object.entries(atPrepare))(`%s, ${title}`, async (_, { fault, told: byOwn, given = byOwn }) => {
      const proxy = await startProxy();
      const driverOptions = { socketOptions: { readTimeout: silentMs } };
      const client = plainClient(proxy, driverOptions);
      const adapter = cassandra(
        whose === 'given' ? { client, keyspace: on.keyspace } : { ...connection(proxy), ...driverOptions, keyspace: on.keyspace },
      );
      const db = createClient(adapter, { verify: 'off', retry: 'off' });
      try {
        await db.get(rows, { id: 'warm-up' });
        const id = await on.given(update);
        proxy.addRule({ match: prepare, do: fault });
        expect(await told(update.run(db, id, { timeoutMs: 60_000 }))).toBe(whose === 'given' ? given : byOwn);
        expect([await on.stored(id), proxy.requests(write).length]).toEqual([update.before, 0]);
      } finally {
        await db.close();
        await client.shutdown();
        await proxy.close();
      }
    });
  }

  /** The driver reads it when it makes the frame, after it has found a connection. */
  const native: NativeHook = (request) => ({
    ...request,
    customPayload: {
      get key(): Buffer {
        throw new TypeError('no bytes');
      },
    },
  });
  test('a frame that could not be made, by the request’s length in the tracker; a tracker of the user is still told', async () => {
    const heard: string[] = [];
    const { RequestTracker } = cassandraDriver.tracker as unknown as { RequestTracker: new () => cassandraDriver.tracker.RequestTracker };
    const requestTracker = Object.assign(new RequestTracker(), {
      onSuccess: () => heard.push('success'),
      onError: () => heard.push('error'),
      shutdown: () => heard.push('shutdown'),
    });
    await on.withProxy(
      async (db, proxy) => {
        await update.run(db, randomUUID());
        const id = await on.given(update);
        const failed = db.update(rows, { id }, { set: { v: 2 }, if: { v: 1 } }, { native });
        expect(await told(failed)).toBe(notWritten);
        expect(await failed.catch((error: LWTError) => error.retryable)).toBe(false);
        expect([await on.stored(id), proxy.requests(write).length]).toEqual([1, 1]);
      },
      { requestTracker },
    );
    expect([heard.slice(-2), heard.includes('success')]).toEqual([['error', 'shutdown'], true]);
  });
  test('the same with a client of the caller stays unknown: nothing says that it was not written', async () => {
    const client = plainClient();
    const db = createClient(cassandra({ client, keyspace: on.keyspace }), { verify: 'off', retry: 'off' });
    const id = await on.given(update);
    expect(await told(db.update(rows, { id }, { set: { v: 2 }, if: { v: 1 } }, { native }))).toBe(unknown);
    expect(await on.stored(id)).toBe(1);
    await client.shutdown();
  });

  test('no connection has a place left', () =>
    on.withProxy(
      async (db, proxy) => {
        await update.run(db, randomUUID());
        const [first, second] = [await on.given(update), await on.given(update)];
        const gate = new Gate();
        const rule = proxy.addRule({ match: write, times: 1, do: { kind: 'hold-reply', until: gate } });
        const held = told(update.run(db, first));
        await rule.whenHit();
        expect(await told(update.run(db, second))).toBe(notWritten);
        gate.open();
        expect([await held, await on.stored(second)]).toEqual(['applied', 1]);
      },
      { pooling: { maxRequestsPerConnection: 1, heartBeatInterval: 0 } },
    ));

  test('the server is gone', () =>
    on.withProxy(async (db, proxy) => {
      await update.run(db, randomUUID());
      const id = await on.given(update);
      await proxy.close();
      // The first notices that the connection is gone, unless the driver did before.
      await told(update.run(db, id));
      expect(await told(update.run(db, id))).toBe(notWritten);
      expect(await on.stored(id)).toBe(1);
    }));
});
