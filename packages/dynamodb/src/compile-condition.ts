import { type ColumnDefinition, type ConditionNode, type ConditionVisitor, visit } from '@onlyif/core';
import type { ExpressionWriter } from './expression-writer.ts';

/** Writes a normal form as a condition expression. */
export function compileCondition(node: ConditionNode, out: ExpressionWriter): void {
  visit(compilers, node, out);
}

type ComparisonLike = Extract<ConditionNode, { readonly right: unknown }>;

function comparison(symbol: string): (node: ComparisonLike, out: ExpressionWriter) => void {
  return ({ left, right }, out) => {
    out.operator();
    out.name(left);
    out.text(symbol);
    if (right.kind === 'column') out.name(right);
    else out.value(left, right.value);
  };
}

function call(name: string): (node: { readonly left: ColumnDefinition }, out: ExpressionWriter) => void {
  return ({ left }, out) => out.call(name, left);
}

/** IN takes 100 operands, the left one included: scylladb/scylladb test/alternator/test_limits.py, run against AWS. */
const maxMembers = 99;

function writeMembership(left: ColumnDefinition, values: readonly unknown[], out: ExpressionWriter): void {
  let members = 0;
  for (const value of values) {
    if (members === maxMembers) {
      out.text(')');
      out.operator(' OR ');
      members = 0;
    }
    if (members === 0) {
      out.operator();
      out.name(left);
    }
    out.text(members === 0 ? ' IN (' : ', ');
    out.value(left, value);
    members++;
  }
  out.text(')');
}

function grouped(out: ExpressionWriter, write: () => void): void {
  out.text('(');
  write();
  out.text(')');
}

/** `a OR b` inside AND, and `a AND b` inside OR. DynamoDB refuses doubled parentheses, so leaves get none. */
function writeMembers(symbol: ' AND ' | ' OR ', nodes: readonly ConditionNode[], out: ExpressionWriter): void {
  let first = true;
  for (const node of nodes) {
    if (!first) out.operator(symbol);
    writeMember(node, out);
    first = false;
  }
}

export function writeMember(node: ConditionNode, out: ExpressionWriter): void {
  if (node.kind === 'and' || node.kind === 'or' || isChunked(node)) grouped(out, () => compileCondition(node, out));
  else compileCondition(node, out);
}

function isChunked(node: ConditionNode): boolean {
  return node.kind === 'oneOf' && node.values.length > maxMembers;
}

const compilers: ConditionVisitor<void, ExpressionWriter> = {
  eq: comparison(' = '),
  ne: comparison(' <> '),
  lt: comparison(' < '),
  lte: comparison(' <= '),
  gt: comparison(' > '),
  gte: comparison(' >= '),
  between: ({ left, low, high }, out) => {
    out.operator();
    out.name(left);
    out.text(' BETWEEN ');
    out.value(left, low);
    out.text(' AND ');
    out.value(left, high);
  },
  oneOf: ({ left, values }, out) => writeMembership(left, values, out),
  noneOf: ({ left, values }, out) => {
    out.operator('NOT ');
    grouped(out, () => writeMembership(left, values, out));
  },
  beginsWith: ({ left, prefix }, out) => out.call('begins_with', left, prefix),
  isNull: call('attribute_not_exists'),
  isNotNull: call('attribute_exists'),
  and: ({ nodes }, out) => writeMembers(' AND ', nodes, out),
  or: ({ nodes }, out) => writeMembers(' OR ', nodes, out),
  not: ({ node }, out) => {
    out.operator('NOT ');
    grouped(out, () => compileCondition(node, out));
  },
  constant: ({ value }, out) => {
    out.call('attribute_exists', out.partitionKey);
    if (value) return;
    out.operator(' AND ');
    out.call('attribute_not_exists', out.partitionKey);
  },
};
