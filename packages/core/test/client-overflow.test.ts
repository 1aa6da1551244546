import {
  type Answer,
  and,
  createClient,
  eq,
  type ExistingMode,
  exists,
  increment,
  ne,
  noneOf,
  oneOf,
  type Row,
  type Statement,
  update,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { shelf } from './collections-table.ts';
import { answering, StubAdapter } from './stub-adapter.ts';
import { rejectionOf } from './thrown-by.ts';

const c = shelf.columns;
const key = { id: 'x' };
const row: Row = {
  ...Object.fromEntries(shelf.all.map(({ name }) => [name, null])),
  id: 'x',
  mark: 'm',
  n: 2 ** 31 - 1,
  big: -(2n ** 63n),
};
const modes: readonly ExistingMode[] = ['row', 'condition', 'none'];
const up = update(shelf, key, { set: { n: increment(1) }, if: exists() });

function run(
  statement: Statement,
  answer: Answer,
  existing: ExistingMode,
): { readonly stub: StubAdapter; readonly call: Promise<unknown> } {
  const stub = new StubAdapter({ execute: answering(answer), read: async () => row });
  return { stub, call: createClient(stub, { verify: 'off' }).execute(statement as never, { existing }) };
}
const whole: Answer = { applied: false, known: 'row', row };

describe.each(modes)("R21 an increment that only the range forbade is invalid-value, existing: '%s'", (mode) => {
  test.each<readonly [string, Statement, Answer]>([
    ['from the row', up, whole],
    ['from the columns', up, { applied: false, known: 'columns', columns: { n: 2 ** 31 - 1 } }],
    ['down', update(shelf, key, { set: { big: increment(-1n) }, if: exists() }), whole],
    ['beside a condition that holds', update(shelf, key, { set: { n: increment(1) }, if: ne(c.big, 0n) }), whole],
    [
      'where folding removed a column of the condition from the answer',
      update(shelf, key, { set: { n: increment(1) }, if: and(ne(c.n, 5), noneOf(c.cost, [])) }),
      { applied: false, known: 'columns', columns: { n: 2 ** 31 - 1 } },
    ],
  ])('%s', async (_, statement, answer) => {
    const { stub, call } = run(statement, answer, mode);
    const error = await rejectionOf(call);
    expect(error).toMatchObject({
      code: 'invalid-value',
      outcome: 'not-applied',
      retryable: false,
      statement,
      dialect: 'stub',
      attempts: 1,
    });
    expect(error.message).toMatch(/^shelf\.(n|big): increment\(-?1\) leaves the range/);
    expect(stub.reads).toEqual([]);
  });

  test.each<readonly [string, Statement, Answer]>([
    ['the condition does not hold', update(shelf, key, { set: { n: increment(1) }, if: eq(c.mark, 'other') }), whole],
    ['the row is absent', up, { applied: false, known: 'row', row: null }],
    ['the column is null', up, { applied: false, known: 'row', row: { ...row, n: null } }],
    ['the sum fits, and another writer was there', up, { applied: false, known: 'row', row: { ...row, n: 1 } }],
    ['the condition never holds', update(shelf, key, { set: { n: increment(1) }, if: oneOf(c.n, []) }), whole],
    ['no increment', update(shelf, key, { set: { n: 1 }, if: exists() }), whole],
  ])('not so where %s', async (_, statement, answer) => {
    expect(await run(statement, answer, mode).call).toMatchObject({ applied: false, source: 'decision' });
  });

  test('the columns are asked for, whatever the mode', async () => {
    const asked: unknown[] = [];
    const stub = new StubAdapter({
      compile: (statement, options) => {
        asked.push(options?.existing);
        return { statement, requests: [], notes: [], cost: { roundTrips: { applied: 1, notApplied: 1, rowAbsent: 1 } } };
      },
    });
    await createClient(stub, { verify: 'off' }).execute(up, { existing: mode });
    expect(asked).toEqual([mode === 'none' ? 'condition' : mode]);
  });
});
