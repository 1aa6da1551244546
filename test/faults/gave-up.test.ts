import { cassandra } from '@onlyif/cassandra';
import { type Client, type ClientEvent, createClient, defineTable, eq, int, isLWTError, notExists, text, update } from '@onlyif/core';
import { cqlErrors, type CqlProxy } from '@onlyif/testkit';
import type { Client as DriverClient } from 'cassandra-driver';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connection, makeKeyspace, plainClient, skipped, startProxy } from './proxied-cassandra.ts';

const accounts = defineTable('accounts', {
  columns: { id: text(), n: int(), version: int(), token: text(), mark: text().notNull() },
  partitionKey: ['id'],
  writeToken: 'token',
  version: 'version',
});

const quorum = { consistency: 'QUORUM', received: 0, blockFor: 2 } as const;
/** What a coordinator says when it gives a write up without knowing its end. */
const givenUp = {
  'write timeout, CAS': cqlErrors.writeTimeout('CAS', { ...quorum, consistency: 'SERIAL' }),
  'write timeout, SIMPLE': cqlErrors.writeTimeout('SIMPLE', quorum),
  'write failure': cqlErrors.writeFailure('CAS', { ...quorum, failures: 1 }),
  'CDC write failure': cqlErrors.cdcWriteFailure(),
  'read timeout': cqlErrors.readTimeout({ ...quorum, dataPresent: false }),
  'read failure': cqlErrors.readFailure({ ...quorum, failures: 1, dataPresent: false }),
  'Unavailable at the commit level': cqlErrors.unavailable('QUORUM', 2, 1),
  'CAS write unknown': cqlErrors.casWriteUnknown(quorum),
};

describe.skipIf(skipped !== undefined)('R35 a coordinator that gave the write up, on the real Cassandra behind a proxy', () => {
  let proxy: CqlProxy;
  let plain: DriverClient;
  let keyspace: string;
  let db: Client;
  let direct: Client;
  const events: ClientEvent[] = [];

  beforeAll(async () => {
    [proxy, plain] = [await startProxy(), plainClient()];
    keyspace = await makeKeyspace(plain);
    const make = (through?: CqlProxy, onEvent?: (event: ClientEvent) => void): Client =>
      createClient(cassandra({ ...connection(through), keyspace }), { verify: 'off', ...(onEvent && { onEvent }) });
    direct = make();
    db = make(proxy, (event) => void events.push(event));
    await direct.createTable(accounts);
  });
  beforeEach(() => {
    proxy?.clearRules();
    events.length = 0;
  });
  afterAll(async () => {
    await db?.close();
    await direct?.close();
    await proxy?.close();
    await plain?.execute(`DROP KEYSPACE ${keyspace}`);
    await plain?.shutdown();
  });

  const prepare = async (): Promise<string> => {
    const id = randomUUID();
    await direct.insert(accounts, { id, n: 1, version: 1, mark: 'm' }, { if: notExists() }, { token: 'first' });
    return id;
  };
  const resolved = (): unknown => events.flatMap((event) => (event.type === 'resolution' ? [event.by] : []));
  const pinned = (id: string) => update(accounts, { id }, { set: { n: 2, version: 2 }, if: { version: 1 } });

  describe.each(Object.entries(givenUp))('%s', (_, reply) => {
    const meet = (forward: boolean): unknown =>
      proxy.addRule({ match: { opcode: 'EXECUTE', conditional: true }, times: 1, do: { kind: 'reply', reply, forward } });

    test('and was applied: the token tells', async () => {
      const id = await prepare();
      meet(true);
      expect(await db.execute(pinned(id))).toEqual({ applied: true });
      expect(resolved()).toEqual(['write-token']);
    });
    test('and was not: the serial read closes it, and it is sent again', async () => {
      const id = await prepare();
      meet(false);
      expect(await db.execute(pinned(id))).toEqual({ applied: true });
      expect(resolved()).toEqual(['closing-read']);
      expect(await direct.get(accounts, { id })).toMatchObject({ n: 2, version: 2 });
    });
    test('and was not, and nothing was pinned: unknown', async () => {
      const id = await prepare();
      meet(false);
      const error: unknown = await db
        .update(accounts, { id }, { set: { n: 2 }, if: eq(accounts.columns.n, 1) })
        .catch((thrown: unknown) => thrown);
      expect(isLWTError(error) && [error.code, error.answered, error.observed?.['token']]).toEqual(['outcome-unknown', true, 'first']);
    });
  });
});
