import { type ComparisonNode, type ConditionNode, type ConditionVisitor, visit } from './nodes.ts';

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
  between: ({ left }) => left.role === 'regular',
  oneOf: ({ left }) => left.role === 'regular',
  noneOf: () => false,
  beginsWith: ({ left }) => left.role === 'regular',
  isNull: () => false,
  isNotNull: ({ left }) => left.role === 'regular',
  and: ({ nodes }) => nodes.some(impliesRow),
  or: ({ nodes }) => nodes.every(impliesRow),
  not: () => false,
  constant: ({ value }) => !value,
};

function onRegular({ left, right }: ComparisonNode): boolean {
  return left.role === 'regular' || (right.kind === 'column' && right.role === 'regular');
}
