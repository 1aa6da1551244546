import { type AnyTable, type Client, get, judge, type Row, type RowOf, type Write } from '@onlyif/core';
import { expect } from 'vitest';

/** What a document states: the outcome and, where the write is rejected, columns of the row that is there. */
export type Stated<T extends AnyTable> =
  { readonly applied: true } | { readonly applied: false; readonly existing: Partial<RowOf<T>> | null };

/** Runs a statement, emulated where the database cannot say it: outcome, existing row and stored row are those of the reference semantics, and what the document states. */
export async function expectExact<T extends AnyTable, N extends string>(
  db: Client,
  statement: Write<T, N>,
  stated: Stated<T>,
): Promise<void> {
  const before = await storedRow(db, statement);
  const { applied, after } = judge(statement, before);
  const result = await db.execute(statement, { emulate: true });
  const rejected = { applied: false, existing: before, source: expect.stringMatching(/^(decision|read)$/) };
  expect(result).toStrictEqual(applied ? { applied: true } : rejected);
  expect(result).toMatchObject(stated);
  expect(await storedRow(db, statement)).toStrictEqual(after);
}

function storedRow<T extends AnyTable, N extends string>(db: Client, { table, key }: Write<T, N>): Promise<Row | null> {
  return db.execute(get(table as AnyTable, key));
}
