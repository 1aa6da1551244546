import {
  and,
  beginsWith,
  between,
  contains,
  containsKey,
  defineTable,
  entry,
  eq,
  gt,
  isNotNull,
  isNull,
  item,
  lt,
  map,
  ne,
  noneOf,
  not,
  oneOf,
  or,
  size,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';
import { shelf } from './shelf-table.ts';
import { thrownBy } from './thrown-by.ts';

const dialect = dynamodbDialect();
const c = shelf.columns;
const key = { id: 'x' };
const daily = entry(c.limits, 'daily');
const guard = 'attribute_exists(id)';

/** The condition with names put in, and values as JSON. */
function shown({ input }: ReturnType<typeof dialect.compile>): string {
  const names = input['ExpressionAttributeNames'] as Record<string, string>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as Record<string, Record<string, unknown>>;
  return String(input['ConditionExpression'])
    .replaceAll(/#n\d+/g, (alias) => names[alias] ?? alias)
    .replaceAll(/:v\d+/g, (alias) => JSON.stringify(values[alias]).replaceAll(/[{}"]/g, ''));
}
const conditionOf = (condition: unknown): string =>
  shown(dialect.compile(update(shelf, key, { set: { real: null }, if: condition as never })));

const typeIsNull = (name: string): string => `attribute_type(${name}, S:NULL)`;

describe('conditions of collections', () => {
  const golden: readonly (readonly [name: string, condition: unknown, text: string])[] = [
    [
      'R15 isNull of a list: absent, NULL or empty',
      isNull(c.steps),
      `${guard} AND (attribute_not_exists(steps) OR ${typeIsNull('steps')} OR size(steps) = N:0)`,
    ],
    [
      'R15 isNull of a map',
      isNull(c.limits),
      `${guard} AND (attribute_not_exists(limits) OR ${typeIsNull('limits')} OR size(limits) = N:0)`,
    ],
    ['R15 isNull of a set, which is never empty', isNull(c.tags), `${guard} AND (attribute_not_exists(tags) OR ${typeIsNull('tags')})`],
    ['R15 isNotNull of a list', isNotNull(c.steps), `${guard} AND (attribute_exists(steps) AND size(steps) > N:0)`],
    ['R15 isNotNull of a map', isNotNull(c.limits), `${guard} AND (attribute_exists(limits) AND size(limits) > N:0)`],
    ['R15 isNotNull of a set', isNotNull(c.tags), `${guard} AND (attribute_exists(tags) AND NOT (${typeIsNull('tags')}))`],
    ['R15 isNull of an entry', isNull(daily), `${guard} AND (attribute_not_exists(limits.daily) OR ${typeIsNull('limits.daily')})`],
    [
      'R15 isNotNull of an item',
      isNotNull(item(c.steps, 1)),
      `${guard} AND (attribute_exists(steps[1]) AND NOT (${typeIsNull('steps[1]')}))`,
    ],
    ['eq of a set, its members in order', eq(c.tags, new Set(['b', 'a'])), `${guard} AND tags = SS:[a,b]`],
    ['ne of a list', ne(c.steps, [1]), `${guard} AND steps <> L:[N:1]`],
    ['eq of a map', eq(c.limits, new Map([['a', 1]])), `${guard} AND limits = M:a:N:1`],
    ['oneOf of sets of numbers', oneOf(c.days, [new Set([new Date(1)]), new Set([new Date(2)])]), `${guard} AND days IN (NS:[1], NS:[2])`],
    ['contains of a set', contains(c.tags, 'a'), `${guard} AND contains(tags, S:a)`],
    ['contains of a set of moments', contains(c.days, new Date(1)), `${guard} AND contains(days, N:1)`],
    ['contains of a list', contains(c.steps, 7), `${guard} AND contains(steps, N:7)`],
    ['not(contains): true where it is absent', not(contains(c.tags, 'a')), `${guard} AND NOT (contains(tags, S:a))`],
    ['containsKey', containsKey(c.limits, 'daily'), `${guard} AND attribute_exists(limits.daily)`],
    ['not(containsKey)', not(containsKey(c.limits, 'daily')), `${guard} AND NOT (attribute_exists(limits.daily))`],
    ['eq of an entry', eq(daily, 1), `${guard} AND limits.daily = N:1`],
    ['ne of an entry', ne(daily, 1), `${guard} AND limits.daily <> N:1`],
    ['lt of an entry', lt(daily, 1), `${guard} AND limits.daily < N:1`],
    ['between of an entry', between(daily, 1, 2), `${guard} AND limits.daily BETWEEN N:1 AND N:2`],
    ['noneOf of an entry', noneOf(daily, [1, 2]), `${guard} AND NOT (limits.daily IN (N:1, N:2))`],
    ['an item', gt(item(c.steps, 0), 1), `${guard} AND steps[0] > N:1`],
    ['items of two places', eq(item(c.steps, 0), item(c.steps, 2)), `${guard} AND steps[0] = steps[2]`],
    ['an entry and a column', lt(daily, c.n), `${guard} AND limits.daily < n`],
    [
      'R11 or of isNull and values is none of its own',
      or(isNull(c.n), eq(c.n, 1)),
      `${guard} AND ((attribute_not_exists(n) OR ${typeIsNull('n')}) OR n = N:1)`,
    ],
  ];
  test.each(golden)('%s', (_, condition, expected) => {
    expect(conditionOf(condition)).toBe(expected);
  });
});

describe('R8 size: the size of null is null, and equals nothing', () => {
  const has = (name: string): string => `attribute_exists(${name})`;
  const filled = (name: string): string => `attribute_exists(${name}) AND size(${name}) > N:0`;
  const golden: readonly (readonly [name: string, condition: unknown, text: string])[] = [
    ['eq of a set', eq(size(c.tags), 1), `${guard} AND (${has('tags')} AND size(tags) = N:1)`],
    ['eq of bytes, which may be none', eq(size(c.raw), 0), `${guard} AND (${has('raw')} AND size(raw) = N:0)`],
    ['lt of a list: an empty one is null', lt(size(c.steps), 2), `${guard} AND (${filled('steps')} AND size(steps) < N:2)`],
    ['eq of a map', eq(size(c.limits), 2), `${guard} AND (${filled('limits')} AND size(limits) = N:2)`],
    ['ne is true where it is absent', ne(size(c.tags), 1), `${guard} AND NOT (${has('tags')} AND size(tags) = N:1)`],
    ['ne of a list', ne(size(c.steps), 1), `${guard} AND NOT (${filled('steps')} AND size(steps) = N:1)`],
    ['between', between(size(c.tags), 1, 2), `${guard} AND (${has('tags')} AND (size(tags) BETWEEN N:1 AND N:2))`],
    ['oneOf', oneOf(size(c.tags), [1, 2]), `${guard} AND (${has('tags')} AND (size(tags) IN (N:1, N:2)))`],
    ['noneOf', noneOf(size(c.tags), [1, 2]), `${guard} AND NOT (${has('tags')} AND (size(tags) IN (N:1, N:2)))`],
    ['not of an ordering', not(lt(size(c.tags), 1)), `${guard} AND NOT (${has('tags')} AND size(tags) < N:1)`],
    [
      'of two columns',
      eq(size(c.tags), size(c.steps)),
      `${guard} AND (${has('tags')} AND ${filled('steps')} AND size(tags) = size(steps))`,
    ],
    ['and a column', lt(size(c.tags), c.n), `${guard} AND (${has('tags')} AND size(tags) < n)`],
    ['in or', or(eq(size(c.tags), 1), eq(c.n, 1)), `${guard} AND ((${has('tags')} AND size(tags) = N:1) OR n = N:1)`],
  ];
  test.each(golden)('%s', (_, condition, expected) => {
    expect(conditionOf(condition)).toBe(expected);
  });
});

describe('paths', () => {
  test('R22 the name of a map and its key are aliased apart; a key is no path', () => {
    const { input } = dialect.compile(
      update(shelf, key, { set: { n: 1 }, if: and(eq(entry(c.limits, 'a.b[0] #n1'), 1), eq(entry(c.limits, 'limits'), 2)) }),
    );
    expect(input['ConditionExpression']).toBe('attribute_exists(#n1) AND #n2.#n3 = :v1 AND #n2.#n2 = :v2');
    expect(input['ExpressionAttributeNames']).toEqual({ '#n0': 'n', '#n1': 'id', '#n2': 'limits', '#n3': 'a.b[0] #n1' });
  });
  test('two keys are two shapes', () => {
    const texts = ['a', 'b'].map(
      (name) => dialect.compile(update(shelf, key, { set: { n: 1 }, if: eq(entry(c.limits, name), 1) })).input['ExpressionAttributeNames'],
    );
    expect(texts).toEqual([{ '#n0': 'n', '#n1': 'id', '#n2': 'limits', '#n3': 'a' }, { '#n0': 'n', '#n1': 'id', '#n2': 'limits', '#n3': 'b' }]); // prettier-ignore
  });
  test.each(['', '__proto__'])('the key %j is refused as invalid-value', (name) => {
    for (const condition of [eq(entry(c.limits, name), 1), containsKey(c.limits, name), isNull(entry(c.limits, name))])
      expect(thrownBy(() => conditionOf(condition))).toMatchObject({ code: 'invalid-value', outcome: 'not-applied' });
  });
  test('beginsWith of an entry', () => {
    const named = defineTable('named', { columns: { id: text(), names: map(text(), text()) }, partitionKey: ['id'] });
    const statement = update(named, key, { set: { names: null }, if: beginsWith(entry(named.columns.names, 'a'), 'b') });
    expect(shown(dialect.compile(statement))).toBe(`${guard} AND begins_with(names.a, S:b)`);
  });
  test('an upsert is not guarded, and a compound alone needs no parentheses', () => {
    const statement = upsert(shelf, key, { set: { n: 1 }, if: isNull(c.steps) });
    expect(shown(dialect.compile(statement))).toBe(`attribute_not_exists(steps) OR ${typeIsNull('steps')} OR size(steps) = N:0`);
  });
});
