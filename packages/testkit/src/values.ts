import {
  type AnyTable,
  type Client,
  deleteRow,
  get,
  insert,
  isLWTError,
  judge,
  notExists,
  type Row,
  scalarTypes,
  type ScalarKind,
  update,
  type WriteNode,
} from '@onlyif/core';
import { isDeepStrictEqual } from 'node:util';
import { inspect } from 'node:util';
import { checkStatement } from './check-statement.ts';
import { freshKey } from './fresh-key.ts';
import { untyped } from './operators.ts';
import type { Case } from './run-cases.ts';
import { samples } from './samples.ts';
import { column, guarded } from './tables.ts';

/** R16: values at the limits of a type come back exactly as they went in, and conditions find them. */
export function extremeCases(db: Client, kind: ScalarKind): readonly Case[] {
  const { extremes, low, middle, high } = samples[kind];
  return [...extremes, low, middle, high].flatMap((value) => {
    const write = { [`a_${kind}`]: value };
    const roundTrip = { name: `${inspect(value)} comes back`, run: () => roundTripProblems(db, write) };
    if (!scalarTypes[kind].comparable) return [roundTrip];
    return [roundTrip, ...matchCases(db, kind, value)];
  });
}

async function roundTripProblems(db: Client, columns: Row): Promise<readonly string[]> {
  const statement = insert(guarded, { ...freshKey(guarded), guard: 'x', ...columns }, { if: notExists() });
  const problems = [...(await checkStatement(db, statement, null))];
  // The server's answer to a rejected insert holds the row too, decoded another way.
  return [...problems, ...(await checkStatement(db, statement, judge(statement, null).after))];
}

function matchCases(db: Client, kind: ScalarKind, value: unknown): readonly Case[] {
  const a = column(guarded, `a_${kind}`);
  const conditions = {
    eq: untyped.eq(a, value),
    ne: untyped.ne(a, value),
    oneOf: untyped.oneOf(a, [value]),
    noneOf: untyped.noneOf(a, [value]),
  };
  return Object.entries(conditions).map(([name, condition]) => ({
    name: `${name} ${inspect(value)}`,
    run: async () => {
      const key = freshKey(guarded);
      const row = insert(guarded, { ...key, guard: 'x', [`a_${kind}`]: value }, { if: notExists() });
      await db.execute(row);
      return checkStatement(db, deleteRow(guarded, key as never, { if: condition }), judge(row, null).after);
    },
  }));
}

/** A value that a backend cannot hold is refused before any I/O; one that it can hold comes back exactly. */
export function unholdableCases(db: Client, kind: ScalarKind): readonly Case[] {
  return (samples[kind].unholdable ?? []).flatMap((value) => {
    const set = { [`a_${kind}`]: value };
    const write = { name: `${inspect(value)} is held exactly or refused`, run: () => roundTripOrRefusal(db, set) };
    const condition = { name: `a condition on ${inspect(value)}`, run: () => conditionProblems(db, kind, value) };
    return [write, condition];
  });
}

async function roundTripOrRefusal(db: Client, columns: Row): Promise<readonly string[]> {
  const statement = insert(guarded, { ...freshKey(guarded), guard: 'x', ...columns }, { if: notExists() });
  const problems = await checkStatement(db, statement, null);
  return db.explain(statement).verdict === 'refused' ? [...problems, ...(await wrongCode(db, statement))] : problems;
}

async function conditionProblems(db: Client, kind: ScalarKind, value: unknown): Promise<readonly string[]> {
  const key = freshKey(guarded);
  const statement = update(guarded, key as never, { set: { other: 1 }, if: untyped.eq(column(guarded, `a_${kind}`), value) });
  const problems = await checkStatement(db, statement, null);
  return db.explain(statement).verdict === 'refused' ? [...problems, ...(await wrongCode(db, statement))] : problems;
}

async function wrongCode(db: Client, statement: WriteNode): Promise<readonly string[]> {
  try {
    await db.execute(statement);
    return ['it was not refused'];
  } catch (error) {
    return isLWTError(error) && error.code === 'invalid-value' ? [] : [`refused with ${String(error)}, not with invalid-value`];
  }
}

/** Keys of every type find their row again, and no other. */
export async function keyProblems(db: Client, table: AnyTable, keys: readonly Row[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [index, key] of keys.entries())
    problems.push(...(await checkStatement(db, insert(table, { ...key, n: index }, { if: notExists() }), null)));
  for (const [index, key] of keys.entries()) {
    const row = (await db.execute(get(table, key as never))) as Row | null;
    if (!isDeepStrictEqual(row?.['n'], index)) problems.push(`${inspect(key)} finds ${inspect(row)}`);
  }
  return problems;
}
