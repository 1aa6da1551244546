import type { LWTError } from '../errors.ts';
import { invalidStatement } from '../errors.ts';
import { type ColumnDefinition, columnOf, type Row, type TableDefinition } from '../table/definition.ts';
import { isEmpty } from '../values/column-type.ts';
import { checkMutation } from '../mutation/check-mutation.ts';
import { isMutation } from '../mutation/nodes.ts';
import { checkValue, invalidValue } from '../values/check-value.ts';

function checkObject(what: string, value: unknown): asserts value is Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidStatement(`${what} is an object of columns.`);
}

/** The key as canonical values: every key column, and nothing else. */
export function checkKey(table: TableDefinition, key: unknown): Row {
  checkObject(`The key of ${table.name}`, key);
  for (const name in key) {
    if (isValueColumn(table, name)) throw invalidStatement(`${table.name}.${name} is not part of the key; the key is ${keyText(table)}.`);
  }
  return pickKey(table, key);
}

function isValueColumn(table: TableDefinition, name: string): boolean {
  const column = columnOf(table, name);
  if (column === undefined) throw unknownColumn(table, name);
  return column.role === 'regular' || column.role === 'static';
}

/** The key columns of a row, checked. */
export function pickKey(table: TableDefinition, row: Row): Row {
  const key: Record<string, unknown> = {};
  for (const column of table.key) key[column.name] = keyValue(table, column, row);
  return Object.freeze(key);
}

function keyValue(table: TableDefinition, column: ColumnDefinition, row: Row): unknown {
  if (!Object.hasOwn(row, column.name)) throw invalidStatement(`The key of ${table.name} lacks ${column.name}; it is ${keyText(table)}.`);
  const value = row[column.name];
  if (value === null) throw invalidValue(column, value, 'a value: a key column is never null');
  const canonical = checkValue(column, value);
  if ((canonical as { length?: number }).length === 0) throw invalidValue(column, value, 'a non-empty value, for it is part of the key');
  return canonical;
}

function keyText(table: TableDefinition): string {
  return `{ ${table.key.map((column) => column.name).join(', ')} }`;
}

/** The values of non-key columns, canonical; a whole `row` may hold the key as well, and holds no mutations. */
export function checkSet(table: TableDefinition, row: unknown, whole: boolean): Row {
  checkObject(whole ? `A row of ${table.name}` : `${table.name}: set`, row);
  const set: Record<string, unknown> = {};
  for (const name in row) {
    const column = columnOf(table, name);
    if (column === undefined) throw unknownColumn(table, name);
    if (column === table.writeToken)
      throw invalidStatement(
        `${table.name}.${name} is the write token, which only the library sets; a token of your own is the call option \`token\`.`,
      );
    if (column.role === 'regular' || column.role === 'static') set[name] = setValue(column, row[name], whole);
    else if (!whole) throw invalidStatement(`${table.name}.${name} is a key column: a key is never changed.`);
  }
  return set;
}

function setValue(column: ColumnDefinition, value: unknown, whole: boolean): unknown {
  if (isMutation(value)) {
    if (whole)
      throw invalidStatement(
        `${column.table}.${column.name}: ${value.kind} changes a value that is there; a whole row is written with values only.`,
      );
    return checkMutation(column, value);
  }
  if (value !== null) {
    const canonical = checkValue(column, value);
    return isEmpty(column.type, canonical) ? null : canonical;
  }
  if (column.notNull) throw invalidValue(column, value, 'a value: the column is notNull');
  return null;
}

export function unknownColumn(table: TableDefinition, name: string): LWTError {
  return invalidStatement(`${table.name} has no column ${JSON.stringify(name)}; it has ${Object.keys(table.columns).join(', ')}.`);
}

/** Every `notNull` column is given: a row without one could not be told from an absent row. */
export function requireNotNull(table: TableDefinition, set: Row, verb: string): void {
  for (const column of table.notNull) {
    if (set[column.name] === undefined) throw invalidStatement(`${verb} of ${table.name}: the notNull column ${column.name} is missing.`);
  }
}
