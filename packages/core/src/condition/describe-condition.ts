import { describeValue } from '../values/check-value.ts';
import { type ComparisonNode, type ConditionNode, type ConditionVisitor, type ExistsNode, type NotExistsNode, visit } from './nodes.ts';
import type { Operand } from './operands.ts';

/** A condition in words, for messages and logs; not a language that anything parses. */
export function describeCondition(node: ConditionNode | ExistsNode | NotExistsNode): string {
  if (node.kind === 'exists') return 'the row exists';
  if (node.kind === 'notExists') return 'the row does not exist';
  return visit(descriptions, node, undefined);
}

function comparison(symbol: string): (node: ComparisonNode) => string {
  return ({ left, right }) =>
    `${describeOperand(left)} ${symbol} ${right.kind === 'value' ? describeValue(right.value) : describeOperand(right)}`;
}

function describeOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'column':
      return operand.name;
    case 'size':
      return `size(${operand.column.name})`;
    case 'entry':
      return `${operand.column.name}[${describeValue(operand.key)}]`;
    case 'item':
      return `${operand.column.name}[${operand.index}]`;
  }
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
  between: ({ left, low, high }) => `${describeOperand(left)} between ${describeValue(low)} and ${describeValue(high)}`,
  oneOf: ({ left, values }) => `${describeOperand(left)} in ${list(values)}`,
  noneOf: ({ left, values }) => `${describeOperand(left)} not in ${list(values)}`,
  beginsWith: ({ left, prefix }) => `${describeOperand(left)} begins with ${describeValue(prefix)}`,
  contains: ({ left, value }) => `${left.name} contains ${describeValue(value)}`,
  containsKey: ({ left, key }) => `${left.name} contains the key ${describeValue(key)}`,
  isNull: ({ left }) => `${describeOperand(left)} is null`,
  isNotNull: ({ left }) => `${describeOperand(left)} is not null`,
  and: ({ nodes }) => nodes.map(grouped).join(' and '),
  or: ({ nodes }) => nodes.map(grouped).join(' or '),
  not: ({ node }) => `not (${describeCondition(node)})`,
  constant: ({ value }) => String(value),
};
