import { compareValues } from '../values/column-type.ts';
import { always, comparisonNode, junctionNode, listNode, never, notNode, nullNode, valueNode } from './factories.ts';
import { gather } from './gather.ts';
import {
  type BetweenNode,
  type ComparisonNode,
  type ConditionNode,
  type ConditionVisitor,
  type Junction,
  type NoneOfNode,
  type OneOfNode,
  visit,
} from './nodes.ts';
import { type Operand, sameOperand } from './operands.ts';

/**
 * The normal form of a condition: negations pushed to the leaves where that is exact, constants folded,
 * `and` and `or` flattened, without repetition, contradictions and tautologies.
 * It means the same on every row, null or not.
 */
export function normalise(node: ConditionNode): ConditionNode {
  return visit(normalForm, node, undefined);
}

const normalForm: ConditionVisitor<ConditionNode, undefined> = {
  eq: (node) => foldPair(node, (operand) => nullNode('isNotNull', operand)),
  ne: (node) => foldPair(node, (operand) => nullNode('isNull', operand)),
  lt: (node) => foldPair(node, () => never),
  gt: (node) => foldPair(node, () => never),
  lte: (node) => foldPair(node, (operand) => nullNode('isNotNull', operand)),
  gte: (node) => foldPair(node, (operand) => nullNode('isNotNull', operand)),
  between: foldBetween,
  oneOf: foldList,
  noneOf: foldList,
  beginsWith: (node) => ((node.prefix as { length: number }).length === 0 ? nullNode('isNotNull', node.left) : node),
  contains: (node) => node,
  containsKey: (node) => node,
  isNull: (node) => (node.left.kind === 'size' ? nullNode('isNull', node.left.column) : node),
  isNotNull: (node) => (node.left.kind === 'size' ? nullNode('isNotNull', node.left.column) : node),
  and: (node) => normaliseJunction(node),
  or: (node) => normaliseJunction(node),
  not: (written) => {
    const result = negate(normalise(written.node));
    return result.kind === 'not' && result.node === written.node ? written : result;
  },
  constant: (node) => (node.value ? always : never),
};

function normaliseJunction(node: Junction): ConditionNode {
  const normal: ConditionNode[] = [];
  let isNormal = true;
  // V8 walks frozen arrays by for…of far faster than by map.
  for (const member of node.nodes) {
    const form = normalise(member);
    isNormal &&= form === member;
    normal.push(form);
  }
  return isNormal && isFlatOnOneColumnEach(normal) ? node : gather(node.kind, node, normal);
}

/** The usual condition: constants compared with columns, each once. Its members can neither repeat nor contradict each other. */
function isFlatOnOneColumnEach(nodes: readonly ConditionNode[]): boolean {
  if (nodes.length < 2) return false;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as ConditionNode;
    if (!('left' in node) || node.left.kind !== 'column') return false;
    if ('right' in node && node.right.kind !== 'value') return false;
    for (let j = 0; j < i; j++) if ((nodes[j] as { left?: unknown }).left === node.left) return false;
  }
  return true;
}

function foldPair(node: ComparisonNode, ofItself: (operand: Operand) => ConditionNode): ConditionNode {
  return node.right.kind !== 'value' && sameOperand(node.left, node.right) ? normalise(ofItself(node.left)) : node;
}

function foldBetween(node: BetweenNode): ConditionNode {
  const order = compareValues(node.left.type, node.low, node.high);
  if (order > 0) return never;
  return order === 0 ? compare('eq', node.left, node.low) : node;
}

/** Of no value, `oneOf` is false and `noneOf` true; of one they are `eq` and `ne`. */
function foldList(node: OneOfNode | NoneOfNode): ConditionNode {
  const { kind, left, values } = node;
  const kept = distinct(left, values);
  if (kept.length === 0) return kind === 'oneOf' ? never : always;
  if (kept.length === 1) return compare(kind === 'oneOf' ? 'eq' : 'ne', left, kept[0]);
  return kept.length === values.length ? node : listNode(kind, left, kept);
}

function distinct(left: Operand, values: readonly unknown[]): readonly unknown[] {
  const kept: unknown[] = [];
  for (const value of values) if (!kept.some((other) => compareValues(left.type, other, value) === 0)) kept.push(value);
  return kept;
}

function compare(kind: ComparisonNode['kind'], left: Operand, value: unknown): ConditionNode {
  return comparisonNode(kind, left, valueNode(value));
}

function gatherNew(kind: 'and' | 'or', nodes: readonly ConditionNode[]): ConditionNode {
  return gather(kind, junctionNode(kind, nodes), nodes);
}

const negate = (node: ConditionNode): ConditionNode => visit(negated, node, undefined);

/** The negation of a normal form. Orderings stay under `not`: `not(lt(c, v))` is true on null, `gte(c, v)` is not. */
const negated: ConditionVisitor<ConditionNode, undefined> = {
  eq: (node) => comparisonNode('ne', node.left, node.right),
  ne: (node) => comparisonNode('eq', node.left, node.right),
  lt: (node) => notNode(node),
  lte: (node) => notNode(node),
  gt: (node) => notNode(node),
  gte: (node) => notNode(node),
  between: (node) =>
    gatherNew('or', [normalise(nullNode('isNull', node.left)), compare('lt', node.left, node.low), compare('gt', node.left, node.high)]),
  oneOf: (node) => listNode('noneOf', node.left, node.values),
  noneOf: (node) => listNode('oneOf', node.left, node.values),
  beginsWith: (node) => notNode(node),
  contains: (node) => notNode(node),
  containsKey: (node) => notNode(node),
  isNull: (node) => nullNode('isNotNull', node.left),
  isNotNull: (node) => nullNode('isNull', node.left),
  and: (node) => gatherNew('or', node.nodes.map(negate)),
  or: (node) => gatherNew('and', node.nodes.map(negate)),
  not: (node) => node.node,
  constant: (node) => (node.value ? never : always),
};
