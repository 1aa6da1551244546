/**
 * The Python driver's page on lightweight transactions. Its three row factories show the same four statements
 * (the dict_factory answers are printed in another order than the statements).
 * `[applied]` as a column, its name and its place are the driver's; ours is `result.applied`.
 */
import { and, defineTable, eq, exists, insert, int, notExists, update } from '@onlyif/core';
import { expect, test } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { given, givenNone } from './given.ts';
import { onEveryBackend } from './on-every-backend.ts';

const t = defineTable('t', { columns: { k: int(), v: int(), x: int() }, partitionKey: ['k'] });
const { v, x } = t.columns;
const k = 0;

const insertNew = insert(t, { k, v: 0 }, { if: notExists() });
const updateIfV = update(t, { k }, { set: { v: 1, x: 2 }, if: eq(v, 0) });
const updateIfBoth = update(t, { k }, { set: { v: 1, x: 2 }, if: and(eq(v, 0), eq(x, 1)) });

onEveryBackend([t], (db) => {
  test('the four statements, one after the other on an empty table', async () => {
    await givenNone(db(), t, { k });
    await expectExact(db(), insertNew, { applied: true });
    await expectExact(db(), insertNew, { applied: false, existing: { k: 0, v: 0, x: null } });
    await expectExact(db(), updateIfV, { applied: true });
    await expectExact(db(), updateIfBoth, { applied: false, existing: { v: 1, x: 2 } });
  });

  test('if applied, [applied] is the only column', async () => {
    await givenNone(db(), t, { k });
    expect(await db().execute(insertNew)).toStrictEqual({ applied: true });
    expect(await db().execute(updateIfV)).toStrictEqual({ applied: true });
  });

  // Ours is the whole row unless asked for less, and then the key comes with it.
  test('UPDATE … IF "col" = …: a rejection shows the columns in the IF clause', async () => {
    await given(db(), t, { k, v: 1, x: 2 });
    const columns = await db().execute(updateIfV, { existing: 'condition' });
    expect(columns).toMatchObject({ applied: false });
    expect('existing' in columns && columns.existing).toStrictEqual({ k: 0, v: 1 });
    await expectExact(db(), updateIfV, { applied: false, existing: { k: 0, v: 1, x: 2 } });
  });

  test('INSERT … IF NOT EXISTS: a rejection shows all columns of the existing row', async () => {
    await given(db(), t, { k, v: 1, x: 2 });
    await expectExact(db(), insertNew, { applied: false, existing: { k: 0, v: 1, x: 2 } });
  });

  test('UPDATE … IF EXISTS: has nothing to show, applied or not', async () => {
    const updateExisting = update(t, { k }, { set: { v: 5 }, if: exists() });
    await given(db(), t, { k, v: 0 });
    await expectExact(db(), updateExisting, { applied: true });
    await givenNone(db(), t, { k });
    await expectExact(db(), updateExisting, { applied: false, existing: null });
  });
});
