import { invalidStatement, LWTError } from '../errors.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import { checkAs } from '../values/check-value.ts';
import { type ColumnType, describeType, valueType } from '../values/column-type.ts';
import { columnOfOperand, type Operand } from './operands.ts';

export function isOperand(value: unknown): value is Operand {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const { kind } = value as Operand;
  return kind === 'column' || kind === 'size' || kind === 'entry' || kind === 'item';
}

/** A non-key column: what a condition, a size, an entry or an item is made of. */
export function checkColumn(operator: string, value: unknown): asserts value is ColumnDefinition {
  if (!isOperand(value) || value.kind !== 'column')
    throw invalidStatement(`${operator}(…) takes a column of a table, such as table.columns.version.`);
  if (value.role === 'partition' || value.role === 'clustering') {
    throw invalidStatement(`${value.table}.${value.name} is a key column: the key is already given, so it cannot stand in a condition.`);
  }
}

/** What `isNull` and `isNotNull` take: a column, an entry or an item. */
export function checkNullable(operator: string, value: unknown): asserts value is Operand {
  if (!isOperand(value)) throw invalidStatement(`${operator}(…) takes a column of a table first, such as table.columns.version.`);
  if (value.kind === 'size') throw invalidStatement(`${operator}: say it of ${value.column.name} itself; the size of null is null.`);
  checkColumn(operator, columnOfOperand(value));
}

export function checkOperand(operator: string, value: unknown, ordered: boolean): asserts value is Operand {
  if (!isOperand(value)) throw invalidStatement(`${operator}(…) takes a column of a table first, such as table.columns.version.`);
  const column = columnOfOperand(value);
  if (column.role === 'partition' || column.role === 'clustering') checkColumn(operator, column);
  const type = valueType(value.type);
  if (type.comparable && (type.ordered || !ordered)) return;
  const name = `${column.table}.${column.name}`;
  if (!type.comparable)
    throw invalidStatement(`${operator}: ${name} is ${describeType(value.type)}; its conditions are isNull and isNotNull.`);
  if (ordered && !type.ordered)
    throw invalidStatement(`${operator}: ${name} is ${describeType(value.type)}, which has no order that all databases share.`);
}

/** The right side of a comparison where it is an operand too. */
export function checkPair(operator: string, left: Operand, right: Operand): Operand {
  checkOperand(operator, right, false);
  const [a, b] = [columnOfOperand(left), columnOfOperand(right)];
  if (a.table !== b.table) throw invalidStatement(`${operator}: ${a.table}.${a.name} and ${b.table}.${b.name} belong to different tables.`);
  const [typeA, typeB] = [describeType(left.type), describeType(right.type)];
  if (typeA === typeB) return right;
  throw invalidStatement(`${operator}: ${a.table}.${a.name} is ${typeA} and ${b.name} is ${typeB}; both sides need one type.`);
}

/** A constant to compare an operand with. */
export function checkConstant(operator: string, operand: Operand, value: unknown, type: ColumnType = operand.type): unknown {
  const column = columnOfOperand(operand);
  if (value !== null) return checkAs(column, type, value);
  const instead = operator === 'ne' || operator === 'noneOf' ? 'isNotNull' : 'isNull';
  throw new LWTError(
    'invalid-value',
    `${operator}(${column.table}.${column.name}, null): say ${instead}(${column.name}); null is compared with isNull and isNotNull only.`,
  );
}

export function checkConstants(operator: string, operand: Operand, values: unknown): readonly unknown[] {
  const { table, name } = columnOfOperand(operand);
  if (!Array.isArray(values)) throw new LWTError('invalid-value', `${operator}(${table}.${name}, …) takes an array of values.`);
  return [...(values as readonly unknown[])].map((value) => checkConstant(operator, operand, value));
}
