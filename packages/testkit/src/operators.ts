import {
  and,
  beginsWith,
  between,
  type ColumnDefinition,
  type Condition,
  eq,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  noneOf,
  not,
  oneOf,
  or,
  type ScalarKind,
  scalarTypes,
} from '@onlyif/core';
import { samples } from './samples.ts';

/** A condition on one row, without its table's types. */
export type AnyCondition = Condition<string, string>;
type Unary = (column: ColumnDefinition) => AnyCondition;
type Binary = (column: ColumnDefinition, right: unknown) => AnyCondition;
type Ternary = (column: ColumnDefinition, low: unknown, high: unknown) => AnyCondition;

/** The builders without the types of one table: the suite goes over all columns. */
export const untyped = { eq, ne, lt, lte, gt, gte, between, oneOf, noneOf, isNull, isNotNull, beginsWith } as unknown as {
  readonly [N in 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'oneOf' | 'noneOf' | 'beginsWith']: Binary;
} & { readonly [N in 'isNull' | 'isNotNull']: Unary } & { readonly between: Ternary };

export interface NamedCondition {
  readonly name: string;
  readonly condition: AnyCondition;
}

/** Every operator on column `a` of a type, with `middle` as its operand; `b` is a second column of the type. */
export function conditionsOn(
  kind: ScalarKind,
  a: ColumnDefinition,
  b: ColumnDefinition,
  other: ColumnDefinition,
): readonly NamedCondition[] {
  const conditions = [...nullTests(a)];
  if (scalarTypes[kind].comparable) conditions.push(...equalities(kind, a, b, other));
  if (scalarTypes[kind].ordered) conditions.push(...orderings(kind, a, b));
  if (scalarTypes[kind].prefix !== undefined) conditions.push(...prefixes(kind, a));
  return conditions.map(([name, condition]) => ({ name, condition }));
}

type Named = readonly [name: string, condition: AnyCondition];

function nullTests(a: ColumnDefinition): readonly Named[] {
  const { isNull: isNullOf, isNotNull: isNotNullOf } = untyped;
  return [
    ['isNull', isNullOf(a)],
    ['isNotNull', isNotNullOf(a)],
    ['not(isNull)', not(isNullOf(a))],
    ['not(isNotNull)', not(isNotNullOf(a))],
    ['and(isNull, isNotNull)', and(isNullOf(a), isNotNullOf(a))],
    ['or(isNull, isNotNull)', or(isNullOf(a), isNotNullOf(a))],
  ];
}

function equalities(kind: ScalarKind, a: ColumnDefinition, b: ColumnDefinition, other: ColumnDefinition): readonly Named[] {
  const { low, middle, high } = samples[kind];
  const u = untyped;
  return [
    ['eq', u.eq(a, middle)],
    ['ne', u.ne(a, middle)],
    ['not(eq)', not(u.eq(a, middle))],
    ['not(ne)', not(u.ne(a, middle))],
    ['oneOf of one', u.oneOf(a, [middle])],
    ['oneOf', u.oneOf(a, [low, middle, low])],
    ['oneOf of none', u.oneOf(a, [])],
    ['not(oneOf)', not(u.oneOf(a, [low, middle]))],
    ['noneOf', u.noneOf(a, [middle, high])],
    ['noneOf of none', u.noneOf(a, [])],
    ['not(noneOf)', not(u.noneOf(a, [middle, high]))],
    ['and(ne, isNotNull)', and(u.ne(a, middle), u.isNotNull(a))],
    ['and(ne, isNull of another)', and(u.ne(a, middle), u.isNull(other))],
    ['or(eq, isNull)', or(u.eq(a, middle), u.isNull(a))],
    ['not(and(eq, isNull of another))', not(and(u.eq(a, middle), u.isNull(other)))],
    ['not(or(eq, isNull))', not(or(u.eq(a, middle), u.isNull(a)))],
    ['eq of two columns', u.eq(a, b)],
    ['ne of two columns', u.ne(a, b)],
    ['not(eq of two columns)', not(u.eq(a, b))],
    ['eq of itself', u.eq(a, a)],
    ['ne of itself', u.ne(a, a)],
  ];
}

function orderings(kind: ScalarKind, a: ColumnDefinition, b: ColumnDefinition): readonly Named[] {
  const { low, middle, high } = samples[kind];
  const u = untyped;
  return [
    ['lt', u.lt(a, middle)],
    ['lte', u.lte(a, middle)],
    ['gt', u.gt(a, middle)],
    ['gte', u.gte(a, middle)],
    ['not(lt)', not(u.lt(a, middle))],
    ['not(gte)', not(u.gte(a, middle))],
    ['between', u.between(a, middle, high)],
    ['between of one', u.between(a, middle, middle)],
    ['between upside down', u.between(a, high, low)],
    ['not(between)', not(u.between(a, middle, high))],
    ['and(gte, lt)', and(u.gte(a, low), u.lt(a, high))],
    ['lt of two columns', u.lt(a, b)],
    ['gte of two columns', u.gte(a, b)],
    ['not(lt of two columns)', not(u.lt(a, b))],
    ['lte of itself', u.lte(a, a)],
    ['gt of itself', u.gt(a, a)],
  ];
}

function prefixes(kind: ScalarKind, a: ColumnDefinition): readonly Named[] {
  const { middle, prefix } = samples[kind];
  const empty = typeof middle === 'string' ? '' : new Uint8Array();
  return [
    ['beginsWith', untyped.beginsWith(a, prefix)],
    ['beginsWith of itself', untyped.beginsWith(a, middle)],
    ['beginsWith nothing', untyped.beginsWith(a, empty)],
    ['not(beginsWith)', not(untyped.beginsWith(a, prefix))],
  ];
}
