import { createClient } from '@onlyif/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipped } from '../faults/proxied-cassandra.ts';
import { runModel } from '../model/run-model.ts';
import { tablePool } from '../model/tables.ts';
import { openKeyspaces, type OpenKeyspaces, signers } from './backend.ts';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);
/** A twentieth of what a real backend runs, as of every variant. */
const statements = Number(process.env['ONLYIF_MODEL_STATEMENTS'] ?? 5_000) / 20;
const settings = {
  'what is documented': {},
  'the undocumented too': { notNull: true, elements: true },
};

describe.skipIf(skipped !== undefined).each(Object.entries(signers))(
  "Keyspaces' stand-in (not Keyspaces), %s, with memory as the model",
  (_name, signer) => {
    describe.each(Object.entries(settings))('%s', (_setting, undocumented) => {
      let open: OpenKeyspaces;
      beforeAll(async () => {
        open = await openKeyspaces({ peers: 2, allow: undocumented }, { undocumented }, signer);
      });
      afterAll(() => open?.close());

      test(`${statements} random statements, seed ${seed}`, { timeout: 300_000 }, async () => {
        const db = createClient(open.adapter);
        const held = [];
        for (const table of tablePool(seed)) if (await isMade(db.createTable(table))) held.push(table);
        const tally = await runModel(db, held, seed, statements);
        console.log(`stand-in, seed ${seed}: ${JSON.stringify(tally)}`);
        for (const part of [tally.applied, tally.rejected, tally.emulated]) expect(part).toBeGreaterThan(statements / 10);
      });
    });
  },
);

/** Not every backend can hold every table. */
async function isMade(creation: Promise<unknown>): Promise<boolean> {
  try {
    await creation;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'unsupported') throw error;
    return false;
  }
}
