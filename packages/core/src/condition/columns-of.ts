import type { ColumnDefinition } from '../table/definition.ts';
import { type ComparisonNode, type ConditionNode, type ConditionVisitor, visit } from './nodes.ts';
import { columnOfOperand, type Operand } from './operands.ts';

/** The columns that a condition reads, each once, in the order in which it names them. */
export function columnsOf(node: ConditionNode): readonly ColumnDefinition[] {
  const columns = new Set<ColumnDefinition>();
  eachColumn(node, (column) => columns.add(column));
  return [...columns];
}

type See = (column: ColumnDefinition) => void;

/** Shows every column as often as the condition names it. */
export function eachColumn(node: ConditionNode, see: See): void {
  visit(readers, node, see);
}

function left(node: { readonly left: Operand }, see: See): void {
  see(columnOfOperand(node.left));
}

function both(node: ComparisonNode, see: See): void {
  see(columnOfOperand(node.left));
  if (node.right.kind !== 'value') see(columnOfOperand(node.right));
}

function eachOfMembers({ nodes }: { readonly nodes: readonly ConditionNode[] }, see: See): void {
  for (const node of nodes) eachColumn(node, see);
}

const readers: ConditionVisitor<void, See> = {
  eq: both,
  ne: both,
  lt: both,
  lte: both,
  gt: both,
  gte: both,
  between: left,
  oneOf: left,
  noneOf: left,
  beginsWith: left,
  contains: left,
  containsKey: left,
  isNull: left,
  isNotNull: left,
  and: eachOfMembers,
  or: eachOfMembers,
  not: ({ node }, see) => eachColumn(node, see),
  constant: () => undefined,
};
