import { increments } from '../reference.ts';
import type { Write, WriteNode } from '../statement/nodes.ts';
import type { Row } from '../table/definition.ts';
import type { AnyTable, KeyOf, RowOf } from '../table/table.ts';
import { evaluate } from './evaluate.ts';
import { existsNode, nullNode } from './factories.ts';
import type { ConditionNode, ExistsNode, NotExistsNode } from './nodes.ts';

/** What a row fails: a condition, or that there is a row, or none. */
export type Clause = ConditionNode | ExistsNode | NotExistsNode;

/** What a result of a write on `T` shows of the row, whose condition reads the columns `N`. */
export type Existing<T extends AnyTable, N extends string> = RowOf<T> | (KeyOf<T> & Pick<RowOf<T>, N & keyof RowOf<T>>);

/**
 * The clauses of a write's condition that the row fails, of an `and` its failing members:
 * `rejectedBy(statement, result.existing).map(describeCondition)`.
 *
 * An increment of a null column counts as the clause `isNotNull(column)`, where `existing` shows the column. A row that is
 * absent fails `exists()`; for an upsert its columns are null. `partition` holds the values of static columns, which an
 * absent row has too. Nothing is said where `existing` is not there, and nothing fails where the row was read after the
 * decision and satisfies the condition by now (R33).
 */
export function rejectedBy<T extends AnyTable, N extends string>(
  statement: Write<T, N>,
  existing: Existing<T, NoInfer<N>> | null | undefined,
  partition?: Partial<RowOf<T>>,
): readonly Clause[] {
  return Object.freeze(existing === undefined ? [] : failedClauses(statement, existing as Row | null, partition));
}

function failedClauses(statement: WriteNode, existing: Row | null, partition: Row | undefined): readonly Clause[] {
  const { if: condition, kind } = statement;
  if (condition.kind === 'notExists') return existing === null ? [] : [condition];
  if (existing === null && kind !== 'upsert') return [existsNode];
  const row = { ...(existing ?? absentRow(statement)), ...partition };
  const failed = condition.kind === 'exists' ? [] : failedParts(condition, row);
  return [...failed, ...nullIncrements(statement, row)];
}

function absentRow({ table }: WriteNode): Row {
  return Object.fromEntries(table.regular.map(({ name }) => [name, null]));
}

function failedParts(node: ConditionNode, row: Row): readonly ConditionNode[] {
  if (node.kind === 'and') return node.nodes.flatMap((part) => failedParts(part, row));
  return evaluate(node, row) ? [] : [node];
}

function nullIncrements(statement: WriteNode, row: Row): readonly ConditionNode[] {
  return increments(statement)
    .filter(({ column }) => row[column.name] === null)
    .map(({ column }) => nullNode('isNotNull', column));
}
