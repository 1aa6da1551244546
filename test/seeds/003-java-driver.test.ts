/**
 * The Java driver's page on idempotence.
 * The connection that drops in step 3 needs injected faults: `test/faults/cluster.test.ts`.
 * Not of this library: writes without a condition, and `now()` or functions as values.
 */
import { defineTable, eq, insert, int, notExists, update } from '@onlyif/core';
import { expect, test } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { given, givenNone } from './given.ts';
import { onEveryBackend } from './on-every-backend.ts';

const mytable = defineTable('mytable', { columns: { k: int(), v: int() }, partitionKey: ['k'] });
const k = 1;

const cas = (from: number, to: number) => update(mytable, { k }, { set: { v: to }, if: eq(mytable.columns.v, from) });

onEveryBackend([mytable], (db) => {
  test('UPDATE … SET v = 4 … IF v = 1, executed twice: the second does nothing and v is still 4', async () => {
    await given(db(), mytable, { k, v: 1 });
    await expectExact(db(), cas(1, 4), { applied: true });
    await expectExact(db(), cas(1, 4), { applied: false, existing: { v: 4 } });
    expect(await db().get(mytable, { k })).toStrictEqual({ k, v: 4 });
  });

  // A client that lost the answer of its first request and passed on that of the repeat would report "1 to 4: not applied,
  // 4 to 2: applied", and no order of those two takes v from 1 to 2. So a repeat is never made silently:
  // a lost answer is `outcome-unknown`, and the caller decides.
  test('the six steps: client 2 goes on from what client 1 wrote, and the repeat is told "not applied"', async () => {
    await given(db(), mytable, { k, v: 1 });
    await expectExact(db(), cas(1, 4), { applied: true });
    await expectExact(db(), cas(4, 2), { applied: true });
    await expectExact(db(), cas(1, 4), { applied: false, existing: { v: 2 } });
    expect(await db().get(mytable, { k })).toStrictEqual({ k, v: 2 });
  });

  test('insertInto("mytable").value("k", 1).value("v", 2).ifNotExists(): its repeat is not applied either', async () => {
    const create = insert(mytable, { k, v: 2 }, { if: notExists() });
    await givenNone(db(), mytable, { k });
    await expectExact(db(), create, { applied: true });
    await expectExact(db(), create, { applied: false, existing: { k, v: 2 } });
  });
});
