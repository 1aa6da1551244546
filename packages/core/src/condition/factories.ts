import type { ColumnDefinition } from '../table/definition.ts';
import {
  type BeginsWithNode,
  type BetweenNode,
  type ComparisonNode,
  conditionBrand,
  type ConditionNode,
  type ContainsKeyNode,
  type ContainsNode,
  type ConstantNode,
  type ExistsNode,
  type NotExistsNode,
  type NotNode,
  type Operand,
  type ValueNode,
} from './nodes.ts';

// Nodes are made here and nowhere else. The casts hold because each factory writes the literal that its type names.
// Their lists are frozen: walk them by for…of, for V8 runs forEach, filter, some and slice of a frozen array ten times slower.

export function valueNode(value: unknown): ValueNode {
  return Object.freeze({ kind: 'value', value });
}

export function comparisonNode(kind: ComparisonNode['kind'], left: Operand, right: ValueNode | Operand): ComparisonNode {
  return Object.freeze({ [conditionBrand]: true, kind, left, right }) as ComparisonNode;
}

export function betweenNode(left: Operand, low: unknown, high: unknown): BetweenNode {
  return Object.freeze({ [conditionBrand]: true, kind: 'between', left, low, high }) as BetweenNode;
}

export function listNode(kind: 'oneOf' | 'noneOf', left: Operand, values: readonly unknown[]): ConditionNode {
  return Object.freeze({ [conditionBrand]: true, kind, left, values: Object.freeze(values) }) as ConditionNode;
}

export function beginsWithNode(left: Operand, prefix: unknown): BeginsWithNode {
  return Object.freeze({ [conditionBrand]: true, kind: 'beginsWith', left, prefix }) as BeginsWithNode;
}

export function containsNode(left: ColumnDefinition, value: unknown): ContainsNode {
  return Object.freeze({ [conditionBrand]: true, kind: 'contains', left, value }) as ContainsNode;
}

export function containsKeyNode(left: ColumnDefinition, key: unknown): ContainsKeyNode {
  return Object.freeze({ [conditionBrand]: true, kind: 'containsKey', left, key }) as ContainsKeyNode;
}

export function nullNode(kind: 'isNull' | 'isNotNull', left: Operand): ConditionNode {
  return Object.freeze({ [conditionBrand]: true, kind, left }) as ConditionNode;
}

export function junctionNode(kind: 'and' | 'or', nodes: readonly ConditionNode[]): Extract<ConditionNode, { kind: 'and' | 'or' }> {
  return Object.freeze({ [conditionBrand]: true, kind, nodes: Object.freeze(nodes) }) as never;
}

export function notNode(node: ConditionNode): NotNode {
  return Object.freeze({ [conditionBrand]: true, kind: 'not', node }) as NotNode;
}

function constantNode(value: boolean): ConstantNode {
  return Object.freeze({ [conditionBrand]: true, kind: 'constant', value }) as ConstantNode;
}

/** The two constants; there are no others. */
export const always: ConstantNode = constantNode(true);
export const never: ConstantNode = constantNode(false);

export const existsNode: ExistsNode = Object.freeze({ [conditionBrand]: true, kind: 'exists' }) as ExistsNode;
export const notExistsNode: NotExistsNode = Object.freeze({ [conditionBrand]: true, kind: 'notExists' }) as NotExistsNode;
