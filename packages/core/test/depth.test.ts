import { and, type Condition, eq, evaluate, nodeOf, normalise, not, or, update } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { sample } from './sample-table.ts';
import { thrownBy } from './thrown-by.ts';

const c = sample.columns;
type Any = Condition<'sample', 'n' | 'm'>;

function nested(depth: number, wrap: (condition: Any) => Any): Any {
  let condition: Any = eq(c.n, 0);
  for (let i = 0; i < depth; i++) condition = wrap(condition);
  return condition;
}

const wraps: readonly (readonly [name: string, wrap: (condition: Any) => Any])[] = [
  ['and', (condition) => and(condition, eq(c.m, 1))],
  ['or', (condition) => or(eq(c.m, 1), condition)],
  ['not', not],
  ['and of one', (condition) => and(condition)],
];

describe.each(wraps)('conditions nest 32 levels deep and no deeper: %s', (_, wrap) => {
  test('32 can be compiled and judged', () => {
    const condition = nested(32, wrap);
    expect(evaluate(normalise(nodeOf(condition)), { n: 0, m: 1 })).toBe(evaluate(nodeOf(condition), { n: 0, m: 1 }));
    expect(() => update(sample, { id: 'x' }, { set: { m: 1 }, if: condition })).not.toThrow();
  });
  test('33 is limit-exceeded', () => {
    const error = thrownBy(() => nested(33, wrap));
    expect([error.code, error.outcome, error.retryable]).toEqual(['limit-exceeded', 'not-applied', false]);
    expect(error.message).toContain('32');
  });
});

test('the deepest member counts, and breadth does not', () => {
  const deep = nested(31, not);
  expect(() => and(...Array.from({ length: 200 }, () => eq(c.n, 1)), deep)).not.toThrow();
  expect(thrownBy(() => and(not(deep), eq(c.n, 1))).code).toBe('limit-exceeded');
});
