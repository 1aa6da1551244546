import {
  addToSet,
  and,
  type Clause,
  type Condition,
  type ConditionName,
  defineTable,
  deleteRow,
  eq,
  exists,
  gt,
  increment,
  insert,
  int,
  isNotNull,
  isNull,
  judge,
  lt,
  ne,
  nodeOf,
  not,
  notExists,
  or,
  rejectedBy,
  replace,
  set,
  text,
  update,
  upsert,
  type WriteNode,
} from '@onlyif/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameNode } from '../src/condition/same-node.ts';
import { anyCondition, anyRow } from './random-conditions.ts';
import { sample, shared } from './sample-table.ts';
import { seeds } from './seeds.ts';

const c = sample.columns;
const key = { id: 'x' };
const row = { id: 'x', n: 1, m: 2, s: null, r: null, d: null, e: null, b: null, at: null, flag: null, u: null, doc: null, mark: 'm' };
type Any = Condition<'sample', ConditionName<typeof sample>>;
const updateIf = (condition: Any): WriteNode => update(sample, key, { set: { r: 'x' }, if: condition });
const there = exists() as never as Clause;
const notThere = notExists() as never as Clause;

describe('the clauses that a row fails', () => {
  const [holds, fails, alsoFails] = [eq(c.n, 1), eq(c.n, 5), ne(c.m, 2)];
  const cases: readonly (readonly [name: string, condition: Any, clauses: readonly Any[]])[] = [
    ['none where the condition holds', holds, []],
    ['a condition that is one clause', fails, [fails]],
    ['of an and those that fail, in order', and(alsoFails, holds, fails), [alsoFails, fails]],
    ['of an and in an and', and(holds, and(fails, holds, and(alsoFails))), [fails, alsoFails]],
    ['an or as a whole', or(fails, alsoFails), [or(fails, alsoFails)]],
    ['no or of which one holds', and(or(fails, holds), alsoFails), [alsoFails]],
    ['a not as a whole, also of an or', not(or(holds, fails)), [not(or(holds, fails))]],
    ['R9 a not of an ordering on null holds', and(not(lt(c.d, '1')), isNotNull(c.s)), [isNotNull(c.s)]],
  ];
  test.each(cases)('%s', (_, condition, clauses) => {
    expect(rejectedBy(updateIf(condition), row)).toEqual(clauses.map((clause) => nodeOf(clause)));
  });

  test('are the very nodes of the condition, in a frozen list', () => {
    const rejected = rejectedBy(updateIf(and(holds, fails)), row);
    expect(rejected[0]).toBe(fails);
    expect([Object.isFrozen(rejected), Object.isFrozen(rejected[0])]).toEqual([true, true]);
  });
  test('R34 are found with the columns of the condition alone', () => {
    const statement = update(sample, key, { set: { r: 'x' }, if: and(fails, holds, isNull(c.s)) });
    expect(rejectedBy(statement, { id: 'x', n: 1, s: null })).toEqual([nodeOf(fails)]);
  });
});

describe('a row that is there, and one that is not', () => {
  const add = update(sample, key, { set: { r: 'x' }, if: exists() });
  const create = insert(sample, { id: 'x', mark: 'm' }, { if: notExists() });
  const put = replace(sample, { id: 'x', mark: 'm' }, { if: { n: 1 } });
  const remove = deleteRow(sample, key, { if: eq(c.n, 1) });
  const take = upsert(sample, key, { set: { mark: 'x' }, if: and(isNull(c.n), eq(c.s, 'a'), ne(c.m, 2)) });
  const cases: readonly (readonly [name: string, clauses: readonly Clause[], expected: readonly Clause[]])[] = [
    ['update, exists(), absent', rejectedBy(add, null), [there]],
    ['R33 update, exists(), there by now', rejectedBy(add, row), []],
    ['update, a condition that would hold on nulls, absent', rejectedBy(updateIf(isNull(c.n)), null), [there]],
    ['replace, absent', rejectedBy(put, null), [there]],
    ['delete, absent', rejectedBy(remove, null), [there]],
    ['insert, there', rejectedBy(create, row), [notThere]],
    ['R33 insert, gone by now', rejectedBy(create, null), []],
    ['R5 upsert, absent: its clauses on nulls', rejectedBy(take, null), [nodeOf(eq(c.s, 'a'))]],
    ['upsert, there', rejectedBy(take, row), [isNull(c.n), eq(c.s, 'a'), ne(c.m, 2)].map((clause) => nodeOf(clause))],
    ['R33 a row that satisfies the condition by now', rejectedBy(remove, row), []],
    ['R33 a row that could not be read', rejectedBy(remove, undefined), []],
    ['R33 insert, a row that could not be read', rejectedBy(create, undefined), []],
  ];
  test.each(cases)('%s', (_, clauses, expected) => {
    expect(clauses).toEqual(expected);
  });
});

