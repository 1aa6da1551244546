import { compareValues, keyType, memberType } from '../values/column-type.ts';
import type { ComparisonNode, ConditionNode, ConditionVisitor } from './nodes.ts';
import { visit } from './nodes.ts';
import { type Operand, sameOperand } from './operands.ts';

/** True where two conditions are the same, member by member and value by value. */
export function sameNode(a: ConditionNode, b: ConditionNode): boolean {
  return a === b || (a.kind === b.kind && visit(same, a, b));
}

const same: ConditionVisitor<boolean, ConditionNode> = {
  eq: sameComparison,
  ne: sameComparison,
  lt: sameComparison,
  lte: sameComparison,
  gt: sameComparison,
  gte: sameComparison,
  between: (a, other) => {
    const b = other as typeof a;
    return sameOperand(a.left, b.left) && sameValue(a.left, a.low, b.low) && sameValue(a.left, a.high, b.high);
  },
  oneOf: (a, other) => sameOperand(a.left, (other as typeof a).left) && sameValues(a.left, a.values, (other as typeof a).values),
  noneOf: (a, other) => sameOperand(a.left, (other as typeof a).left) && sameValues(a.left, a.values, (other as typeof a).values),
  beginsWith: (a, other) => sameOperand(a.left, (other as typeof a).left) && sameValue(a.left, a.prefix, (other as typeof a).prefix),
  contains: (a, other) =>
    a.left === (other as typeof a).left && compareValues(memberType(a.left.type), a.value, (other as typeof a).value) === 0,
  containsKey: (a, other) =>
    a.left === (other as typeof a).left && compareValues(keyType(a.left.type), a.key, (other as typeof a).key) === 0,
  isNull: (a, other) => sameOperand(a.left, (other as typeof a).left),
  isNotNull: (a, other) => sameOperand(a.left, (other as typeof a).left),
  and: (a, other) => sameNodes(a.nodes, (other as typeof a).nodes),
  or: (a, other) => sameNodes(a.nodes, (other as typeof a).nodes),
  not: (a, other) => sameNode(a.node, (other as typeof a).node),
  constant: (a, other) => a.value === (other as typeof a).value,
};

function sameComparison(a: ComparisonNode, other: ConditionNode): boolean {
  const b = other as ComparisonNode;
  if (!sameOperand(a.left, b.left)) return false;
  if (a.right.kind === 'value' || b.right.kind === 'value') {
    return a.right.kind === 'value' && b.right.kind === 'value' && sameValue(a.left, a.right.value, b.right.value);
  }
  return sameOperand(a.right, b.right);
}

function sameValue(operand: Operand, a: unknown, b: unknown): boolean {
  return compareValues(operand.type, a, b) === 0;
}

function sameValues(operand: Operand, a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => sameValue(operand, value, b[i]));
}

function sameNodes(a: readonly ConditionNode[], b: readonly ConditionNode[]): boolean {
  return a.length === b.length && a.every((node, i) => sameNode(node, b[i] as ConditionNode));
}
