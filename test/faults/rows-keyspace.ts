import { randomUUID } from 'node:crypto';
import { cassandra } from '@onlyif/cassandra';
import { type Client as OnlyIfClient, createClient } from '@onlyif/core';
import type { CqlProxy } from '@onlyif/testkit';
import type { Client } from 'cassandra-driver';
import { afterAll, beforeAll } from 'vitest';
import { connection, makeKeyspace, plainClient, startProxy } from './proxied-cassandra.ts';
import { createRows, rows, type Verb } from './rows.ts';

/** The EXECUTE of a conditional write. */
export const write = { opcode: 'EXECUTE', conditional: true } as const;

/** A keyspace with the table `rows` for the tests of one suite, and what they do with it. */
export interface RowsKeyspace {
  readonly keyspace: string;
  /** The key of a row as the verb wants it before. */
  given(verb: Verb): Promise<string>;
  /** What the row really holds, read strongly and past every proxy; undefined where there is none. */
  stored(id: string): Promise<number | undefined>;
  /** A client of this library on a proxy of its own: what a fault does to a connection is nobody else's. */
  withProxy(run: (db: OnlyIfClient, proxy: CqlProxy) => Promise<void>, driverOptions?: object): Promise<void>;
}

/** Must be called where a suite is described. */
export function rowsKeyspace(): RowsKeyspace {
  let direct: Client;
  let keyspace = '';
  let reader: OnlyIfClient;
  beforeAll(async () => {
    direct = plainClient();
    keyspace = await makeKeyspace(direct, createRows);
    reader = createClient(cassandra({ ...connection(), keyspace }), { verify: 'off' });
  });
  afterAll(async () => {
    await direct?.execute(`DROP KEYSPACE ${keyspace}`);
    await direct?.shutdown();
    await reader?.close();
  });
  return {
    get keyspace() {
      return keyspace;
    },
    async given({ before }) {
      const id = randomUUID();
      const insert = `INSERT INTO ${keyspace}.rows (id, v) VALUES (?, ?) IF NOT EXISTS`;
      if (before !== undefined) await direct.execute(insert, [id, before], { prepare: true });
      return id;
    },
    stored: async (id) => (await reader.get(rows, { id }))?.v,
    async withProxy(run, driverOptions = {}) {
      const proxy = await startProxy();
      const db = createClient(cassandra({ ...connection(proxy), ...driverOptions, keyspace }), { verify: 'off', retry: 'off' });
      try {
        await run(db, proxy);
      } finally {
        await db.close();
        await proxy.close();
      }
    },
  };
}
