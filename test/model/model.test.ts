import { type AnyTable, type Client, createClient } from '@onlyif/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBackends, type OpenBackend } from '../backends/backends.ts';
import { runModel } from './run-model.ts';
import { tablePool } from './tables.ts';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);
const statements = Number(process.env['ONLYIF_MODEL_STATEMENTS'] ?? 5_000);
/** For a busy machine; it takes about a tenth of it. */
const msPerStatement = 60;
const tables: readonly AnyTable[] = tablePool(seed);

for (const tested of allBackends().filter(({ name }) => name !== 'memory')) {
  const { name, skipped } = tested;
  const title = skipped === undefined ? name : `${name} (skipped: ${skipped})`;
  describe.skipIf(skipped !== undefined)(`${title}, with memory as the model`, () => {
    let backend: OpenBackend;
    let db: Client;
    beforeAll(async () => {
      backend = await tested.open();
      db = createClient(backend.adapter);
      await Promise.all(tables.map((table) => db.createTable(table).catch(ignoreRefusal)));
    });
    afterAll(() => backend?.close());

    it(
      `${statements} random statements, seed ${seed}`,
      async () => {
        const tally = await runModel(db, tables, seed, statements);
        console.log(`${name}, seed ${seed}: ${JSON.stringify(tally)}`);
        const { applied, rejected, failed, refused, emulated } = tally;
        expect(applied + rejected + failed + refused).toBeGreaterThanOrEqual(statements);
        // The statements must reach what they test.
        for (const part of [applied, rejected]) expect(part).toBeGreaterThan(statements / 5);
        if (!db.adapter.dialect.capabilities.booleanLogic) expect(emulated).toBeGreaterThan(statements / 10);
      },
      Math.max(120_000, statements * msPerStatement),
    );
  });
}

/** Not every backend can hold every table. */
function ignoreRefusal(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'unsupported') throw error;
}
