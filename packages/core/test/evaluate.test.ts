import {
  and,
  beginsWith,
  between,
  type Condition,
  eq,
  evaluate,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  nodeOf,
  noneOf,
  not,
  oneOf,
  or,
  type Row,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { sample } from './sample-table.ts';

const c = sample.columns;
type Any = Condition<'sample', string>;

function holds(condition: Any, row: Row | null): boolean {
  return evaluate(nodeOf(condition), row);
}

describe('the truth table of design section 4, on a column that is null, 4, 5 and 6', () => {
  const predicates: readonly (readonly [name: string, condition: Any, cells: readonly [boolean, boolean, boolean, boolean]])[] = [
    ['eq(n, 5)', eq(c.n, 5), [false, false, true, false]],
    ['ne(n, 5)', ne(c.n, 5), [true, true, false, true]],
    ['lt(n, 5)', lt(c.n, 5), [false, true, false, false]],
    ['lte(n, 5)', lte(c.n, 5), [false, true, true, false]],
    ['gt(n, 5)', gt(c.n, 5), [false, false, false, true]],
    ['gte(n, 5)', gte(c.n, 5), [false, false, true, true]],
    ['between(n, 4, 5)', between(c.n, 4, 5), [false, true, true, false]],
    ['between(n, 5, 5)', between(c.n, 5, 5), [false, false, true, false]],
    ['between(n, 6, 4)', between(c.n, 6, 4), [false, false, false, false]],
    ['oneOf(n, [4, 6])', oneOf(c.n, [4, 6]), [false, true, false, true]],
    ['oneOf(n, [])', oneOf(c.n, []), [false, false, false, false]],
    ['noneOf(n, [4, 6])', noneOf(c.n, [4, 6]), [true, false, true, false]],
    ['noneOf(n, [])', noneOf(c.n, []), [true, true, true, true]],
    ['isNull(n)', isNull(c.n), [true, false, false, false]],
    ['isNotNull(n)', isNotNull(c.n), [false, true, true, true]],
  ];
  const rows: readonly (Row | null)[] = [{ n: null }, { n: 4 }, { n: 5 }, { n: 6 }];

  test.each(predicates)('%s', (_, condition, cells) => {
    expect(rows.map((row) => holds(condition, row))).toEqual(cells);
  });
  test.each(predicates)('not(%s) is the negation of every cell', (_, condition, cells) => {
    expect(rows.map((row) => holds(not(condition), row))).toEqual(cells.map((cell) => !cell));
  });
  test.each(predicates)('%s on an absent row, and on one without the property, is the cell of null', (_, condition, [onNull]) => {
    expect([holds(condition, null), holds(condition, {})]).toEqual([onNull, onNull]);
  });
});

describe('the truth table of two columns: both null, left null, right null, less, equal, greater', () => {
  const pairs: readonly (readonly [name: string, condition: Any, cells: readonly boolean[]])[] = [
    ['eq(n, m)', eq(c.n, c.m), [false, false, false, false, true, false]],
    ['ne(n, m)', ne(c.n, c.m), [true, true, true, true, false, true]],
    ['lt(n, m)', lt(c.n, c.m), [false, false, false, true, false, false]],
    ['lte(n, m)', lte(c.n, c.m), [false, false, false, true, true, false]],
    ['gt(n, m)', gt(c.n, c.m), [false, false, false, false, false, true]],
    ['gte(n, m)', gte(c.n, c.m), [false, false, false, false, true, true]],
  ];
  const rows: readonly Row[] = [
    { n: null, m: null },
    { n: null, m: 1 },
    { n: 1, m: null },
    { n: 1, m: 2 },
    { n: 2, m: 2 },
    { n: 3, m: 2 },
  ];

  test.each(pairs)('%s', (_, condition, cells) => {
    expect(rows.map((row) => holds(condition, row))).toEqual(cells);
    expect(rows.map((row) => holds(not(condition), row))).toEqual(cells.map((cell) => !cell));
  });
});

describe('values are compared by value', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  const cases: readonly (readonly [name: string, condition: Any, row: Row, expected: boolean])[] = [
    ['a decimal, 1.0 = 1.00', eq(c.d, '1.00'), { d: '1' }, true],
    ['a decimal by its size, not its text', lt(c.d, '10'), { d: '9' }, true],
    ['bytes', eq(c.b, bytes(1, 2)), { b: bytes(1, 2) }, true],
    ['bytes in a list', oneOf(c.b, [bytes(3), bytes(1, 2)]), { b: bytes(1, 2) }, true],
    ['a moment', eq(c.at, new Date(5)), { at: new Date(5) }, true],
    ['a moment in a list', noneOf(c.at, [new Date(5)]), { at: new Date(5) }, false],
    ['a UUID whatever its case', eq(c.u, '123E4567-E89B-42D3-A456-426614174000'), { u: '123e4567-e89b-42d3-a456-426614174000' }, true],
    ['text by its UTF-8 bytes, not by UTF-16 units', lt(c.s, '\u{1f600}'), { s: '\uff5e' }, true],
    ['the empty text is a value', isNotNull(c.s), { s: '' }, true],
    ['false is a value', isNotNull(c.flag), { flag: false }, true],
    ['zero is a value', eq(c.n, 0), { n: 0 }, true],
    ['a prefix of text', beginsWith(c.s, 'a\u{1f600}'), { s: 'a\u{1f600}b' }, true],
    ['not a prefix', beginsWith(c.s, 'ab'), { s: 'a' }, false],
    ['a prefix of null', beginsWith(c.s, 'a'), { s: null }, false],
    ['a prefix of bytes', beginsWith(c.b, bytes(1)), { b: bytes(1, 2) }, true],
    ['not a prefix of bytes', beginsWith(c.b, bytes(1, 2)), { b: bytes(1) }, false],
    ['the empty prefix of the empty text', beginsWith(c.s, ''), { s: '' }, true],
  ];

  test.each(cases)('%s', (_, condition, row, expected) => {
    expect(holds(condition, row)).toBe(expected);
  });
});

test('and, or', () => {
  const row = { n: 1 };
  const [yes, no] = [eq(c.n, 1), eq(c.n, 2)];
  expect([holds(and(yes, yes), row), holds(and(yes, no), row), holds(or(no, yes), row), holds(or(no, no), row)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
