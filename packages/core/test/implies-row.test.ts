import {
  and,
  beginsWith,
  between,
  type Condition,
  contains,
  containsKey,
  entry,
  eq,
  evaluate,
  gt,
  gte,
  impliesRow,
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
  or,
  size,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { shelf } from './collections-table.ts';
import { sample, shared } from './sample-table.ts';

const c = sample.columns;
const s = shared.columns;
const k = shelf.columns;
const daily = entry(k.limits, 'daily');
type Case = readonly [name: string, condition: Condition<string, string>];

const implies = (condition: Condition<string, string>): boolean => impliesRow(normalise(nodeOf(condition)));

describe('R1 implies a live row', () => {
  const cases: readonly Case[] = [
    ['eq', eq(c.n, 1)],
    ['lt', lt(c.n, 1)],
    ['lte', lte(c.n, 1)],
    ['gt', gt(c.n, 1)],
    ['gte', gte(c.n, 1)],
    ['between', between(c.n, 1, 2)],
    ['oneOf', oneOf(c.n, [1, 2])],
    ['beginsWith', beginsWith(c.s, 'a')],
    ['isNotNull', isNotNull(c.n)],
    ['isNotNull of json', isNotNull(c.doc)],
    ['not(isNull)', not(isNull(c.n))],
    ['not(ne)', not(ne(c.n, 1))],
    ['not(noneOf)', not(noneOf(c.n, [1, 2]))],
    ['a pair under eq', eq(c.n, c.m)],
    ['a pair under gte', gte(c.n, c.m)],
    ['a pair of a static and a regular column', eq(s.st, s.n)],
    ['a pair of a regular and a static column', lt(s.n, s.st)],
    ['a column and itself under eq', eq(c.n, c.n)],
    ['and, if one member does', and(ne(c.m, 1), eq(c.n, 1))],
    ['or, if all members do', or(eq(c.n, 1), gt(c.m, 1))],
    ['contains', contains(k.tags, 'a')],
    ['contains of a list', contains(k.steps, 1)],
    ['containsKey', containsKey(k.limits, 'a')],
    ['eq of a collection', eq(k.tags, new Set(['a']))],
    ['ne of an empty collection, which is isNotNull', ne(k.tags, new Set())],
    ['eq of a size', eq(size(k.tags), 0)],
    ['lt of a size', lt(size(k.raw), 1)],
    ['gte of a size', gte(size(k.steps), 0)],
    ['between of a size', between(size(k.limits), 0, 5)],
    ['oneOf of a size', oneOf(size(k.tags), [0, 1])],
    ['isNotNull of an entry', isNotNull(daily)],
    ['eq of an entry', eq(daily, 1)],
    ['gt of an entry', gt(daily, 1)],
    ['oneOf of an entry', oneOf(daily, [1, 2])],
    ['eq of an item', eq(item(k.steps, 0), 1)],
    ['lte of an item', lte(item(k.steps, 0), 1)],
    ['between of an item', between(item(k.steps, 0), 1, 2)],
    ['two sizes under eq', eq(size(k.tags), size(k.labels))],
    ['an item and a column under lt', lt(item(k.steps, 0), k.n)],
    ['a size and itself under eq', eq(size(k.tags), size(k.tags))],
    ['or of contains and of an item', or(contains(k.tags, 'a'), eq(item(k.steps, 0), 1))],
    ['the constant false', oneOf(c.n, [])],
    ['a contradiction of elements', and(isNull(daily), eq(daily, 1))],
  ];
  test.each(cases)('%s', (_, condition) => {
    expect(implies(condition)).toBe(true);
    expect(evaluate(nodeOf(condition), null)).toBe(false);
  });
});

describe('R1 does not imply a live row', () => {
  const cases: readonly Case[] = [
    ['ne', ne(c.n, 1)],
    ['noneOf', noneOf(c.n, [1, 2])],
    ['isNull', isNull(c.n)],
    ['not(lt)', not(lt(c.n, 1))],
    ['not(between)', not(between(c.n, 1, 2))],
    ['not(beginsWith)', not(beginsWith(c.s, 'a'))],
    ['a pair under ne', ne(c.n, c.m)],
    ['a pair under not(lt)', not(lt(c.n, c.m))],
    ['and, if no member does', and(ne(c.n, 1), isNull(c.m))],
    ['or, if one member does not', or(eq(c.n, 1), isNull(c.m))],
    ['a static column under eq', eq(s.st, 1)],
    ['a static column under isNotNull', isNotNull(s.st)],
    ['a static column under oneOf', oneOf(s.st, [1, 2])],
    ['a static column under between', between(s.st, 1, 2)],
    ['a pair of static columns', eq(s.st, s.su)],
    ['or of a static and a regular column', or(eq(s.st, 1), eq(s.n, 1))],
    ['not(contains)', not(contains(k.tags, 'a'))],
    ['not(containsKey)', not(containsKey(k.limits, 'a'))],
    ['ne of a collection', ne(k.tags, new Set(['a']))],
    ['eq of an empty collection, which is isNull', eq(k.tags, new Set())],
    ['oneOf with an empty collection', oneOf(k.steps, [[], [1]])],
    ['ne of a size', ne(size(k.tags), 1)],
    ['noneOf of a size', noneOf(size(k.tags), [0, 1])],
    ['not(lt) of a size', not(lt(size(k.tags), 1))],
    ['two sizes under ne', ne(size(k.tags), size(k.labels))],
    ['a size and itself under ne', ne(size(k.tags), size(k.tags))],
    ['ne of an entry', ne(daily, 1)],
    ['isNull of an entry', isNull(daily)],
    ['noneOf of an entry', noneOf(daily, [1, 2])],
    ['ne of an item', ne(item(k.steps, 0), 1)],
    ['isNull of an item', isNull(item(k.steps, 0))],
    ['or of contains and of isNull', or(contains(k.tags, 'a'), isNull(k.n))],
    ['the constant true', noneOf(c.n, [])],
    ['a tautology of elements', or(eq(daily, 1), ne(daily, 1))],
  ];
  test.each(cases)('%s', (_, condition) => {
    expect(implies(condition)).toBe(false);
  });
});
