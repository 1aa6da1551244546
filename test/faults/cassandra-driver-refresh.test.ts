import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { policies } from 'cassandra-driver';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { told } from './outcome.ts';
import { skipped } from './proxied-cassandra.ts';
import { rows, verbs } from './rows.ts';
import { rowsKeyspace } from './rows-keyspace.ts';

const flaps = 15;
const reconnectMs = 100;

describe.skipIf(skipped !== undefined)('a node that goes and comes while the driver learns of the cluster again (NODEJS-681)', () => {
  const on = rowsKeyspace();
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => void process.on('unhandledRejection', note));
  afterEach(() => void process.off('unhandledRejection', note));

  test('ends no process, writes go on, and close() leaves nothing that connects again', () =>
    on.withProxy(
      async (db, proxy) => {
        const write = (): Promise<string> => told(verbs.insert.run(db, randomUUID()));
        await db.get(rows, { id: randomUUID() });
        const [host = ''] = proxy.address.split(':');
        for (let i = 0; i < flaps; i++) {
          proxy.closeAddress(host, 'reset');
          await sleep((i * 70) % 300);
          await proxy.openAddress(host);
          await sleep((i * 110) % 400);
        }
        await expect.poll(write, { timeout: 20_000 }).toBe('applied');
        // The control connection is there again: it hears of the node that is ended now, and comes back once more.
        proxy.disconnectAll('end');
        await expect.poll(write, { timeout: 20_000 }).toBe('applied');
        expect(unhandled).toEqual([]);
        // Nor is anything left that connects again.
        await db.close();
        proxy.forgetRequests();
        proxy.disconnectAll('reset');
        await sleep(5 * reconnectMs);
        expect(proxy.requests()).toEqual([]);
      },
      { policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(reconnectMs) } },
    ));
});
