import type { ColumnDefinition, Row } from '../table/definition.ts';
import { compareBytes } from '../values/bytes.ts';
import { compareValues } from '../values/column-type.ts';
import { type ComparisonNode, type ConditionNode, type ConditionVisitor, visit } from './nodes.ts';

/**
 * Whether a row satisfies a condition, by the reference semantics: two-valued, and null is the one kind of missing.
 * An absent row is one whose columns are all null.
 */
export function evaluate(node: ConditionNode, row: Row | null): boolean {
  return visit(evaluators, node, row ?? emptyRow);
}

const emptyRow: Row = Object.freeze({});

const evaluators: ConditionVisitor<boolean, Row> = {
  eq: (node, row) => compared(node, row, (order) => order === 0, false),
  ne: (node, row) => compared(node, row, (order) => order !== 0, true),
  lt: (node, row) => compared(node, row, (order) => order < 0, false),
  lte: (node, row) => compared(node, row, (order) => order <= 0, false),
  gt: (node, row) => compared(node, row, (order) => order > 0, false),
  gte: (node, row) => compared(node, row, (order) => order >= 0, false),
  between: ({ left, low, high }, row) => {
    const value = valueIn(row, left);
    return value !== null && compareValues(left.type, low, value) <= 0 && compareValues(left.type, value, high) <= 0;
  },
  oneOf: ({ left, values }, row) => isMember(left, valueIn(row, left), values),
  noneOf: ({ left, values }, row) => !isMember(left, valueIn(row, left), values),
  beginsWith: ({ left, prefix }, row) => {
    const value = valueIn(row, left);
    return value !== null && hasPrefix(value, prefix);
  },
  isNull: ({ left }, row) => valueIn(row, left) === null,
  isNotNull: ({ left }, row) => valueIn(row, left) !== null,
  and: ({ nodes }, row) => nodes.every((node) => evaluate(node, row)),
  or: ({ nodes }, row) => nodes.some((node) => evaluate(node, row)),
  not: ({ node }, row) => !evaluate(node, row),
  constant: ({ value }) => value,
};

function valueIn(row: Row, column: ColumnDefinition): unknown {
  return row[column.name] ?? null;
}

function compared({ left, right }: ComparisonNode, row: Row, holds: (order: number) => boolean, onNull: boolean): boolean {
  const a = valueIn(row, left);
  const b = right.kind === 'value' ? right.value : valueIn(row, right);
  return a === null || b === null ? onNull : holds(compareValues(left.type, a, b));
}

function isMember(column: ColumnDefinition, value: unknown, values: readonly unknown[]): boolean {
  return value !== null && values.some((member) => compareValues(column.type, member, value) === 0);
}

function hasPrefix(value: unknown, prefix: unknown): boolean {
  if (typeof value === 'string') return value.startsWith(prefix as string);
  const [bytes, start] = [value as Uint8Array, prefix as Uint8Array];
  return compareBytes(bytes.subarray(0, start.length), start) === 0;
}
