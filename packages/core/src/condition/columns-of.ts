import type { ColumnDefinition } from '../table/definition.ts';
import { type ComparisonNode, type ConditionNode, type ConditionVisitor, visit } from './nodes.ts';

const known = new WeakMap<ConditionNode, readonly ColumnDefinition[]>();

/** The columns that a condition reads, each once, in the order in which it names them. */
export function columnsOf(node: ConditionNode): readonly ColumnDefinition[] {
  let columns = known.get(node);
  if (columns === undefined) {
    const found = new Set<ColumnDefinition>();
    visit(collectors, node, found);
    known.set(node, (columns = Object.freeze([...found])));
  }
  return columns;
}

type Collector = (node: { readonly left: ColumnDefinition }, columns: Set<ColumnDefinition>) => void;

const left: Collector = (node, columns) => void columns.add(node.left);

function both(node: ComparisonNode, columns: Set<ColumnDefinition>): void {
  columns.add(node.left);
  if (node.right.kind === 'column') columns.add(node.right);
}

const collectors: ConditionVisitor<void, Set<ColumnDefinition>> = {
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
  isNull: left,
  isNotNull: left,
  and: ({ nodes }, columns) => nodes.forEach((node) => visit(collectors, node, columns)),
  or: ({ nodes }, columns) => nodes.forEach((node) => visit(collectors, node, columns)),
  not: ({ node }, columns) => visit(collectors, node, columns),
  constant: () => undefined,
};
