import { columnsOf } from '../condition/columns-of.ts';
import { comparisonNode, existsNode, junctionNode, notExistsNode, nullNode, valueNode } from '../condition/factories.ts';
import type { ConditionNode, ExistsNode } from '../condition/nodes.ts';
import { impliesRow } from '../condition/implies-row.ts';
import { normalise } from '../condition/normalise.ts';
import type { Capabilities } from '../dialect/dialect.ts';
import { isMutation } from '../mutation/nodes.ts';
import { increments } from '../reference.ts';
import type { ColumnDefinition, Row } from '../table/definition.ts';
import { makeStatement } from './build.ts';
import { statementBrand, type WriteNode } from './nodes.ts';

/** What of a dialect's capabilities decides what is pinned. */
export type Pinning = Pick<Capabilities, 'pinsGuard'>;

/**
 * The write that has the effect of a statement on a row as it was observed, if none of the columns that the statement
 * reads has changed since. An absent row is pinned by an insert.
 */
export function pinnedStatement(statement: WriteNode, row: Row | null, after: Row | null, pinning: Pinning): WriteNode {
  const { table, key } = statement;
  if (row === null)
    return makeStatement({ [statementBrand]: true, kind: 'insert', table, key, set: valuesOf(statement, after), if: notExistsNode });
  const pins = pinsOf(statement, row, pinning);
  if (statement.kind === 'delete') return makeStatement({ [statementBrand]: true, kind: 'delete', table, key, if: pins });
  const fields = { [statementBrand]: true, table, key, set: valuesOf(statement, after), if: pins } as const;
  return statement.kind === 'replace' ? makeStatement({ ...fields, kind: 'replace' }) : makeStatement({ ...fields, kind: 'update' });
}

/** The values that the statement leaves in the columns that it names. */
function valuesOf(statement: WriteNode, after: Row | null): Row {
  if (statement.kind === 'delete') return {};
  return Object.freeze(Object.fromEntries(Object.keys(statement.set).map((name) => [name, after?.[name] ?? null])));
}

/**
 * The columns that an emulated statement pins: those of its condition, those that a mutation changes, the write token,
 * whose pin lets an unknown outcome be settled, and where the dialect wants it a `notNull` column that proves the row.
 */
export function pinnedColumns(statement: WriteNode, { pinsGuard = false }: Pinning): readonly ColumnDefinition[] {
  const { if: condition, table } = statement;
  const inCondition = condition.kind === 'exists' || condition.kind === 'notExists' ? [] : columnsOf(condition);
  const { set } = statement.kind === 'delete' ? { set: {} as Row } : statement;
  const changed = table.regular.filter((column) => isMutation(set[column.name]) || column === table.writeToken);
  const pinned = [...inCondition, ...changed];
  const guard = pinsGuard && pinned.length > 0 && !holdsOnRowsOnly(statement) ? table.notNull.slice(0, 1) : [];
  return [...new Set([...pinned, ...guard])];
}

/** Whether one of the values that the statement reads is not null where it applies. */
function holdsOnRowsOnly(statement: WriteNode): boolean {
  const { if: condition } = statement;
  if (increments(statement).length > 0) return true;
  return condition.kind !== 'exists' && condition.kind !== 'notExists' && impliesRow(normalise(condition));
}

function pinsOf(statement: WriteNode, row: Row, pinning: Pinning): ConditionNode | ExistsNode {
  const pins = pinnedColumns(statement, pinning).map((column) => pin(column, row[column.name] ?? null));
  const [only] = pins;
  if (only === undefined) return existsNode;
  return pins.length === 1 ? only : junctionNode('and', pins);
}

function pin(column: ColumnDefinition, value: unknown): ConditionNode {
  if (value === null) return nullNode('isNull', column);
  // All that a condition can read of a json column is whether there is a value.
  if (column.type.kind === 'json') return nullNode('isNotNull', column);
  return comparisonNode('eq', column, valueNode(value));
}
