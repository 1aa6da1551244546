import {
  type Client,
  defineTable,
  exists,
  increment,
  int,
  isNotNull,
  judge,
  type Row,
  type ScalarKind,
  text,
  update,
  upsert,
  type AnyTable,
  type WriteNode,
  isLWTError,
  get,
} from '@onlyif/core';
import { inspect, isDeepStrictEqual } from 'node:util';
import { checkStatement } from './check-statement.ts';
import { freshKey } from './fresh-key.ts';
import { putRow } from './grid.ts';
import { untyped } from './operators.ts';
import type { Case } from './run-cases.ts';
import { scalar } from './tables.ts';

/** Numbers to add to, and steps, of each type that can be incremented: at and beyond the limits of its range. */
const numbers: { readonly [K in ScalarKind]?: { readonly values: readonly unknown[]; readonly steps: readonly unknown[] } } = {
  tinyint: { values: [0, 127, -128, 100], steps: [1, -1, 27, 28, -128, 0] },
  smallint: { values: [0, 32767, -32768], steps: [1, -1, 32767, 0] },
  int: { values: [0, 2147483647, -2147483648, 5], steps: [1, -1, 2147483647, -2147483648, 0] },
  bigint: { values: [0n, 2n ** 63n - 1n, -(2n ** 63n)], steps: [1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 0n] },
  varint: { values: [0n, 2n ** 64n, 10n ** 37n], steps: [1n, -(2n ** 65n)] },
  decimal: { values: ['0', '0.1', '-1.5', '99999999999999999999'], steps: ['0.2', '-0.1', '1.5'] },
};

export const incrementKinds = Object.keys(numbers) as ScalarKind[];

export const totals: AnyTable = defineTable('totals', {
  columns: {
    pk: text(),
    ...Object.fromEntries(incrementKinds.map((kind) => [`n_${kind}`, scalar(kind)])),
    guard: text().notNull(),
    other: int(),
  },
  partitionKey: ['pk'],
}) as never;

/** R21: sums, and what becomes of null, of an absent row and of a sum out of range. */
export function incrementCases(db: Client, kind: ScalarKind): readonly Case[] {
  const { values, steps } = numbers[kind] ?? { values: [], steps: [] };
  const states: readonly (Row | undefined)[] = [undefined, {}, ...values.map((value) => ({ [`n_${kind}`]: value, other: 1 }))];
  return states.flatMap((state) =>
    steps.flatMap((step) =>
      writes(kind, step).map(([name, write]) => incrementCase(db, `${name} ${inspect(step)} on ${inspect(state)}`, state, write)),
    ),
  );
}

function writes(kind: ScalarKind, step: unknown): readonly (readonly [string, (key: Row) => WriteNode])[] {
  const change = { [`n_${kind}`]: increment(step as number) };
  const other = totals.columns['other'] as never;
  return [
    ['update if exists', (key) => update(totals, key as never, { set: change, if: exists() })],
    ['update if eq', (key) => update(totals, key as never, { set: { ...change, other: 2 }, if: untyped.eq(other, 1) })],
    ['update if another', (key) => update(totals, key as never, { set: change, if: untyped.eq(other, 5) })],
    ['upsert', (key) => upsert(totals, key as never, { set: { ...change, guard: 'g' }, if: isNotNull(other) })],
  ];
}

function incrementCase(db: Client, name: string, state: Row | undefined, write: (key: Row) => WriteNode): Case {
  return {
    name,
    run: async () => {
      const key = freshKey(totals);
      const before = await putRow(db, totals, key, state);
      const statement = write(key);
      return leavesRange(statement, before) ? checkRange(db, statement, before) : checkStatement(db, statement, before);
    },
  };
}

function leavesRange(statement: WriteNode, before: Row | null): boolean {
  try {
    judge(statement, before);
    return false;
  } catch (error) {
    if (isLWTError(error) && error.code === 'invalid-value') return true;
    throw error;
  }
}

/** A sum out of range is `invalid-value`, certainly not applied, in every mode; or the statement is refused. */
async function checkRange(db: Client, statement: WriteNode, before: Row | null): Promise<readonly string[]> {
  const problems: string[] = [];
  const wanted = db.explain(statement).verdict === 'refused' ? 'unsupported' : 'invalid-value';
  for (const existing of ['row', 'condition', 'none'] as const) {
    try {
      problems.push(`existing: '${existing}': ${inspect(await db.execute(statement, { existing }))}, expected ${wanted}`);
    } catch (error) {
      if (!isLWTError(error) || error.code !== wanted || error.outcome !== 'not-applied')
        problems.push(`existing: '${existing}': ${String(error)}`);
    }
  }
  const stored = await db.execute(get(totals, statement.key as never));
  return isDeepStrictEqual(stored, before) ? problems : [...problems, `stored ${inspect(stored)}`];
}
