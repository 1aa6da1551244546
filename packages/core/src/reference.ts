import { evaluate } from './condition/evaluate.ts';
import type { ConditionNode } from './condition/nodes.ts';
import { normalise } from './condition/normalise.ts';
import type { WriteNode } from './statement/nodes.ts';
import type { LWTError } from './errors.ts';
import { applyMutation, incrementFits, outOfRange } from './mutation/apply-mutation.ts';
import { type IncrementNode, isMutation } from './mutation/nodes.ts';
import type { ColumnDefinition, Row, TableDefinition } from './table/definition.ts';

export interface Judgement {
  readonly applied: boolean;
  /** The stored row afterwards; null where there is none. */
  readonly after: Row | null;
}

/**
 * What a conditional write does to a row: the one oracle of every backend. Throws `invalid-value` where the condition
 * holds and an increment leaves the range of its column.
 */
export function judge(statement: WriteNode, row: Row | null): Judgement {
  return holds(statement, row) ? { applied: true, after: written(statement, row) } : { applied: false, after: row };
}

/** `form` brings the condition to a form that reads no column which the answer may lack. */
function holds(statement: WriteNode, row: Row | null, form: (node: ConditionNode) => ConditionNode = asWritten): boolean {
  const condition = statement.if;
  if (condition.kind === 'notExists') return row === null;
  if (statement.kind !== 'upsert' && row === null) return false;
  return (
    (condition.kind === 'exists' || evaluate(form(condition), row)) &&
    increments(statement).every(({ column }) => (row?.[column.name] ?? null) !== null)
  );
}

const asWritten = (node: ConditionNode): ConditionNode => node;

interface Increment {
  readonly column: ColumnDefinition;
  readonly by: unknown;
}

const none: readonly Increment[] = Object.freeze([]);

/** The columns that a statement increments, in the order of the definition. */
export function increments(statement: WriteNode): readonly Increment[] {
  if (statement.kind !== 'update' && statement.kind !== 'upsert') return none;
  const { set, table } = statement;
  for (const name in set) if (isIncrement(set[name])) return allIncrements(set, table);
  return none;
}

function isIncrement(value: unknown): value is IncrementNode {
  return isMutation(value) && value.kind === 'increment';
}

function allIncrements(set: Row, table: TableDefinition): readonly Increment[] {
  return table.all.flatMap((column) => {
    const value = set[column.name];
    return isIncrement(value) ? [{ column, by: value.by }] : [];
  });
}

/** The increment that leaves the range of its column on a row that fulfils the condition, where there is one. */
export function overflow(statement: WriteNode, row: Row | null): LWTError | undefined {
  const list = increments(statement);
  if (list.length === 0 || !holds(statement, row, normalise)) return undefined;
  const over = list.find(({ column, by }) => !incrementFits(column, row?.[column.name], by));
  return over && outOfRange(over.column, over.by);
}

function written(statement: WriteNode, row: Row | null): Row | null {
  if (statement.kind === 'delete') return null;
  const error = overflow(statement, row);
  if (error !== undefined) throw error;
  const before = row ?? emptyRow(statement.table);
  return Object.freeze({ ...before, ...statement.key, ...valuesAfter(statement, before) });
}

/** The values that a statement gives the columns that it names, on a row. */
export function valuesAfter({ set, table }: Exclude<WriteNode, { kind: 'delete' }>, before: Row): Row {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      const type = table.columns[name]?.type;
      return [name, isMutation(value) && type !== undefined ? applyMutation(value, type, before[name] ?? null) : value];
    }),
  );
}

/** A row whose every column is null. */
export function emptyRow(table: TableDefinition): Row {
  return Object.fromEntries(table.all.map((column) => [column.name, null]));
}
