/**
 * Eight clients on a few hot rows while nodes stand still, crawl and crash, and proxies lose, hold up and cut what passes. Half of
 * the clients use drivers of the caller's that would try again by themselves.
 * `ONLYIF_TORTURE_SECONDS` is how long each database is tortured: 60 by default, 300 for a run by hand. `ONLYIF_SEED` repeats the
 * statements and the faults of a run, though not its timing.
 */
import { type Adapter, type AnyTable, createClient } from '@onlyif/core';
import { checkLinearizable, rowRegister } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { isSkipped } from '../servers/server.ts';
import { paxosVariants, withoutCluster } from './cluster.ts';
import { openCassandraPlace } from './torture/cassandra-place.ts';
import { openDynamoDbPlace } from './torture/dynamodb-place.ts';
import type { TorturePlace } from './torture/place.ts';
import { Random } from './torture/random.ts';
import { runTorture } from './torture/run-torture.ts';
import type { Subject } from './torture/subject.ts';
import { tables, type TortureTable } from './torture/tables.ts';

const seconds = Number(process.env['ONLYIF_TORTURE_SECONDS'] ?? 60);
const seed = Number(process.env['ONLYIF_SEED'] ?? Date.now() % 1_000_000);
/** Beside the run: the start and the recovery of servers, and the checks. */
const minutesBeside = 4;

/** A node that has just joined may hear of the keyspace a little later. */
function createTable(adapter: Adapter, table: AnyTable): Promise<void> {
  return vi.waitFor(() => createClient(adapter).createTable(table), { timeout: 60_000, interval: 500 });
}

function torture(name: string, share: number, open: () => Promise<TorturePlace>): void {
  describe(name, () => {
    let place: TorturePlace;
    beforeAll(async () => {
      place = await open();
      for (const { direct } of place.ways) for (const table of tables) await createTable(direct, table);
    });
    afterAll(() => place?.close());

    const limitMs = share * seconds * 1000 + minutesBeside * 60_000;
    test(`every history has an order, and no acknowledged write is lost, seed ${seed}`, { timeout: limitMs }, async () => {
      const { rows, subjects } = await runTorture(place, share * seconds, seed);
      const operations = rows.reduce((total, row) => total + row.operations.length, 0);
      const faults = place.faults();
      console.log(`${place.name}, seed ${seed}: ${operations} operations on ${rows.length} rows`);
      console.log(`disturbances ${place.disturbances.describe()}, faults ${faults.describe()}`);
      for (const { name, tally } of subjects) console.log(`${name}: ${tally.describe()}`);
      for (const row of rows) {
        const verdict = checkLinearizable(row.operations, rowRegister, { idle: row.idle });
        expect(verdict.kind, `${place.name}, ${row.subject.name}, seed ${seed}: ${verdict.explanation}`).toBe('linearizable');
      }
      expect(place.disturbances.missing).toEqual([]);
      expect(faults.total).toBeGreaterThan(0);
      for (const { name, tally } of subjects) {
        expect(tally.applied, name).toBeGreaterThan(0);
        expect(tally.open, name).toBeGreaterThan(0);
      }
      for (const [table, resolved] of resolvedByTable(subjects)) expect(resolved, table.native).toBeGreaterThan(0);
    });
  });
}

/** How many unknown outcomes were found out, of the tables whose rows tell, in all ways together. */
function resolvedByTable(subjects: readonly Subject[]): ReadonlyMap<TortureTable, number> {
  const resolved = new Map<TortureTable, number>();
  for (const { table, resolves, tally } of subjects) if (resolves) resolved.set(table, (resolved.get(table) ?? 0) + tally.resolved);
  return resolved;
}

describe.skipIf(withoutCluster !== undefined)('torture of a cluster', () => {
  for (const variant of paxosVariants)
    torture(`Paxos ${variant}`, 1 / paxosVariants.length, () => openCassandraPlace(variant, new Random(seed)));
});

const dynamoDb = inject('dynamodb');
describe.skipIf(isSkipped(dynamoDb))('torture of DynamoDB', () => {
  torture('DynamoDB Local', 1, async () => openDynamoDbPlace(isSkipped(dynamoDb) ? '' : dynamoDb.endpoint));
});
