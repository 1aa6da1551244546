import { describeValue } from '../values/check-value.ts';
import { type ComparisonNode, type ConditionNode, type ConditionVisitor, type ExistsNode, type NotExistsNode, visit } from './nodes.ts';

/** A condition in words, for messages and logs; not a language that anything parses. */
export function describeCondition(node: ConditionNode | ExistsNode | NotExistsNode): string {
  if (node.kind === 'exists') return 'the row exists';
  if (node.kind === 'notExists') return 'the row does not exist';
  return visit(descriptions, node, undefined);
}

function comparison(symbol: string): (node: ComparisonNode) => string {
  return ({ left, right }) => `${left.name} ${symbol} ${right.kind === 'value' ? describeValue(right.value) : right.name}`;
}

function list(values: readonly unknown[]): string {
  return `(${values.map(describeValue).join(', ')})`;
}

function grouped(node: ConditionNode): string {
  const text = describeCondition(node);
  return node.kind === 'and' || node.kind === 'or' ? `(${text})` : text;
}

const descriptions: ConditionVisitor<string, undefined> = {
  eq: comparison('='),
  ne: comparison('!='),
  lt: comparison('<'),
  lte: comparison('<='),
  gt: comparison('>'),
  gte: comparison('>='),
  between: ({ left, low, high }) => `${left.name} between ${describeValue(low)} and ${describeValue(high)}`,
  oneOf: ({ left, values }) => `${left.name} in ${list(values)}`,
  noneOf: ({ left, values }) => `${left.name} not in ${list(values)}`,
  beginsWith: ({ left, prefix }) => `${left.name} begins with ${describeValue(prefix)}`,
  isNull: ({ left }) => `${left.name} is null`,
  isNotNull: ({ left }) => `${left.name} is not null`,
  and: ({ nodes }) => nodes.map(grouped).join(' and '),
  or: ({ nodes }) => nodes.map(grouped).join(' or '),
  not: ({ node }) => `not (${describeCondition(node)})`,
  constant: ({ value }) => String(value),
};
