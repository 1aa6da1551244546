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
  normalise,
  not,
  oneOf,
  or,
  size,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { always, junctionNode, never, notNode } from '../src/condition/factories.ts';
import { sample } from './sample-table.ts';

const c = sample.columns;
type Any = Condition<'sample', string>;
type Pair = readonly [name: string, written: Any, normal: Any];

describe('R9 exact identities', () => {
  const identities: readonly Pair[] = [
    ['not(isNull) = isNotNull', not(isNull(c.n)), isNotNull(c.n)],
    ['not(isNotNull) = isNull', not(isNotNull(c.n)), isNull(c.n)],
    ['not(oneOf) = noneOf', not(oneOf(c.n, [1, 2])), noneOf(c.n, [1, 2])],
    ['not(noneOf) = oneOf', not(noneOf(c.n, [1, 2])), oneOf(c.n, [1, 2])],
    ['not(eq) = ne', not(eq(c.n, 1)), ne(c.n, 1)],
    ['not(ne) = eq', not(ne(c.n, 1)), eq(c.n, 1)],
    ['not(eq) of a pair = ne of it', not(eq(c.n, c.m)), ne(c.n, c.m)],
    ['not(ne) of a pair = eq of it', not(ne(c.n, c.m)), eq(c.n, c.m)],
    ['not(not(lt)) = lt', not(not(lt(c.n, 1))), lt(c.n, 1)],
    ['De Morgan of and', not(and(eq(c.n, 1), isNull(c.m))), or(ne(c.n, 1), isNotNull(c.m))],
    ['De Morgan of or', not(or(eq(c.n, 1), isNull(c.m))), and(ne(c.n, 1), isNotNull(c.m))],
    ['De Morgan, nested', not(and(eq(c.n, 1), or(eq(c.n, 2), lt(c.m, 3)))), or(ne(c.n, 1), and(ne(c.n, 2), not(lt(c.m, 3))))],
    ['not(between) = null, less or greater', not(between(c.n, 1, 5)), or(isNull(c.n), lt(c.n, 1), gt(c.n, 5))],
    ['not(between) of one value = ne', not(between(c.n, 1, 1)), ne(c.n, 1)],
    [
      'not(between) of a size = null, smaller or larger',
      not(between(size(c.b), 1, 5)),
      or(isNull(c.b), lt(size(c.b), 1), gt(size(c.b), 5)),
    ],
  ];
  test.each(identities)('%s', (_, written, normal) => {
    expect(normalise(nodeOf(written))).toEqual(nodeOf(normal));
  });
});

describe('R9 not flippable: true on null, which the flipped ordering is not', () => {
  const kept: readonly (readonly [name: string, condition: Any])[] = [
    ['not(lt)', not(lt(c.n, 1))],
    ['not(lte)', not(lte(c.n, 1))],
    ['not(gt)', not(gt(c.n, 1))],
    ['not(gte)', not(gte(c.n, 1))],
    ['not(beginsWith)', not(beginsWith(c.s, 'a'))],
    ['not(lt) of a pair', not(lt(c.n, c.m))],
    ['not(lte) of a pair', not(lte(c.n, c.m))],
    ['not(gt) of a pair', not(gt(c.n, c.m))],
    ['not(gte) of a pair', not(gte(c.n, c.m))],
  ];
  test.each(kept)('%s stays', (_, condition) => {
    const normal = normalise(nodeOf(condition));
    expect(normal).toEqual(nodeOf(condition));
    expect(evaluate(normal, null)).toBe(true);
  });
});

describe('R9, R10 folds', () => {
  const folds: readonly Pair[] = [
    ['eq(a, a) → isNotNull', eq(c.n, c.n), isNotNull(c.n)],
    ['ne(a, a) → isNull', ne(c.n, c.n), isNull(c.n)],
    ['lte(a, a) → isNotNull', lte(c.n, c.n), isNotNull(c.n)],
    ['gte(a, a) → isNotNull', gte(c.n, c.n), isNotNull(c.n)],
    ['not(eq(a, a)) → isNull', not(eq(c.n, c.n)), isNull(c.n)],
    ['oneOf of one → eq', oneOf(c.n, [1]), eq(c.n, 1)],
    ['noneOf of one → ne', noneOf(c.n, [1]), ne(c.n, 1)],
    ['oneOf without repetition', oneOf(c.n, [1, 2, 1]), oneOf(c.n, [1, 2])],
    ['oneOf of decimals without repetition by value', oneOf(c.d, ['1.0', '1.00']), eq(c.d, '1')],
    ['noneOf of moments without repetition by value', noneOf(c.at, [new Date(1), new Date(1)]), ne(c.at, new Date(1))],
    ['between of one value → eq', between(c.n, 3, 3), eq(c.n, 3)],
    ['the empty prefix → isNotNull', beginsWith(c.s, ''), isNotNull(c.s)],
    ['the empty prefix of bytes → isNotNull', beginsWith(c.b, new Uint8Array()), isNotNull(c.b)],
    ['not of the empty prefix → isNull', not(beginsWith(c.s, '')), isNull(c.s)],
  ];
  test.each(folds)('%s', (_, written, normal) => {
    expect(normalise(nodeOf(written))).toEqual(nodeOf(normal));
  });

  const constants: readonly (readonly [name: string, written: Any, value: boolean])[] = [
    ['lt(a, a)', lt(c.n, c.n), false],
    ['gt(a, a)', gt(c.n, c.n), false],
    ['not(lt(a, a))', not(lt(c.n, c.n)), true],
    ['oneOf of none', oneOf(c.n, []), false],
    ['noneOf of none', noneOf(c.n, []), true],
    ['between upside down', between(c.n, 5, 1), false],
    ['not(between) upside down', not(between(c.n, 5, 1)), true],
    ['false in and', and(eq(c.n, 1), oneOf(c.m, [])), false],
    ['true in or', or(eq(c.n, 1), noneOf(c.m, [])), true],
    ['true alone in and', and(noneOf(c.n, []), noneOf(c.m, [])), true],
    ['false alone in or', or(oneOf(c.n, []), oneOf(c.m, [])), false],
    ['not(false in and)', not(and(eq(c.n, 1), oneOf(c.m, []))), true],
  ];
  test.each(constants)('%s → %s', (_, written, value) => {
    expect(normalise(nodeOf(written))).toBe(value ? always : never);
  });
});

