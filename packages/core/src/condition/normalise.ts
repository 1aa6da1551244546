import { compareValues } from '../values/column-type.ts';
import { always, comparisonNode, junctionNode, listNode, never, notNode, nullNode, valueNode } from './factories.ts';
import {
  type BetweenNode,
  type ComparisonNode,
  type ConditionNode,
  type ConditionVisitor,
  type ConstantNode,
  type Operand,
  visit,
} from './nodes.ts';
import { sameNode } from './same-node.ts';

/**
 * The normal form of a condition: negations pushed to the leaves where that is exact, constants folded,
 * `and` and `or` flattened and without repetition. It means the same on every row, null or not.
 */
export function normalise(node: ConditionNode): ConditionNode {
  return visit(normalForm, node, undefined);
}

const normalForm: ConditionVisitor<ConditionNode, undefined> = {
  eq: (node) => foldPair(node, (column) => nullNode('isNotNull', column)),
  ne: (node) => foldPair(node, (column) => nullNode('isNull', column)),
  lt: (node) => foldPair(node, () => never),
  gt: (node) => foldPair(node, () => never),
  lte: (node) => foldPair(node, (column) => nullNode('isNotNull', column)),
  gte: (node) => foldPair(node, (column) => nullNode('isNotNull', column)),
  between: foldBetween,
  oneOf: (node) => {
    const values = distinct(node.left, node.values);
    if (values.length === 0) return never;
    if (values.length === 1) return compare('eq', node.left, values[0]);
    return values.length === node.values.length ? node : listNode('oneOf', node.left, values);
  },
  noneOf: (node) => {
    const values = distinct(node.left, node.values);
    if (values.length === 0) return always;
    if (values.length === 1) return compare('ne', node.left, values[0]);
    return values.length === node.values.length ? node : listNode('noneOf', node.left, values);
  },
  beginsWith: (node) => ((node.prefix as { length: number }).length === 0 ? nullNode('isNotNull', node.left) : node),
  isNull: (node) => node,
  isNotNull: (node) => node,
  and: (node) => gather('and', node, never, always, normalise),
  or: (node) => gather('or', node, always, never, normalise),
  not: (node) => negate(normalise(node.node)),
  constant: (node) => (node.value ? always : never),
};

function foldPair(node: ComparisonNode, ofItself: (column: Operand) => ConditionNode): ConditionNode {
  return node.right === node.left ? ofItself(node.left) : node;
}

function foldBetween(node: BetweenNode): ConditionNode {
  const order = compareValues(node.left.type, node.low, node.high);
  if (order > 0) return never;
  return order === 0 ? compare('eq', node.left, node.low) : node;
}

function distinct(left: Operand, values: readonly unknown[]): readonly unknown[] {
  const kept: unknown[] = [];
  for (const value of values) if (!kept.some((other) => compareValues(left.type, other, value) === 0)) kept.push(value);
  return kept;
}

function compare(kind: ComparisonNode['kind'], left: Operand, value: unknown): ConditionNode {
  return comparisonNode(kind, left, valueNode(value));
}

type Junction = Extract<ConditionNode, { readonly kind: 'and' | 'or' }>;

/** `and` and `or` of members made normal: `absorbing` decides alone, `neutral` members fall away. */
function gather(
  kind: Junction['kind'],
  node: Junction,
  absorbing: ConstantNode,
  neutral: ConstantNode,
  normalOf: (member: ConditionNode) => ConditionNode,
): ConditionNode {
  const nodes: ConditionNode[] = [];
  let changed = false;
  for (const member of node.nodes) {
    const normal = normalOf(member);
    changed ||= normal !== member || normal.kind === kind;
    if (normal === absorbing) return absorbing;
    for (const part of normal.kind === kind ? normal.nodes : [normal]) {
      if (part !== neutral && !nodes.some((other) => sameNode(other, part))) nodes.push(part);
    }
  }
  const [only] = nodes;
  if (only === undefined) return neutral;
  if (nodes.length === 1) return only;
  return changed || nodes.length !== node.nodes.length ? junctionNode(kind, nodes) : node;
}

/** The normal form of the negation of a normal form. */
function negate(normal: ConditionNode): ConditionNode {
  return visit(negated, normal, undefined);
}

/** Orderings stay under `not`: `not(lt(c, v))` is true on null, `gte(c, v)` is not. */
const negated: ConditionVisitor<ConditionNode, undefined> = {
  eq: (node) => comparisonNode('ne', node.left, node.right),
  ne: (node) => comparisonNode('eq', node.left, node.right),
  lt: (node) => notNode(node),
  lte: (node) => notNode(node),
  gt: (node) => notNode(node),
  gte: (node) => notNode(node),
  between: (node) =>
    junctionNode('or', [nullNode('isNull', node.left), compare('lt', node.left, node.low), compare('gt', node.left, node.high)]),
  oneOf: (node) => listNode('noneOf', node.left, node.values),
  noneOf: (node) => listNode('oneOf', node.left, node.values),
  beginsWith: (node) => notNode(node),
  isNull: (node) => nullNode('isNotNull', node.left),
  isNotNull: (node) => nullNode('isNull', node.left),
  and: (node) => gather('or', node, always, never, negate),
  or: (node) => gather('and', node, never, always, negate),
  not: (node) => node.node,
  constant: (node) => (node.value ? never : always),
};
