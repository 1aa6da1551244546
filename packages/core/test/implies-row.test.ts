import {
  and,
  beginsWith,
  between,
  type Condition,
  eq,
  evaluate,
  gt,
  gte,
  impliesRow,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  nodeOf,
  noneOf,
  normalise,
  not,
  oneOf,
  or,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { sample, shared } from './sample-table.ts';

const c = sample.columns;
const s = shared.columns;
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
    ['the constant false', oneOf(c.n, [])],
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
    ['the constant true', noneOf(c.n, [])],
  ];
  test.each(cases)('%s', (_, condition) => {
    expect(implies(condition)).toBe(false);
  });
});