describe('flattening and repetition', () => {
  const cases: readonly Pair[] = [
    ['and of and', and(eq(c.n, 1), and(eq(c.m, 2), isNull(c.s))), and(eq(c.n, 1), eq(c.m, 2), isNull(c.s))],
    ['or of or', or(or(eq(c.n, 1), eq(c.m, 2)), isNull(c.s)), or(eq(c.n, 1), eq(c.m, 2), isNull(c.s))],
    ['and of not of or', and(eq(c.n, 1), not(or(eq(c.m, 2), isNull(c.s)))), and(eq(c.n, 1), ne(c.m, 2), isNotNull(c.s))],
    ['a member twice', and(eq(c.n, 1), eq(c.m, 2), eq(c.n, 1)), and(eq(c.n, 1), eq(c.m, 2))],
    ['flattening and a repetition that even out in number', and(and(eq(c.n, 1), eq(c.m, 2)), eq(c.m, 2)), and(eq(c.n, 1), eq(c.m, 2))],
    ['a member twice by value', or(eq(c.at, new Date(1)), eq(c.at, new Date(1))), eq(c.at, new Date(1))],
    ['one member', and(eq(c.n, 1)), eq(c.n, 1)],
    ['true falls out of and', and(noneOf(c.n, []), eq(c.m, 1)), eq(c.m, 1)],
    ['false falls out of or', or(oneOf(c.n, []), eq(c.m, 1)), eq(c.m, 1)],
    ['or in and stays', and(eq(c.n, 1), or(isNull(c.m), lt(c.m, 5))), and(eq(c.n, 1), or(isNull(c.m), lt(c.m, 5)))],
    ['a different operator is not a repetition', and(lt(c.n, 1), lte(c.n, 1)), and(lt(c.n, 1), lte(c.n, 1))],
    ['a different column is not a repetition', and(eq(c.n, 1), eq(c.m, 1)), and(eq(c.n, 1), eq(c.m, 1))],
  ];
  test.each(cases)('%s', (_, written, normal) => {
    expect(normalise(nodeOf(written))).toEqual(nodeOf(normal));
  });

  const normal: readonly (readonly [name: string, condition: Any])[] = [
    ['and, or, isNull, eq and oneOf', and(eq(c.n, 1), or(isNull(c.m), oneOf(c.m, [1, 2])))],
    ['noneOf', noneOf(c.n, [1, 2])],
    ['not of an ordering', not(lt(c.n, 1))],
    ['not of a prefix, beside a pair', and(not(beginsWith(c.s, 'a')), eq(c.n, c.m))],
    ['between and orderings of a size', or(between(size(c.b), 1, 2), gt(size(c.b), 5))],
    ['ne and isNotNull', and(ne(c.n, 1), isNotNull(c.n))],
  ];
  test.each(normal)('a normal form is given back as it is, not copied: %s', (_, condition) => {
    expect(normalise(nodeOf(condition))).toBe(nodeOf(condition));
  });
  test('so is one that was folded', () => {
    const once = normalise(nodeOf(and(not(between(c.n, 1, 5)), or(eq(c.m, 1), eq(c.m, 2)), noneOf(c.s, ['a', 'a', 'b']))));
    expect(normalise(once)).toBe(once);
  });
});

test('a condition nested 300 deep with alternating not, and, or takes well under a second', () => {
  let written = nodeOf(eq(c.n, 0));
  for (let depth = 1; depth <= 300; depth++) {
    const beside = nodeOf(depth % 2 === 0 ? ne(c.n, depth) : eq(c.m, depth));
    // Through the factories: the builders refuse what nests so deep.
    written = notNode(junctionNode(depth % 2 === 0 ? 'and' : 'or', [written, beside]));
  }
  const started = performance.now();
  const normal = normalise(written);
  expect(performance.now() - started).toBeLessThan(1000);
  for (const row of [null, { n: 0, m: 1 }, { n: 2, m: 300 }]) expect(evaluate(normal, row)).toBe(evaluate(written, row));
});