describe('R21 an increment of null is the clause isNotNull of its column', () => {
  const bump = update(sample, key, { set: { n: increment(1), m: increment(1) }, if: eq(c.s, 'a') });
  test('after the clauses of the condition', () => {
    expect(rejectedBy(bump, { ...row, n: null })).toEqual([nodeOf(eq(c.s, 'a')), nodeOf(isNotNull(c.n))]);
  });
  test('alone, where the condition holds or is exists()', () => {
    expect(rejectedBy(bump, { ...row, s: 'a', m: null })).toEqual([nodeOf(isNotNull(c.m))]);
    expect(rejectedBy(update(sample, key, { set: { n: increment(1) }, if: exists() }), { ...row, n: null })).toEqual([
      nodeOf(isNotNull(c.n)),
    ]);
  });
  test('not where the row does not show the column', () => {
    expect(rejectedBy(bump, { id: 'x', s: 'a' })).toEqual([]);
  });
  test('of an upsert on an absent row', () => {
    const create = upsert(sample, key, { set: { mark: 'x', n: increment(1) }, if: isNull(c.m) });
    expect(rejectedBy(create, null)).toEqual([nodeOf(isNotNull(c.n))]);
  });
  test('no other mutation minds null', () => {
    const tags = defineTable('tags', { columns: { id: text(), n: int(), tags: set(text()) }, partitionKey: ['id'] });
    const add = update(tags, key, { set: { tags: addToSet('a') }, if: exists() });
    expect(rejectedBy(add, { id: 'x', n: null, tags: null })).toEqual([]);
  });
});

describe('R26 the static values of the partition', () => {
  const s = shared.columns;
  const write = (condition: Condition<'shared', 'st' | 'su' | 'n'>): WriteNode =>
    upsert(shared, { id: 'x', at: 1 }, { set: { n: 1 }, if: condition });
  test('are there although the row is absent', () => {
    const statement = write(and(eq(s.st, 1), eq(s.su, 2), isNull(s.n)));
    expect(rejectedBy(statement, null, { st: 1, su: 3 })).toEqual([nodeOf(eq(s.su, 2))]);
  });
  test('are merged into the row', () => {
    const statement = write(and(gt(s.st, 1), eq(s.n, 1)));
    expect(rejectedBy(statement, { id: 'x', at: 1, n: 1, st: null, su: null }, { st: 2, su: null })).toEqual([]);
  });
});

describe.each(seeds)('random conditions and rows, %s', (_, seed, numRuns) => {
  test('a row fails some clause exactly where the write is not applied to it, and fails every clause named', () => {
    fc.assert(
      fc.property(anyCondition, fc.option(anyRow, { nil: null }), (condition, existing) => {
        const statement = updateIf(condition as never);
        const clauses = rejectedBy(statement, existing as never);
        expect(clauses.length === 0).toBe(judge(statement, existing).applied);
        for (const clause of clauses) {
          const narrowed = clause.kind === 'exists' ? statement : updateIf(clause as never);
          const again = rejectedBy(narrowed, existing as never);
          expect(again.length === 1 && (again[0] === clause || sameNode(again[0] as never, clause as never))).toBe(true);
        }
      }),
      { numRuns: numRuns / 4, seed },
    );
  });
});
