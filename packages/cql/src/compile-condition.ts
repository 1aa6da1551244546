import {
  type ColumnDefinition,
  type ConditionNode,
  type ConditionVisitor,
  describeCondition,
  scalarType,
  unsupported,
  visit,
} from '@onlyif/core';
import { prefixEnd } from './prefix-end.ts';

/** What stands behind a column in an `IF` clause. */
export type Relation = '= ?' | '!= ?' | '< ?' | '<= ?' | '> ?' | '>= ?' | 'IN ?' | '= null' | '!= null';

/** Takes the clauses of an `IF`, which CQL joins by AND and nothing else. */
export interface ClauseSink {
  clause(column: ColumnDefinition, relation: Relation, value?: unknown): void;
  /** A column of the table that a constant can be said of. */
  readonly anyColumn: ColumnDefinition;
}

/** Writes a normal form as clauses; throws `unsupported` for what `IF` cannot say. */
export function compileCondition(node: ConditionNode, sink: ClauseSink): void {
  visit(compilers, node, sink);
}

type Compile<N> = (node: N, sink: ClauseSink) => void;

function comparison(relation: Relation): Compile<Extract<ConditionNode, { readonly right: unknown }>> {
  return (node, sink) => {
    if (node.right.kind === 'column') throw cannotSay(node, 'compares two columns, and the right side of a CQL condition is a constant');
    sink.clause(node.left, relation, node.right.value);
  };
}

const compilers: ConditionVisitor<void, ClauseSink> = {
  eq: comparison('= ?'),
  ne: comparison('!= ?'),
  lt: comparison('< ?'),
  lte: comparison('<= ?'),
  gt: comparison('> ?'),
  gte: comparison('>= ?'),
  between: ({ left, low, high }, sink) => {
    sink.clause(left, '>= ?', low);
    sink.clause(left, '<= ?', high);
  },
  oneOf: ({ left, values }, sink) => sink.clause(left, 'IN ?', values),
  noneOf: ({ left, values }, sink) => {
    for (const value of values) sink.clause(left, '!= ?', value);
  },
  beginsWith: ({ left, prefix }, sink) => {
    sink.clause(left, '>= ?', prefix);
    const end = prefixEnd(scalarType(left.type).prefix ?? 'text', prefix as string | Uint8Array);
    if (end !== undefined) sink.clause(left, '< ?', end);
  },
  isNull: ({ left }, sink) => sink.clause(left, '= null'),
  isNotNull: ({ left }, sink) => sink.clause(left, '!= null'),
  and: ({ nodes }, sink) => {
    for (const node of nodes) compileCondition(node, sink);
  },
  or: (node) => {
    throw cannotSay(node, 'needs OR, which CQL conditions do not have');
  },
  not: (node) => {
    throw cannotSay(node, 'needs NOT, which CQL conditions do not have');
  },
  constant: ({ value }, sink) => {
    if (value) return;
    sink.clause(sink.anyColumn, '= null');
    sink.clause(sink.anyColumn, '!= null');
  },
};

function cannotSay(node: ConditionNode, why: string): Error {
  return unsupported(
    `The condition "${describeCondition(node)}" ${why} (CQL grammar: IF <column> <operator> <term> AND …).`,
    'split the statement, or keep a column that one comparison can decide on',
  );
}
