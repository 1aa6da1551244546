import {
  type ConditionNode,
  type ConditionVisitor,
  describeCondition,
  isCollection,
  keyType,
  memberType,
  type Operand,
  sameOperand,
  valueType,
  visit,
} from '@onlyif/core';
import type { ColumnDefinition, ColumnType, LWTError } from '@onlyif/core';
import type { CqlFeatures, Support } from './compiled.ts';
import { comparesByBytes } from './entry-comparator.ts';
import { prefixEnd } from './prefix-end.ts';

/** What stands behind a column in an `IF` clause. */
export type Relation = '= ?' | '!= ?' | '< ?' | '<= ?' | '> ?' | '>= ?' | 'IN ?' | '= null' | '!= null' | 'CONTAINS ?' | 'CONTAINS KEY ?';

/** Takes the clauses of an `IF`, which CQL joins by AND and nothing else. */
export interface ClauseSink {
  readonly features: CqlFeatures;
  /** A value is of the type given, or else of the operand's. */
  clause(operand: Operand, relation: Relation, value?: unknown, type?: ColumnType): void;
  /** A column of the table that a constant can be said of. */
  readonly anyColumn: ColumnDefinition;
  /** The refusal of what `IF` cannot say. */
  cannot(what: string, why: string): LWTError;
}

/** Writes a normal form as clauses; throws `unsupported` for what `IF` cannot say. */
export function compileCondition(node: ConditionNode, sink: ClauseSink): void {
  visit(compilers, node, sink);
}

type Compile<N> = (node: N, sink: ClauseSink) => void;
type Comparison = Extract<ConditionNode, { readonly right: unknown }>;
type Ordered = Extract<ConditionNode, { readonly kind: 'between' | 'beginsWith' }>;

function comparison(relation: Relation, ordered: boolean): Compile<Comparison> {
  return (node, sink) => {
    if (node.right.kind !== 'value')
      throw cannotSay(node, sink, 'compares two columns, and the right side of a CQL condition is a constant');
    checkOperand(node, node.left, ordered, sink);
    if (relation === '!= ?') checkInequality(node, node.left, sink);
    sink.clause(node.left, relation, node.right.value);
  };
}

/** Refuses operands that a column alone does not have, or that the server compares wrongly. */
function checkOperand(node: ConditionNode, operand: Operand, ordered: boolean, sink: ClauseSink): void {
  if (operand.kind === 'size') throw cannotSay(node, sink, 'needs size, which CQL conditions do not have');
  checkElement(node, operand, sink);
  if (operand.kind !== 'entry' || !sink.features.entriesByKeyComparator || comparesByBytes(operand.column.type, ordered)) return;
  throw cannotSay(node, sink, 'compares a map entry, for which Cassandra 4.0 to 5.0 uses the comparator of the keys');
}

function checkElement(node: ConditionNode, operand: Operand, sink: ClauseSink): void {
  if (operand.kind === 'entry' || operand.kind === 'item') checkSupport(node, sink.features.elements, sink);
}

function checkInequality(node: ConditionNode, operand: Operand, sink: ClauseSink): void {
  if (operand.kind === 'column' && isCollection(operand.type)) checkSupport(node, sink.features.collectionInequality, sink);
}

function checkSupport(node: ConditionNode, support: Support, sink: ClauseSink): void {
  if (support !== true) throw sink.cannot(`The condition "${describeCondition(node)}"`, support.why);
}

const compilers: ConditionVisitor<void, ClauseSink> = {
  eq: comparison('= ?', false),
  ne: comparison('!= ?', false),
  lt: comparison('< ?', true),
  lte: comparison('<= ?', true),
  gt: comparison('> ?', true),
  gte: comparison('>= ?', true),
  between: (node, sink) => {
    checkOrdered(node, sink);
    sink.clause(node.left, '>= ?', node.low);
    sink.clause(node.left, '<= ?', node.high);
  },
  oneOf: (node, sink) => {
    checkOperand(node, node.left, false, sink);
    checkSupport(node, sink.features.membership, sink);
    sink.clause(node.left, 'IN ?', node.values);
  },
  noneOf: (node, sink) => {
    checkOperand(node, node.left, false, sink);
    checkInequality(node, node.left, sink);
    for (const value of node.values) sink.clause(node.left, '!= ?', value);
  },
  beginsWith: (node, sink) => {
    checkOrdered(node, sink);
    sink.clause(node.left, '>= ?', node.prefix);
    const end = prefixEnd(valueType(node.left.type).prefix ?? 'text', node.prefix as string | Uint8Array);
    if (end !== undefined) sink.clause(node.left, '< ?', end);
  },
  contains: (node, sink) => {
    checkSupport(node, sink.features.contains, sink);
    sink.clause(node.left, 'CONTAINS ?', node.value, memberType(node.left.type));
  },
  containsKey: (node, sink) => {
    checkSupport(node, sink.features.contains, sink);
    sink.clause(node.left, 'CONTAINS KEY ?', node.key, keyType(node.left.type));
  },
  isNull: (node, sink) => {
    checkElement(node, node.left, sink);
    sink.clause(node.left, '= null');
  },
  isNotNull: (node, sink) => {
    checkElement(node, node.left, sink);
    checkSupport(node, sink.features.notNull, sink);
    sink.clause(node.left, '!= null');
  },
  and: ({ nodes }, sink) => {
    for (const node of nodes) compileCondition(node, sink);
  },
  or: (node, sink) => {
    const list = nullOrOneOf(node.nodes);
    if (list === undefined) throw cannotSay(node, sink, 'needs OR, which CQL conditions do not have');
    checkOperand(node, list.left, false, sink);
    checkSupport(node, sink.features.membership, sink);
    sink.clause(list.left, 'IN ?', [null, ...list.values]);
  },
  not: (node, sink) => {
    throw cannotSay(node, sink, 'needs NOT, which CQL conditions do not have');
  },
  constant: (node, sink) => {
    if (node.value) return;
    checkSupport(node, sink.features.notNull, sink);
    sink.clause(sink.anyColumn, '= null');
    sink.clause(sink.anyColumn, '!= null');
  },
};

function checkOrdered(node: Ordered, sink: ClauseSink): void {
  checkOperand(node, node.left, true, sink);
}

interface ValueList {
  readonly left: Operand;
  readonly values: readonly unknown[];
}

/** R11: `or(isNull(c), oneOf(c, vs))`, the usual condition for taking a lock, is `c IN (null, …)`. */
function nullOrOneOf(nodes: readonly ConditionNode[]): ValueList | undefined {
  const isNull = nodes.find((node) => node.kind === 'isNull');
  const [list] = nodes.flatMap(valuesOf);
  const both = nodes.length === 2 && isNull !== undefined && list !== undefined;
  return both && sameOperand(isNull.left, list.left) ? list : undefined;
}

function valuesOf(node: ConditionNode): readonly ValueList[] {
  if (node.kind === 'oneOf') return [node];
  return node.kind === 'eq' && node.right.kind === 'value' ? [{ left: node.left, values: [node.right.value] }] : [];
}

function cannotSay(node: ConditionNode, sink: ClauseSink, why: string): LWTError {
  return sink.cannot(`The condition "${describeCondition(node)}"`, `${why} (${sink.features.grammar})`);
}
