import type { Row } from '../table/definition.ts';
import { compareBytes } from '../values/bytes.ts';
import { type ColumnType, compareValues, keyType, memberType } from '../values/column-type.ts';
import { type ComparisonNode, type ConditionNode, type ConditionVisitor, visit } from './nodes.ts';
import { operandValue } from './operands.ts';

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
    const value = operandValue(left, row);
    return value !== null && compareValues(left.type, low, value) <= 0 && compareValues(left.type, value, high) <= 0;
  },
  oneOf: ({ left, values }, row) => isMember(left.type, operandValue(left, row), values),
  noneOf: ({ left, values }, row) => !isMember(left.type, operandValue(left, row), values),
  beginsWith: ({ left, prefix }, row) => {
    const value = operandValue(left, row);
    return value !== null && hasPrefix(value, prefix);
  },
  contains: ({ left, value }, row) => {
    const members = operandValue(left, row) as Iterable<unknown> | null;
    return members !== null && isMember(memberType(left.type), value, [...members]);
  },
  containsKey: ({ left, key }, row) => {
    const map = operandValue(left, row) as ReadonlyMap<unknown, unknown> | null;
    return map !== null && isMember(keyType(left.type), key, [...map.keys()]);
  },
  isNull: ({ left }, row) => operandValue(left, row) === null,
  isNotNull: ({ left }, row) => operandValue(left, row) !== null,
  and: ({ nodes }, row) => nodes.every((node) => evaluate(node, row)),
  or: ({ nodes }, row) => nodes.some((node) => evaluate(node, row)),
  not: ({ node }, row) => !evaluate(node, row),
  constant: ({ value }) => value,
};

function compared({ left, right }: ComparisonNode, row: Row, holds: (order: number) => boolean, onNull: boolean): boolean {
  const a = operandValue(left, row);
  const b = right.kind === 'value' ? right.value : operandValue(right, row);
  return a === null || b === null ? onNull : holds(compareValues(left.type, a, b));
}

function isMember(type: ColumnType, value: unknown, values: readonly unknown[]): boolean {
  return value !== null && values.some((member) => compareValues(type, member, value) === 0);
}

function hasPrefix(value: unknown, prefix: unknown): boolean {
  if (typeof value === 'string') return value.startsWith(prefix as string);
  const [bytes, start] = [value as Uint8Array, prefix as Uint8Array];
  return compareBytes(bytes.subarray(0, start.length), start) === 0;
}
