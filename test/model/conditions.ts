import {
  and,
  type AnyTable,
  type ColumnDefinition,
  type Condition,
  type ConditionNode,
  describeType,
  entry,
  isCollection,
  item,
  keyType,
  memberType,
  not,
  type Operand,
  or,
  size,
  valueType,
} from '@onlyif/core';
import * as core from '@onlyif/core';
import * as fc from 'fast-check';
import { operandDomain, scalarDomain } from './domains.ts';

/** A condition on one row, without its table's types. */
export type AnyCondition = Condition<string, string>;
type Operator = (operand: Operand, ...rest: readonly unknown[]) => AnyCondition;
type OperatorName = Exclude<ConditionNode['kind'], 'and' | 'or' | 'not' | 'constant'>;

/** The builders without the types of one table: columns and values are drawn together. */
const untyped = core as unknown as Readonly<Record<OperatorName, Operator>>;

function operator(...names: readonly OperatorName[]): fc.Arbitrary<Operator> {
  return fc.constantFrom(...names).map((name) => untyped[name]);
}

const maxDepth = 4;
const indexes = [0, 1, 3];

/** Columns, and what can be compared of them. */
export function operandsOf(table: AnyTable): readonly Operand[] {
  return [...table.regular, ...table.regular.flatMap(partsOf)];
}

function partsOf(column: ColumnDefinition): readonly Operand[] {
  const handle = column as never;
  const { type } = column;
  const sizes = isCollection(type) || type.kind === 'blob' ? [size(handle) as never] : [];
  if (type.kind === 'list') return [...sizes, ...indexes.map((index) => item(handle, index) as never)];
  if (type.kind === 'map') return [...sizes, ...scalarDomain(type.key.kind).map((key) => entry(handle, key as never) as never)];
  return sizes;
}

const valueFor = (operand: Operand): fc.Arbitrary<unknown> => fc.constantFrom(...operandDomain(operand));

/**
 * Any condition that the builders can make on a table, at most four junctions and negations deep. Many are one
 * comparison or an `and` of some: in larger ones the single comparison seldom decides.
 */
export function conditionsOn(table: AnyTable): fc.Arbitrary<AnyCondition> {
  const leaf = leavesOn(operandsOf(table));
  const some = (node: fc.Arbitrary<AnyCondition>): fc.Arbitrary<AnyCondition[]> => fc.array(node, { minLength: 1, maxLength: 3 });
  const { tree } = fc.letrec<{ tree: AnyCondition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth, depthSize: 'medium', withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      { weight: 2, arbitrary: some(tie('tree')).map((nodes) => and(...nodes)) },
      { weight: 2, arbitrary: some(tie('tree')).map((nodes) => or(...nodes)) },
      { weight: 1, arbitrary: tie('tree').map((node) => not(node)) },
    ),
  }));
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: leaf.map((node) => not(node)) },
    { weight: 2, arbitrary: some(leaf).map((nodes) => and(...nodes)) },
    { weight: 3, arbitrary: tree },
  );
}

function leavesOn(operands: readonly Operand[]): fc.Arbitrary<AnyCondition> {
  const comparable = operands.filter(({ type }) => valueType(type).comparable);
  const ordered = operands.filter(({ type }) => valueType(type).ordered);
  const prefixed = operands.filter(({ type }) => valueType(type).prefix !== undefined);
  const collections = operands.filter(({ kind, type }) => kind === 'column' && isCollection(type));
  const nullable = operands.filter(({ kind }) => kind !== 'size');
  return fc.oneof(
    ...leaf(nullable, (left) => operator('isNull', 'isNotNull').map((make) => make(left))),
    ...leaf(comparable, (left) => withValue(left, 'eq', 'ne')),
    ...leaf(comparable, membership),
    ...leaf(comparable, (left) => pair(left, comparable)),
    ...leaf(ordered, (left) => withValue(left, 'lt', 'lte', 'gt', 'gte')),
    ...leaf(ordered, range),
    ...leaf(prefixed, (left) => withValue(left, 'beginsWith')),
    ...leaf(collections, containment),
  );
}

/** One of the operands, then a condition on it; none where the table has no such operand. */
function leaf(operands: readonly Operand[], make: (left: Operand) => fc.Arbitrary<AnyCondition>): readonly fc.Arbitrary<AnyCondition>[] {
  if (operands.length === 0) return [];
  const kinds = [...new Set(operands.map(({ kind }) => kind))];
  // The kind first: a map alone has more entries to compare than the table has columns.
  const byKind = kinds.map((kind) => ({
    weight: kind === 'column' ? 4 : 1,
    arbitrary: fc.constantFrom(...operands.filter((operand) => operand.kind === kind)),
  }));
  return [fc.oneof(...byKind).chain(make)];
}

function withValue(left: Operand, ...names: readonly OperatorName[]): fc.Arbitrary<AnyCondition> {
  return fc.tuple(operator(...names), valueFor(left)).map(([make, value]) => make(left, value));
}

function range(left: Operand): fc.Arbitrary<AnyCondition> {
  return fc.tuple(operator('between'), valueFor(left), valueFor(left)).map(([make, low, high]) => make(left, low, high));
}

function membership(left: Operand): fc.Arbitrary<AnyCondition> {
  const values = fc.array(valueFor(left), { maxLength: 3 });
  return fc.tuple(operator('oneOf', 'noneOf'), values).map(([make, members]) => make(left, members));
}

/** Two operands of one type; also one and itself. */
function pair(left: Operand, operands: readonly Operand[]): fc.Arbitrary<AnyCondition> {
  const type = describeType(left.type);
  const names: readonly OperatorName[] = valueType(left.type).ordered ? ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] : ['eq', 'ne'];
  const rights = operands.filter((operand) => describeType(operand.type) === type);
  return fc.tuple(operator(...names), fc.constantFrom(...rights)).map(([make, right]) => make(left, right));
}

function containment(column: Operand): fc.Arbitrary<AnyCondition> {
  const isMap = column.type.kind === 'map';
  const { kind } = isMap ? keyType(column.type) : memberType(column.type);
  const member = fc.constantFrom(...scalarDomain(kind));
  return fc.tuple(operator(isMap ? 'containsKey' : 'contains'), member).map(([make, value]) => make(column, value));
}
