import {
  defineTable,
  describeCondition,
  describeValue,
  eq,
  invalidValue,
  isNull,
  lt,
  nodeOf,
  not,
  or,
  and,
  int,
  text,
  oneOf,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';

describe('a value as a message shows it', () => {
  test.each([
    ['text', '"text"'],
    ['a "quote"\n', '"a \\"quote\\"\\n"'],
    [1, '1'],
    [-0, '-0'],
    [1n, '1n'],
    [Number.NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'an invalid Date'],
    [Uint8Array.of(0, 255), '0x00ff'],
    [{ a: [1] }, '{"a":[1]}'],
    [Symbol('s'), 'Symbol(s)'],
  ])('%s', (value, shown) => {
    expect(describeValue(value)).toBe(shown);
  });
  test('what JSON cannot hold', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect([describeValue(cyclic), describeValue({ n: 1n })]).toEqual(['[object Object]', '[object Object]']);
    expect(describeValue({ toJSON: () => undefined })).toBe('[object Object]');
  });
  test('is cut short, and says how long it was', () => {
    const shown = describeValue('x'.repeat(1000));
    expect(shown).toBe(`"${'x'.repeat(79)}… (1002 characters)`);
    expect(describeValue('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
    expect(describeValue(new Uint8Array(1_000_000)).length).toBeLessThan(120);
  });
});

const t = defineTable('t', { columns: { id: text(), n: int(), m: int() }, partitionKey: ['id'] });

test('an invalid value names table, column, type and value', () => {
  expect(invalidValue(t.columns.n, 'x', 'an integer').message).toBe('t.n (int): got "x", wanted an integer.');
  expect(invalidValue(t.columns.n, undefined, 'an integer').message).toContain('Leave the column out, or write null.');
});

test('a condition in words', () => {
  const { n, m } = t.columns;
  const condition = and(eq(n, 1), or(isNull(m), not(lt(n, m)), oneOf(m, [1, 2])));
  expect(describeCondition(nodeOf(condition))).toBe('n = 1 and (m is null or not (n < m) or m in (1, 2))');
});
