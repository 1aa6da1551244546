import { evaluate } from './condition/evaluate.ts';
import type { WriteNode } from './statement/nodes.ts';
import type { Row, TableDefinition } from './table/definition.ts';

export interface Judgement {
  readonly applied: boolean;
  /** The stored row afterwards; null where there is none. */
  readonly after: Row | null;
}

/** What a conditional write does to a row: the one oracle of every backend. */
export function judge(statement: WriteNode, row: Row | null): Judgement {
  return holds(statement, row) ? { applied: true, after: written(statement, row) } : { applied: false, after: row };
}

function holds(statement: WriteNode, row: Row | null): boolean {
  const condition = statement.if;
  if (condition.kind === 'notExists') return row === null;
  if (statement.kind !== 'upsert' && row === null) return false;
  return condition.kind === 'exists' || evaluate(condition, row);
}

function written(statement: WriteNode, row: Row | null): Row | null {
  if (statement.kind === 'delete') return null;
  const before = row ?? emptyRow(statement.table);
  return Object.freeze({ ...before, ...statement.key, ...statement.set });
}

/** A row whose every column is null. */
export function emptyRow(table: TableDefinition): Row {
  return Object.fromEntries(table.all.map((column) => [column.name, null]));
}
