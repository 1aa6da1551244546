import { type AnyTable, type Client, get, judge, type Row, type RowOf, type Write } from '@onlyif/core';
import { expect } from 'vitest';

/** What a document states: the outcome and, where the write is rejected, columns of the row that is there. */
export type Stated<T extends AnyTable> =
  { readonly applied: true } | { readonly applied: false; readonly existing: Partial<RowOf<T>> | null };

/** Runs a statement: outcome, existing row and stored row are those of the reference semantics, and what the document states. */
export async function expectExact<T extends AnyTable, N extends string>(
  db: Client,
  statement: Write<T, N>,
  stated: Stated<T>,
): Promise<void> {
  const before = await storedRow(db, statement);
  const { applied, after } = judge(statement, before);
  const result = await db.execute(statement);
  const rejected = { applied: false, existing: before, source: expect.stringMatching(/^(decision|read)$/) };
  expect(result).toStrictEqual(applied ? { applied: true } : rejected);
  expect(result).toMatchObject(stated);
  expect(await storedRow(db, statement)).toStrictEqual(after);
}

/** As `expectExact` where the database has `or` and `not`; elsewhere the statement is refused and the row stays as it was. */
export async function expectExactOrRefused<T extends AnyTable, N extends string>(
  db: Client,
  statement: Write<T, N>,
  stated: Stated<T>,
): Promise<void> {
  const { booleanLogic } = db.adapter.dialect.capabilities;
  expect(db.explain(statement).verdict).toBe(booleanLogic ? 'native' : 'refused');
  if (booleanLogic) return expectExact(db, statement, stated);
  const before = await storedRow(db, statement);
  expect(judge(statement, before).applied ? { applied: true } : { applied: false, existing: before }).toMatchObject(stated);
  await expect(db.execute(statement)).rejects.toMatchObject({ name: 'LWTError', code: 'unsupported', outcome: 'not-applied' });
  expect(await storedRow(db, statement)).toStrictEqual(before);
}

function storedRow<T extends AnyTable, N extends string>(db: Client, { table, key }: Write<T, N>): Promise<Row | null> {
  return db.execute(get(table as AnyTable, key));
}
