import { type AnyTable, type Client, exists, type InsertRow, keyOf, type KeyOf, notExists } from '@onlyif/core';
import { expect } from 'vitest';

/** Where a test begins: exactly this row is there at its key. */
export async function given<T extends AnyTable>(db: Client, table: T, row: InsertRow<T> & KeyOf<T>): Promise<void> {
  await givenNone(db, table, keyOf(table, row));
  expect(await db.insert(table, row, { if: notExists() })).toStrictEqual({ applied: true });
}

/** Where a test begins: no row is there at this key. */
export async function givenNone<T extends AnyTable>(db: Client, table: T, key: KeyOf<T>): Promise<void> {
  await db.delete(table, key, { if: exists() });
}
