import { columnOfOperand, type ConditionNode, type ConditionVisitor, keyType, memberType, type Operand, visit } from '@onlyif/core';
import type { ColumnDefinition } from '@onlyif/core';
import type { ExpressionWriter } from './expression-writer.ts';
import { mapKey } from './encode-value.ts';

/** Writes a normal form as a condition expression. */
export function compileCondition(node: ConditionNode, out: ExpressionWriter): void {
  visit(compilers, node, out);
}

type Comparison = Extract<ConditionNode, { readonly right: unknown }>;

/** A comparison, with what must hold beside it for the size of null to compare as null does (R8). */
function comparison(symbol: string): (node: Comparison, out: ExpressionWriter) => void {
  return (node, out) => {
    if (hasSize(node)) {
      for (const column of sizedIn(node)) {
        writePresence(column, out);
        out.operator(' AND ');
      }
    }
    writeComparison(node, symbol, out);
  };
}

function writeComparison({ left, right }: Comparison, symbol: string, out: ExpressionWriter): void {
  out.operator();
  out.operand(left);
  out.text(symbol);
  if (right.kind === 'value') out.value(columnOfOperand(left), right.value, left.type);
  else out.operand(right);
}

function hasSize({ left, right }: Comparison): boolean {
  return left.kind === 'size' || right.kind === 'size';
}

function sizedIn({ left, right }: Comparison): readonly ColumnDefinition[] {
  return [left, right].flatMap((side) => (side.kind === 'size' ? [side.column] : []));
}

/** R15: an empty list or map that others stored is null, as an absent one is. */
function writePresence(column: ColumnDefinition, out: ExpressionWriter): void {
  out.call('attribute_exists', column);
  if (column.type.kind !== 'list' && column.type.kind !== 'map') return;
  out.operator(' AND ');
  writeSize(column, ' > ', out);
}

function writeSize(column: ColumnDefinition, symbol: ' > ' | ' = ', out: ExpressionWriter): void {
  out.operator();
  out.call('size', column);
  out.text(symbol);
  out.value(column, 0, { kind: 'int' });
}

/** R15: a stored NULL attribute, as other writers make it, is null as well. */
function writeIsNullType(operand: Operand, out: ExpressionWriter): void {
  out.call('attribute_type', operand, 'NULL', { kind: 'text' });
}

/** IN takes 100 operands, the left one included: scylladb/scylladb test/alternator/test_limits.py, run against AWS. */
const maxMembers = 99;

function writeMembership(left: Operand, values: readonly unknown[], out: ExpressionWriter): void {
  const column = columnOfOperand(left);
  for (let i = 0; i < values.length; i++) {
    if (i % maxMembers === 0) {
      if (i > 0) out.text(')');
      if (i > 0) out.operator(' OR ');
      out.operator();
      out.operand(left);
      out.text(' IN (');
    } else out.text(', ');
    out.value(column, values[i], left.type);
  }
  out.text(')');
}

function grouped(out: ExpressionWriter, write: () => void): void {
  out.text('(');
  write();
  out.text(')');
}

function writeMembers(symbol: ' AND ' | ' OR ', nodes: readonly ConditionNode[], out: ExpressionWriter): void {
  let isFirst = true;
  for (const node of nodes) {
    if (!isFirst) out.operator(symbol);
    isFirst = false;
    writeMember(node, out);
  }
}

/** Groups what holds an AND or OR of its own. DynamoDB refuses doubled parentheses, so leaves get none. */
export function writeMember(node: ConditionNode, out: ExpressionWriter): void {
  if (isCompound(node)) grouped(out, () => compileCondition(node, out));
  else compileCondition(node, out);
}

function isCompound(node: ConditionNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return true;
  if (node.kind === 'oneOf') return node.values.length > maxMembers || node.left.kind === 'size';
  if (node.kind === 'between') return node.left.kind === 'size';
  if (node.kind === 'isNull' || node.kind === 'isNotNull') return true;
  return 'right' in node && node.kind !== 'ne' && hasSize(node);
}

function emptiesToNull(operand: Operand): boolean {
  return operand.kind === 'column' && (operand.type.kind === 'list' || operand.type.kind === 'map');
}

function writeNot(out: ExpressionWriter, write: () => void): void {
  out.operator('NOT ');
  grouped(out, write);
}

/** A membership or range of a size, which null has none of. */
function ofPresent(left: Operand, out: ExpressionWriter, write: () => void): void {
  if (left.kind !== 'size') return write();
  writePresence(left.column, out);
  out.operator(' AND ');
  grouped(out, write);
}

const equal = comparison(' = ');

const compilers: ConditionVisitor<void, ExpressionWriter> = {
  eq: equal,
  ne: (node, out) => {
    if (hasSize(node)) writeNot(out, () => equal(node, out));
    else writeComparison(node, ' <> ', out);
  },
  lt: comparison(' < '),
  lte: comparison(' <= '),
  gt: comparison(' > '),
  gte: comparison(' >= '),
  between: ({ left, low, high }, out) =>
    ofPresent(left, out, () => {
      out.operator();
      out.operand(left);
      out.text(' BETWEEN ');
      out.value(columnOfOperand(left), low, left.type);
      out.text(' AND ');
      out.value(columnOfOperand(left), high, left.type);
    }),
  oneOf: ({ left, values }, out) => ofPresent(left, out, () => writeMembership(left, values, out)),
  noneOf: ({ left, values }, out) => writeNot(out, () => ofPresent(left, out, () => writeMembership(left, values, out))),
  beginsWith: ({ left, prefix }, out) => out.call('begins_with', left, prefix),
  contains: ({ left, value }, out) => out.call('contains', left, value, memberType(left.type)),
  containsKey: ({ left, key }, out) => {
    mapKey(left, String(key));
    out.call('attribute_exists', { kind: 'entry', column: left as never, key, type: keyType(left.type) });
  },
  isNull: ({ left }, out) => {
    out.call('attribute_not_exists', left);
    out.operator(' OR ');
    writeIsNullType(left, out);
    if (!emptiesToNull(left)) return;
    out.operator(' OR ');
    writeSize(columnOfOperand(left), ' = ', out);
  },
  isNotNull: ({ left }, out) => {
    if (emptiesToNull(left)) return writePresence(columnOfOperand(left), out);
    out.call('attribute_exists', left);
    out.operator(' AND ');
    writeNot(out, () => writeIsNullType(left, out));
  },
  and: ({ nodes }, out) => writeMembers(' AND ', nodes, out),
  or: ({ nodes }, out) => writeMembers(' OR ', nodes, out),
  not: ({ node }, out) => writeNot(out, () => compileCondition(node, out)),
  constant: ({ value }, out) => {
    out.call('attribute_exists', out.partitionKey);
    if (value) return;
    out.operator(' AND ');
    out.call('attribute_not_exists', out.partitionKey);
  },
};
