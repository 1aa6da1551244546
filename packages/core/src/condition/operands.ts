import type { ColumnDefinition, Row } from '../table/definition.ts';
import { type ColumnType, compareValues, isCollection, type ScalarColumnType } from '../values/column-type.ts';
import type { ListColumnType, MapColumnType } from '../values/column-type.ts';

/** How many members a collection has, or bytes a blob; null where the column is null. */
export interface SizeOperand {
  readonly kind: 'size';
  readonly column: ColumnDefinition;
  readonly type: ScalarColumnType;
}

/** The value under a key of a map; null where there is none. */
export interface EntryOperand {
  readonly kind: 'entry';
  readonly column: ColumnDefinition & { readonly type: MapColumnType };
  readonly key: unknown;
  readonly type: ScalarColumnType;
}

/** The element of a list at an index from 0; null where there is none. */
export interface ItemOperand {
  readonly kind: 'item';
  readonly column: ColumnDefinition & { readonly type: ListColumnType };
  readonly index: number;
  readonly type: ScalarColumnType;
}

/** What a comparison can be made of. */
export type Operand = ColumnDefinition | SizeOperand | EntryOperand | ItemOperand;

const int: ScalarColumnType = Object.freeze({ kind: 'int' });

export function sizeOperand(column: ColumnDefinition): SizeOperand {
  return Object.freeze({ kind: 'size', column, type: int });
}

export function entryOperand(column: EntryOperand['column'], key: unknown): EntryOperand {
  return Object.freeze({ kind: 'entry', column, key, type: column.type.value });
}

export function itemOperand(column: ItemOperand['column'], index: number): ItemOperand {
  return Object.freeze({ kind: 'item', column, index, type: column.type.element });
}

/** The column that an operand reads. */
export function columnOfOperand(operand: Operand): ColumnDefinition {
  return operand.kind === 'column' ? operand : operand.column;
}

export function sameOperand(a: Operand, b: Operand): boolean {
  if (a === b) return true;
  if (a.kind === 'column' || a.kind !== b.kind || a.column !== columnOfOperand(b)) return false;
  if (a.kind === 'entry') return compareValues(a.column.type.key, a.key, (b as EntryOperand).key) === 0;
  return a.kind === 'size' || a.index === (b as ItemOperand).index;
}

/** The value of an operand in a row of canonical values. */
export function operandValue(operand: Operand, row: Row): unknown {
  const value = row[columnOfOperand(operand).name] ?? null;
  if (operand.kind === 'column' || value === null) return value;
  switch (operand.kind) {
    case 'size':
      return sizeOf(operand.column.type, value);
    case 'entry':
      return valueUnder(operand.column.type.key, value as ReadonlyMap<unknown, unknown>, operand.key);
    case 'item':
      return (value as readonly unknown[])[operand.index] ?? null;
  }
}

function sizeOf(type: ColumnType, value: unknown): number {
  return isCollection(type) && type.kind !== 'list' ? (value as ReadonlySet<unknown>).size : (value as ArrayLike<unknown>).length;
}

/** Keys are found by value: two equal Dates are one key. */
export function valueUnder(type: ColumnType, map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  for (const [candidate, value] of map) if (compareValues(type, candidate, key) === 0) return value;
  return null;
}
