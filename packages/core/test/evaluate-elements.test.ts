import {
  between,
  type Condition,
  contains,
  containsKey,
  entry,
  eq,
  evaluate,
  gt,
  gte,
  isNotNull,
  isNull,
  item,
  lt,
  lte,
  ne,
  nodeOf,
  noneOf,
  normalise,
  not,
  oneOf,
  type Row,
  size,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { shelf } from './collections-table.ts';

const c = shelf.columns;
type Any = Condition<'shelf', string>;
type Predicate = readonly [name: string, condition: Any, cells: readonly boolean[]];

/** Every cell, its negation, and the same of the normal form. */
function expectCells(condition: Any, rows: readonly (Row | null)[], cells: readonly boolean[]): void {
  const negated = cells.map((cell) => !cell);
  for (const form of [nodeOf(condition), normalise(nodeOf(condition))]) expect(rows.map((row) => evaluate(form, row))).toEqual(cells);
  for (const form of [nodeOf(not(condition)), normalise(nodeOf(not(condition)))])
    expect(rows.map((row) => evaluate(form, row))).toEqual(negated);
}

describe('a set that is null, {a}, {a, b} and {b, c}, and the row absent', () => {
  const rows = [{ tags: null }, { tags: new Set(['a']) }, { tags: new Set(['a', 'b']) }, { tags: new Set(['b', 'c']) }, null];
  const predicates: readonly Predicate[] = [
    ['contains a', contains(c.tags, 'a'), [false, true, true, false, false]],
    ['eq {b, a}', eq(c.tags, new Set(['b', 'a'])), [false, false, true, false, false]],
    ['ne {b, a}', ne(c.tags, new Set(['b', 'a'])), [true, true, false, true, true]],
    ['eq of the empty set', eq(c.tags, new Set()), [true, false, false, false, true]],
    ['ne of the empty set', ne(c.tags, new Set()), [false, true, true, true, false]],
    ['oneOf {a}, {c, b}', oneOf(c.tags, [new Set(['a']), new Set(['c', 'b'])]), [false, true, false, true, false]],
    ['noneOf {a}, {c, b}', noneOf(c.tags, [new Set(['a']), new Set(['c', 'b'])]), [true, false, true, false, true]],
    ['oneOf {}, {a}', oneOf(c.tags, [new Set<string>(), new Set(['a'])]), [true, true, false, false, true]],
    ['noneOf {}, {a}', noneOf(c.tags, [new Set<string>(), new Set(['a'])]), [false, false, true, true, false]],
    ['isNull', isNull(c.tags), [true, false, false, false, true]],
    ['isNotNull', isNotNull(c.tags), [false, true, true, true, false]],
    ['R8 size = 2', eq(size(c.tags), 2), [false, false, true, true, false]],
    ['R8 size != 2', ne(size(c.tags), 2), [true, true, false, false, true]],
    ['R8 size = 0, which null is not', eq(size(c.tags), 0), [false, false, false, false, false]],
    ['R8 size < 2', lt(size(c.tags), 2), [false, true, false, false, false]],
    ['R8 size <= 1', lte(size(c.tags), 1), [false, true, false, false, false]],
    ['R8 size > 1', gt(size(c.tags), 1), [false, false, true, true, false]],
    ['R8 size >= 0', gte(size(c.tags), 0), [false, true, true, true, false]],
    ['R8 size between 1 and 1', between(size(c.tags), 1, 1), [false, true, false, false, false]],
    ['R8 size in (0, 1)', oneOf(size(c.tags), [0, 1]), [false, true, false, false, false]],
    ['R8 size not in (0, 1)', noneOf(size(c.tags), [0, 1]), [true, false, true, true, true]],
  ];
  test.each(predicates)('%s', (_, condition, cells) => expectCells(condition, rows, cells));
});

describe('a list that is null, [1], [1, 2], [2, 1] and [1, 1]', () => {
  const rows = [{ steps: null }, { steps: [1] }, { steps: [1, 2] }, { steps: [2, 1] }, { steps: [1, 1] }];
  const predicates: readonly Predicate[] = [
    ['contains 2', contains(c.steps, 2), [false, false, true, true, false]],
    ['eq [1, 2]: the order counts', eq(c.steps, [1, 2]), [false, false, true, false, false]],
    ['ne [1, 1]: so do repetitions', ne(c.steps, [1, 1]), [true, true, true, true, false]],
    ['size = 2', eq(size(c.steps), 2), [false, false, true, true, true]],
    ['item 1 = 1', eq(item(c.steps, 1), 1), [false, false, false, true, true]],
    ['item 1 != 1: true where there is none', ne(item(c.steps, 1), 1), [true, true, true, false, false]],
    ['item 1 < 2', lt(item(c.steps, 1), 2), [false, false, false, true, true]],
    ['item 1 in (1, 2)', oneOf(item(c.steps, 1), [1, 2]), [false, false, true, true, true]],
    ['item 1 not in (1)', noneOf(item(c.steps, 1), [1]), [true, true, true, false, false]],
    ['item 1 between 2 and 3', between(item(c.steps, 1), 2, 3), [false, false, true, false, false]],
    ['item 1 is null', isNull(item(c.steps, 1)), [true, true, false, false, false]],
    ['item 1 is not null', isNotNull(item(c.steps, 1)), [false, false, true, true, true]],
    ['item 0 < item 1', lt(item(c.steps, 0), item(c.steps, 1)), [false, false, true, false, false]],
    ['item 0 = item 1', eq(item(c.steps, 0), item(c.steps, 1)), [false, false, false, false, true]],
    ['item 0 != item 1: true where one is null', ne(item(c.steps, 0), item(c.steps, 1)), [true, true, true, true, false]],
    ['item 0 = size', eq(item(c.steps, 0), size(c.steps)), [false, true, false, true, false]],
  ];
  test.each(predicates)('%s', (_, condition, cells) => expectCells(condition, rows, cells));
});

describe('a map that is null, {a: 1}, {a: 2}, {b: 1} and {a: 1, b: 2}', () => {
  const rows = [
    { limits: null },
    { limits: new Map([['a', 1]]) },
    { limits: new Map([['a', 2]]) },
    { limits: new Map([['b', 1]]) },
    { limits: new Map([['a', 1], ['b', 2]]) }, // prettier-ignore
  ];
  const a = entry(c.limits, 'a');
  const predicates: readonly Predicate[] = [
    ['containsKey a', containsKey(c.limits, 'a'), [false, true, true, false, true]],
    ['eq {b: 2, a: 1}: the order of keys does not count', eq(c.limits, new Map([['b', 2], ['a', 1]])), [false, false, false, false, true]], // prettier-ignore
    ['ne {a: 1}', ne(c.limits, new Map([['a', 1]])), [true, false, true, true, true]],
    ['size = 1', eq(size(c.limits), 1), [false, true, true, true, false]],
    ['a = 1', eq(a, 1), [false, true, false, false, true]],
    ['a != 1: true where there is none', ne(a, 1), [true, false, true, true, false]],
    ['a > 1', gt(a, 1), [false, false, true, false, false]],
    ['a between 1 and 1', between(a, 1, 1), [false, true, false, false, true]],
    ['a in (2, 3)', oneOf(a, [2, 3]), [false, false, true, false, false]],
    ['a not in (2, 3)', noneOf(a, [2, 3]), [true, true, false, true, true]],
    ['a is null', isNull(a), [true, false, false, true, false]],
    ['a is not null', isNotNull(a), [false, true, true, false, true]],
    ['a < b', lt(a, entry(c.limits, 'b')), [false, false, false, false, true]],
    ['a = itself: it is there', eq(a, entry(c.limits, 'a')), [false, true, true, false, true]],
  ];
  test.each(predicates)('%s', (_, condition, cells) => expectCells(condition, rows, cells));
});

describe('bytes that are null, none, one and two', () => {
  const rows = [{ raw: null }, { raw: new Uint8Array() }, { raw: Uint8Array.of(7) }, { raw: Uint8Array.of(7, 8) }];
  const predicates: readonly Predicate[] = [
    ['size = 0: no bytes are a value', eq(size(c.raw), 0), [false, true, false, false]],
    ['size != 0', ne(size(c.raw), 0), [true, false, true, true]],
    ['size >= 1', gte(size(c.raw), 1), [false, false, true, true]],
    ['size in (0, 2)', oneOf(size(c.raw), [0, 2]), [false, true, false, true]],
  ];
  test.each(predicates)('%s', (_, condition, cells) => expectCells(condition, rows, cells));
});

describe('elements are found and compared by value', () => {
  const at = (): Date => new Date(5);
  const cases: readonly (readonly [name: string, condition: Any, row: Row, expected: boolean])[] = [
    ['a moment in a set', contains(c.moments, at()), { moments: new Set([at()]) }, true],
    ['another moment', contains(c.moments, new Date(6)), { moments: new Set([at()]) }, false],
    ['a key that is a moment', containsKey(c.times, at()), { times: new Map([[at(), '1']]) }, true],
    ['the entry under it, a decimal', eq(entry(c.times, at()), '1.00'), { times: new Map([[at(), '1']]) }, true],
    ['sets of equal moments', eq(c.moments, new Set([at()])), { moments: new Set([at()]) }, true],
    ['a size and a column', eq(size(c.tags), c.n), { tags: new Set(['a']), n: 1 }, true],
    ['sizes of two columns', lt(size(c.tags), size(c.labels)), { tags: new Set(['a']), labels: new Set(['a', 'b']) }, true],
    ['sizes of which one is null', ne(size(c.tags), size(c.labels)), { tags: new Set(['a']), labels: null }, true],
    ['two sets', eq(c.tags, c.labels), { tags: new Set(['a']), labels: new Set(['a']) }, true],
    ['a key that an object would inherit', containsKey(c.limits, 'toString'), { limits: new Map([['a', 1]]) }, false],
    ['a column that the row lacks', ne(size(c.tags), 1), {}, true],
  ];
  test.each(cases)('%s', (_, condition, row, expected) => {
    expect(evaluate(nodeOf(condition), row)).toBe(expected);
    expect(evaluate(normalise(nodeOf(condition)), row)).toBe(expected);
  });
});
