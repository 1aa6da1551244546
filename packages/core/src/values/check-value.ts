import { LWTError } from '../errors.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import { NotOfType } from './canonical.ts';
import { type ColumnType, describeType, valueType } from './column-type.ts';

/** The canonical form of a non-null value for a column; throws `invalid-value` naming table, column and value. */
export function checkValue(column: ColumnDefinition, value: unknown): unknown {
  return checkAs(column, column.type, value);
}

/** The canonical form of a value of another type at a column: an element, a key or a size. */
export function checkAs(column: ColumnDefinition, type: ColumnType, value: unknown): unknown {
  return inColumn(column, value, () => valueType(type).canonical(value));
}

/** Says of a value that is not of its type where it was found. */
export function inColumn(column: ColumnDefinition, value: unknown, take: () => unknown): unknown {
  try {
    return take();
  } catch (error) {
    if (error instanceof NotOfType) throw invalidValue(column, value, error.message);
    throw error;
  }
}

/** The error for a value that a column, or the target, cannot hold. */
export function invalidValue(column: ColumnDefinition, value: unknown, wanted: string): LWTError {
  const place = `${column.table}.${column.name} (${describeType(column.type)})`;
  if (value === undefined) {
    return new LWTError('invalid-value', `${place}: got undefined, wanted ${wanted}. Leave the column out, or write null.`);
  }
  return new LWTError('invalid-value', `${place}: got ${describeValue(value)}, wanted ${wanted}.`);
}

const maxShown = 80;

/** A value as an error message shows it: its type where that is not plain, cut short where it is long. */
export function describeValue(value: unknown): string {
  const text = valueText(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}… (${text.length} characters)` : text;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (value instanceof Uint8Array) return `0x${Array.from(value.subarray(0, maxShown), hexByte).join('')}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (typeof value === 'object' && value !== null) return objectText(value);
  return String(value);
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function objectText(value: object): string {
  try {
    return JSON.stringify(value) ?? Object.prototype.toString.call(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
