import { type ComparisonNode, type ConditionNode, type ConditionVisitor, visit } from './nodes.ts';
import { columnOfOperand, type Operand } from './operands.ts';

/** R1: whether a normal form can only hold on a live row, so that an update needs no further guard. */
export function impliesRow(node: ConditionNode): boolean {
  return visit(implications, node, undefined);
}

const implications: ConditionVisitor<boolean, undefined> = {
  eq: onRegular,
  ne: () => false,
  lt: onRegular,
  lte: onRegular,
  gt: onRegular,
  gte: onRegular,
  between: onRegularLeft,
  oneOf: onRegularLeft,
  noneOf: () => false,
  beginsWith: onRegularLeft,
  contains: onRegularLeft,
  containsKey: onRegularLeft,
  isNull: () => false,
  isNotNull: onRegularLeft,
  and: ({ nodes }) => nodes.some(impliesRow),
  or: ({ nodes }) => nodes.every(impliesRow),
  not: () => false,
  constant: ({ value }) => !value,
};

function isRegular(operand: Operand): boolean {
  return columnOfOperand(operand).role === 'regular';
}

function onRegularLeft({ left }: { readonly left: Operand }): boolean {
  return isRegular(left);
}

function onRegular({ left, right }: ComparisonNode): boolean {
  return isRegular(left) || (right.kind !== 'value' && isRegular(right));
}
