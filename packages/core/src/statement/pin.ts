import { columnsOf } from '../condition/columns-of.ts';
import { comparisonNode, existsNode, junctionNode, notExistsNode, nullNode, valueNode } from '../condition/factories.ts';
import type { ConditionNode, ExistsNode } from '../condition/nodes.ts';
import { isMutation } from '../mutation/nodes.ts';
import type { ColumnDefinition, Row } from '../table/definition.ts';
import { makeStatement } from './build.ts';
import { statementBrand, type WriteNode } from './nodes.ts';

/**
 * The write that has the effect of a statement on a row as it was observed, if none of the columns that the statement
 * reads has changed since. An absent row is pinned by an insert.
 */
export function pinnedStatement(statement: WriteNode, row: Row | null, after: Row | null): WriteNode {
  const { table, key } = statement;
  if (row === null)
    return makeStatement({ [statementBrand]: true, kind: 'insert', table, key, set: valuesOf(statement, after), if: notExistsNode });
  const pins = pinsOf(statement, row);
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
 * The columns that an emulated statement pins: those of its condition, those that a mutation changes, and the write token,
 * whose pin lets an unknown outcome be settled.
 */
export function pinnedColumns(statement: WriteNode): readonly ColumnDefinition[] {
  const { if: condition, table } = statement;
  const inCondition = condition.kind === 'exists' || condition.kind === 'notExists' ? [] : columnsOf(condition);
  const { set } = statement.kind === 'delete' ? { set: {} as Row } : statement;
  const changed = table.regular.filter((column) => isMutation(set[column.name]) || column === table.writeToken);
  return [...new Set([...inCondition, ...changed])];
}

function pinsOf(statement: WriteNode, row: Row): ConditionNode | ExistsNode {
  const pins = pinnedColumns(statement).map((column) => pin(column, row[column.name] ?? null));
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
