import { type AnyTable, type Client, createClient } from '@onlyif/core';
import { afterAll, beforeAll, describe } from 'vitest';
import { allBackends, type Backend, type OpenBackend } from '../backends/backends.ts';

/** Runs the same tests on every backend, and on others; `db()` is a client of the one at hand, on which the tables are empty. */
export function onEveryBackend(tables: readonly AnyTable[], tests: (db: () => Client) => void, others: readonly Backend[] = []): void {
  for (const backend of [...allBackends(), ...others]) {
    describe.skipIf(backend.skipped !== undefined)(backend.name, () => {
      let open: OpenBackend | undefined;
      let client: Client | undefined;

      beforeAll(async () => {
        open = await backend.open();
        client = createClient(open.adapter);
        for (const table of tables) await client.createTable(table);
      });
      afterAll(() => open?.close());

      tests(() => {
        if (client === undefined) throw new Error(`${backend.name} is not open`);
        return client;
      });
    });
  }
}
