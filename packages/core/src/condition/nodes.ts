import type { ColumnDefinition } from '../table/definition.ts';
import type { Operand } from './operands.ts';

export type { EntryOperand, ItemOperand, Operand, SizeOperand } from './operands.ts';

/** Marks a condition node, so that it is not taken for a record of equalities (a table may have a column named `kind`). */
export const conditionBrand: unique symbol = Symbol.for('onlyif.condition') as never;

/** A constant, canonical and never null. */
export interface ValueNode {
  readonly kind: 'value';
  readonly value: unknown;
}

interface Branded {
  readonly [conditionBrand]: true;
}

interface Comparison extends Branded {
  readonly left: Operand;
  readonly right: ValueNode | Operand;
}

export interface EqNode extends Comparison {
  readonly kind: 'eq';
}
export interface NeNode extends Comparison {
  readonly kind: 'ne';
}
export interface LtNode extends Comparison {
  readonly kind: 'lt';
}
export interface LteNode extends Comparison {
  readonly kind: 'lte';
}
export interface GtNode extends Comparison {
  readonly kind: 'gt';
}
export interface GteNode extends Comparison {
  readonly kind: 'gte';
}
/** `low <= left <= high`; false where low > high. */
export interface BetweenNode extends Branded {
  readonly kind: 'between';
  readonly left: Operand;
  readonly low: unknown;
  readonly high: unknown;
}
export interface OneOfNode extends Branded {
  readonly kind: 'oneOf';
  readonly left: Operand;
  readonly values: readonly unknown[];
}
export interface NoneOfNode extends Branded {
  readonly kind: 'noneOf';
  readonly left: Operand;
  readonly values: readonly unknown[];
}
export interface BeginsWithNode extends Branded {
  readonly kind: 'beginsWith';
  readonly left: Operand;
  readonly prefix: unknown;
}
/** A list or set has a member. */
export interface ContainsNode extends Branded {
  readonly kind: 'contains';
  readonly left: ColumnDefinition;
  readonly value: unknown;
}
/** A map has a key. */
export interface ContainsKeyNode extends Branded {
  readonly kind: 'containsKey';
  readonly left: ColumnDefinition;
  readonly key: unknown;
}
export interface IsNullNode extends Branded {
  readonly kind: 'isNull';
  readonly left: Operand;
}
export interface IsNotNullNode extends Branded {
  readonly kind: 'isNotNull';
  readonly left: Operand;
}
export interface AndNode extends Branded {
  readonly kind: 'and';
  readonly nodes: readonly ConditionNode[];
}
export interface OrNode extends Branded {
  readonly kind: 'or';
  readonly nodes: readonly ConditionNode[];
}
export interface NotNode extends Branded {
  readonly kind: 'not';
  readonly node: ConditionNode;
}
/** What folding leaves where the columns do not matter. */
export interface ConstantNode extends Branded {
  readonly kind: 'constant';
  readonly value: boolean;
}

/** A condition on the columns of one row, as frozen data. */
export type ConditionNode =
  | EqNode
  | NeNode
  | LtNode
  | LteNode
  | GtNode
  | GteNode
  | BetweenNode
  | OneOfNode
  | NoneOfNode
  | BeginsWithNode
  | ContainsNode
  | ContainsKeyNode
  | IsNullNode
  | IsNotNullNode
  | AndNode
  | OrNode
  | NotNode
  | ConstantNode;

/** The row is there. Stands alone as the whole `if`. */
export interface ExistsNode extends Branded {
  readonly kind: 'exists';
}
/** The row is not there. Stands alone as the whole `if`. */
export interface NotExistsNode extends Branded {
  readonly kind: 'notExists';
}

export type Junction = AndNode | OrNode;
export type ComparisonNode = EqNode | NeNode | LtNode | LteNode | GtNode | GteNode;

/** One function a kind: a new kind does not build until every table of this type has placed it. */
export type ConditionVisitor<Result, Context> = {
  readonly [K in ConditionNode['kind']]: (node: Extract<ConditionNode, { readonly kind: K }>, context: Context) => Result;
};

export function visit<Result, Context>(visitor: ConditionVisitor<Result, Context>, node: ConditionNode, context: Context): Result {
  return visitor[node.kind](node as never, context);
}
