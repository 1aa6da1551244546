import type { ColumnDefinition, ShapeStep } from '@onlyif/core';
import { quoteName } from './names.ts';

export function columnList(columns: readonly ColumnDefinition[]): string {
  return columns.map(({ native }) => quoteName(native)).join(', ');
}

/** The text of an insert of these columns. */
export function insertText(table: string, columns: readonly ColumnDefinition[]): string {
  return `INSERT INTO ${table} (${columnList(columns)}) VALUES (${columns.map(() => '?').join(', ')}) IF NOT EXISTS`;
}

/** The text of an update or delete, from the steps of its shape: the verb, the columns set, 'IF', the clauses. */
export function changeText(table: string, where: string, steps: readonly ShapeStep[]): string {
  const condition = steps.indexOf('IF');
  const set = (steps.slice(1, condition) as ColumnDefinition[]).map(({ native }) => `${quoteName(native)} = ?`).join(', ');
  const head = steps[0] === 'DELETE' ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${set}`;
  return `${head}${where} IF ${conditionText(steps.slice(condition + 1))}`;
}

function conditionText(steps: readonly ShapeStep[]): string {
  if (steps[0] === 'EXISTS') return 'EXISTS';
  const clauses: string[] = [];
  for (let i = 0; i < steps.length; i += 2) clauses.push(`${quoteName((steps[i] as ColumnDefinition).native)} ${steps[i + 1] as string}`);
  return clauses.join(' AND ');
}
