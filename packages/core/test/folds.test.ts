import {
  and,
  beginsWith,
  between,
  type Condition,
  contains,
  containsKey,
  entry,
  eq,
  gt,
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
import { always, never } from '../src/condition/factories.ts';
import { shelf } from './collections-table.ts';
import { sample } from './sample-table.ts';

const c = sample.columns;
const k = shelf.columns;
type Any = Condition<string, string>;
type Pair = readonly [name: string, written: Any, normal: Any];
const daily = entry(k.limits, 'daily');
const moment = (): Date => new Date(5);

describe('R9 lists of one operand are joined', () => {
  const joined: readonly Pair[] = [
    ['or of eq → oneOf', or(eq(c.n, 1), eq(c.n, 2)), oneOf(c.n, [1, 2])],
    ['or of eq and oneOf → the union', or(eq(c.n, 3), oneOf(c.n, [1, 3, 2])), oneOf(c.n, [3, 1, 2])],
    ['or of three', or(eq(c.n, 1), isNull(c.n), eq(c.n, 2)), or(oneOf(c.n, [1, 2]), isNull(c.n))],
    ['or of or', or(eq(c.n, 1), or(eq(c.n, 2), eq(c.m, 1))), or(oneOf(c.n, [1, 2]), eq(c.m, 1))],
    ['or of ne and noneOf → what both forbid', or(noneOf(c.n, [1, 2]), noneOf(c.n, [2, 3])), ne(c.n, 2)],
    ['or of noneOf → the intersection', or(noneOf(c.n, [1, 2, 3]), noneOf(c.n, [3, 2])), noneOf(c.n, [2, 3])],
    ['and of ne → noneOf', and(ne(c.n, 1), ne(c.n, 2)), noneOf(c.n, [1, 2])],
    ['and of noneOf → the union', and(noneOf(c.n, [1, 2]), noneOf(c.n, [2, 3])), noneOf(c.n, [1, 2, 3])],
    ['and of oneOf → the intersection', and(oneOf(c.n, [1, 2, 3]), oneOf(c.n, [2, 3, 4])), oneOf(c.n, [2, 3])],
    ['and of oneOf and eq → eq', and(oneOf(c.n, [1, 2]), eq(c.n, 2)), eq(c.n, 2)],
    ['by value: moments', or(eq(c.at, moment()), oneOf(c.at, [moment(), new Date(6)])), oneOf(c.at, [moment(), new Date(6)])],
    ['by value: decimals', and(ne(c.d, '1.0'), ne(c.d, '1.00')), ne(c.d, '1')],
    ['of a set', or(eq(k.tags, new Set(['a'])), eq(k.tags, new Set(['b']))), oneOf(k.tags, [new Set(['a']), new Set(['b'])])],
    ['of a size', or(eq(size(k.tags), 1), eq(size(k.tags), 2)), oneOf(size(k.tags), [1, 2])],
    ['of an entry', or(eq(daily, 1), eq(entry(k.limits, 'daily'), 2)), oneOf(daily, [1, 2])],
    [
      'of an entry whose key is a moment',
      and(ne(entry(k.times, moment()), '1'), ne(entry(k.times, moment()), '2')),
      noneOf(entry(k.times, moment()), ['1', '2']),
    ],
    ['of an item', and(ne(item(k.steps, 0), 1), ne(item(k.steps, 0), 2)), noneOf(item(k.steps, 0), [1, 2])],
    ['under not', not(or(eq(c.n, 1), eq(c.n, 2))), noneOf(c.n, [1, 2])],
    ['and gathered from De Morgan', not(and(ne(c.n, 1), ne(c.n, 2))), oneOf(c.n, [1, 2])],
    [
      'what not(between) leaves stands flat in an or',
      or(eq(c.m, 1), not(between(c.n, 1, 5))),
      or(eq(c.m, 1), isNull(c.n), lt(c.n, 1), gt(c.n, 5)),
    ],
    ['a repetition of it falls away', or(isNull(c.n), not(between(c.n, 1, 5))), or(isNull(c.n), lt(c.n, 1), gt(c.n, 5))],
  ];
  test.each(joined)('%s', (_, written, normal) => {
    expect(normalise(nodeOf(written))).toEqual(nodeOf(normal));
  });

  const apart: readonly (readonly [name: string, condition: Any])[] = [
    ['two columns', or(eq(c.n, 1), eq(c.m, 1))],
    ['two entries', or(eq(daily, 1), eq(entry(k.limits, 'hourly'), 1))],
    ['two items', or(eq(item(k.steps, 0), 1), eq(item(k.steps, 1), 1))],
    ['a set and its size', or(eq(k.tags, new Set(['a'])), eq(size(k.tags), 1))],
    ['the sizes of two sets', or(eq(size(k.tags), 1), eq(size(k.labels), 1))],
    ['two members of a set', and(contains(k.tags, 'a'), contains(k.tags, 'b'))],
    ['two keys of a map', and(containsKey(k.limits, 'a'), containsKey(k.limits, 'b'))],
    ['pairs', or(eq(c.n, c.m), eq(c.n, 1))],
    ['an equality and a list of what is forbidden', and(oneOf(c.n, [1, 2]), ne(c.n, 1))],
  ];
  test.each(apart)('apart stay %s', (_, condition) => {
    expect(normalise(nodeOf(condition))).toBe(nodeOf(condition));
  });
});

describe('R10 contradictions in and, tautologies in or', () => {
  const constants: readonly (readonly [name: string, written: Any, value: boolean])[] = [
    ['two values of one column', and(eq(c.n, 1), eq(c.n, 2)), false],
    ['lists without a common value', and(oneOf(c.n, [1, 2]), oneOf(c.n, [3, 4])), false],
    ['a value that is forbidden', and(eq(c.n, 1), ne(c.n, 1)), false],
    ['values that are all forbidden', and(noneOf(c.n, [1, 2, 3]), oneOf(c.n, [1, 2])), false],
    ['isNull and isNotNull', and(isNull(c.n), isNotNull(c.n)), false],
    ['isNull and eq', and(isNull(c.n), eq(c.n, 1)), false],
    ['isNull and lt', and(lt(c.n, 1), isNull(c.n)), false],
    ['isNull and between', and(isNull(c.n), between(c.n, 1, 2)), false],
    ['isNull and oneOf', and(oneOf(c.n, [1, 2]), isNull(c.n)), false],
    ['isNull and beginsWith', and(isNull(c.s), beginsWith(c.s, 'a')), false],
    ['isNull and contains', and(isNull(k.tags), contains(k.tags, 'a')), false],
    ['isNull and containsKey', and(containsKey(k.limits, 'a'), isNull(k.limits)), false],
    ['isNull and a pair under eq', and(isNull(c.n), eq(c.n, c.m)), false],
    ['isNull and eq of an entry', and(isNull(daily), eq(daily, 1)), false],
    ['an ordering and its not', and(lt(c.n, 1), not(lt(c.n, 1))), false],
    ['contains and its not', and(not(contains(k.tags, 'a')), contains(k.tags, 'a')), false],
    ['a pair and its not', and(eq(c.n, c.m), ne(c.n, c.m)), false],
    ['at a distance', and(eq(c.n, 1), isNotNull(c.s), ne(c.n, 1)), false],
    ['isNull or isNotNull', or(isNull(c.n), isNotNull(c.n)), true],
    ['a value and all others', or(eq(c.n, 1), ne(c.n, 1)), true],
    ['values and all others', or(oneOf(c.n, [1, 2, 3]), noneOf(c.n, [1, 2])), true],
    ['what two forbid, and share not', or(ne(c.n, 1), ne(c.n, 2)), true],
    ['lists that share nothing forbidden', or(noneOf(c.n, [1, 2]), noneOf(c.n, [3, 4])), true],
    ['an ordering or its not', or(lte(c.n, 1), not(lte(c.n, 1))), true],
    ['a prefix or its not', or(not(beginsWith(c.s, 'a')), beginsWith(c.s, 'a')), true],
    ['containsKey or its not', or(containsKey(k.limits, 'a'), not(containsKey(k.limits, 'a'))), true],
    ['a pair or its not', or(ne(c.n, c.m), eq(c.n, c.m)), true],
    ['not of a contradiction', not(and(eq(c.n, 1), eq(c.n, 2))), true],
    ['an item and itself under lt', lt(item(k.steps, 0), item(k.steps, 0)), false],
    ['a size and itself under gt', gt(size(k.tags), size(k.tags)), false],
    ['by value', and(eq(c.at, moment()), ne(c.at, moment())), false],
    ['entries whose keys are equal moments', and(isNull(entry(k.times, moment())), isNotNull(entry(k.times, moment()))), false],
  ];
  test.each(constants)('%s → %s', (_, written, value) => {
    expect(normalise(nodeOf(written))).toBe(value ? always : never);
  });

  const open: readonly (readonly [name: string, condition: Any])[] = [
    ['isNull and ne, which is true on null', and(isNull(c.n), ne(c.n, 1))],
    ['isNull and not(lt)', and(isNull(c.n), not(lt(c.n, 1)))],
    ['an ordering or the not of another', or(lt(c.n, 1), not(lt(c.n, 2)))],
    ['some values and all others but one', or(eq(c.n, 1), noneOf(c.n, [1, 2]))],
    ['isNull of a map and isNotNull of an entry, which no fold decides', and(isNull(k.limits), isNotNull(daily))],
    ['a pair turned round', or(eq(c.n, c.m), ne(c.m, c.n))],
  ];
  test.each(open)('not folded: %s', (_, condition) => {
    expect(normalise(nodeOf(condition))).toBe(nodeOf(condition));
  });
});

describe('R9 operands and themselves, and the null of a size', () => {
  const folds: readonly Pair[] = [
    ['isNull of what eq(size, size) becomes', ne(size(k.tags), size(k.tags)), isNull(k.tags)],
    ['eq(size, size) → isNotNull of the column', eq(size(k.tags), size(k.tags)), isNotNull(k.tags)],
    ['eq(entry, entry) → isNotNull of it', eq(daily, entry(k.limits, 'daily')), isNotNull(daily)],
    ['ne(item, item) → isNull of it', ne(item(k.steps, 1), item(k.steps, 1)), isNull(item(k.steps, 1))],
    ['between of one size → eq', between(size(k.tags), 2, 2), eq(size(k.tags), 2)],
    ['the empty collection under eq → isNull', eq(k.tags, new Set<string>()), isNull(k.tags)],
    ['the empty collection under ne → isNotNull', ne(k.steps, []), isNotNull(k.steps)],
    ['an empty collection among oneOf', oneOf(k.steps, [[], [1]]), or(isNull(k.steps), eq(k.steps, [1]))],
    ['an empty collection among noneOf', noneOf(k.steps, [[1], []]), and(isNotNull(k.steps), ne(k.steps, [1]))],
    ['only empty ones', oneOf(k.limits, [new Map<string, number>()]), isNull(k.limits)],
  ];
  test.each(folds)('%s', (_, written, normal) => {
    expect(normalise(nodeOf(written))).toEqual(nodeOf(normal));
  });
});
