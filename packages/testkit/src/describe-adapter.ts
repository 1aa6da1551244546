import { type Adapter, type AnyTable, type Client, createClient, get } from '@onlyif/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRejections, mistakeCases, wrongValueCases } from './bad-input.ts';
import { collectionCases, collectionTables } from './collections.ts';
import { incrementCases, incrementKinds, totals } from './increments.ts';
import { checkConcurrentBumps, checkConcurrentInserts, counters } from './concurrency.ts';
import { existenceCases, gridCases } from './grid.ts';
import { checkKeys, keyTables } from './keys.ts';
import { checkNames, strange, strangeInCode } from './names.ts';
import { checkLife, checkReads, keysOnly, lives, liveStories } from './rows.ts';
import { runCases, sampled, type Sampling } from './run-cases.ts';
import { samples } from './samples.ts';
import { checkEndings, checkMismatches, live } from './schema.ts';
import { bare, guarded, kinds } from './tables.ts';
import { extremeCases, unholdableCases } from './values.ts';
import { checkTokens, tokenChecks, tokened } from './write-tokens.ts';

/** What the suite needs of an adapter. */
export interface Harness {
  /** Why the backend is not there; the suite is then skipped, and says so. */
  readonly skipped?: string | undefined;
  /** Runs a part of the grid only; the whole by default. */
  readonly sample?: Sampling | undefined;
  /** An adapter with an empty place of its own for tables, and what removes the place and closes the adapter. */
  open(): Promise<{ readonly adapter: Adapter; close(): Promise<void> }>;
}

const tables: readonly AnyTable[] = [guarded, bare, totals, strange, strangeInCode, lives, keysOnly, counters, live, tokened];

/**
 * The conformance suite: what every adapter of this library does, compared with the reference semantics. It has no
 * expectation that names a backend: a statement gives the reference answer, or is refused before any I/O.
 *
 * ```ts
 * describeAdapter('my database', { open: async () => ({ adapter: mine(), close: async () => {} }) });
 * ```
 */
export function describeAdapter(name: string, harness: Harness): void {
  const title = harness.skipped === undefined ? name : `${name} (skipped: ${harness.skipped})`;
  describe.skipIf(harness.skipped !== undefined)(title, () => {
    let opened: Awaited<ReturnType<Harness['open']>>;
    const context = { db: undefined as unknown as Client };
    beforeAll(async () => {
      opened = await harness.open();
      context.db = createClient(opened.adapter);
      for (const table of tables) await context.db.createTable(table);
    });
    afterAll(async () => {
      await opened?.close();
    });

    describe('every operator, state and verb', () => {
      for (const kind of kinds) it(kind, () => runCases(sampled(gridCases(context.db, kind), harness.sample)));
      it('exists and notExists', () => runCases(existenceCases(context.db)));
    });

    describe('collections', () => {
      for (const collection of sampled(collectionTables, harness.sample)) {
        it(collection.name, async () => {
          const refused = context.db.explain(get(collection.table, { pk: 'x' })).verdict === 'refused';
          if (!refused) await context.db.createTable(collection.table);
          await runCases(sampled(collectionCases(context.db, collection), refused ? undefined : harness.sample));
        });
      }
    });

    describe('R21 increments', () => {
      for (const kind of incrementKinds) it(kind, () => runCases(sampled(incrementCases(context.db, kind), harness.sample)));
    });

    describe('rows', () => {
      for (const life of liveStories) it(life.name, async () => expect(await checkLife(context.db, life)).toEqual([]));
      it('get shows the columns asked for, at every consistency', async () => expect(await checkReads(context.db)).toEqual([]));
    });

    describe('R16 values', () => {
      for (const kind of kinds)
        it(`${kind}: limits come back exactly`, () => runCases(sampled(extremeCases(context.db, kind), harness.sample)));
      for (const kind of kinds.filter((name) => samples[name].unholdable !== undefined)) {
        it(`${kind}: what cannot be held is refused before any I/O`, () => runCases(unholdableCases(context.db, kind)));
      }
    });

    describe('R17 keys', () => {
      for (const { kind, table } of sampled(keyTables, harness.sample)) {
        it(kind, async () => {
          await context.db.createTable(table);
          expect(await checkKeys(context.db, kind, table)).toEqual([]);
        });
      }
    });

    describe('names', () => {
      for (const table of [strange, strangeInCode]) it(table.name, async () => expect(await checkNames(context.db, table)).toEqual([]));
    });

    describe('bad input', () => {
      it('is refused by the builders, naming what is wrong', () => runCases(mistakeCases));
      it('of values', () => runCases(wrongValueCases));
      it('is a rejection of the client, never thrown', async () => expect(await checkRejections(context.db)).toEqual([]));
      it('R4 a live table that does not fit its definition', async () => expect(await checkMismatches(context.db)).toEqual([]));
      it('aborted and closed calls', async () => expect(await checkEndings(context.db)).toEqual([]));
    });

    describe('write tokens', () => {
      for (const [name, check] of Object.entries(tokenChecks))
        it(name, async () => expect(await checkTokens(context.db, check)).toEqual([]));
    });

    describe('R40 concurrency', () => {
      it('50 inserts of one key', async () => expect(await checkConcurrentInserts(context.db)).toEqual([]));
      it('50 version bumps', async () => expect(await checkConcurrentBumps(context.db)).toEqual([]));
    });
  });
}
