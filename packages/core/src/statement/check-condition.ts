import { eq, isConditionNode, isNull, and } from '../condition/build.ts';
import { eachColumn } from '../condition/columns-of.ts';
import type { ConditionNode, ExistsNode } from '../condition/nodes.ts';
import { invalidStatement } from '../errors.ts';
import { columnOf, type TableDefinition } from '../table/definition.ts';
import { unknownColumn } from './check-row.ts';

/** The condition of an update, replace or delete: `exists()`, a condition, or a record of equalities. */
export function checkCondition(table: TableDefinition, verb: string, condition: unknown): ConditionNode | ExistsNode {
  if (isConditionNode(condition)) {
    if (condition.kind === 'notExists') throw invalidStatement(`${verb} of ${table.name}: notExists() belongs to insert.`);
    return condition.kind === 'exists' ? condition : ofTable(table, condition);
  }
  if (typeof condition !== 'object' || condition === null) {
    throw invalidStatement(
      `${verb} of ${table.name}: \`if\` is missing. Every write is conditional: give exists(), a condition or a record of equalities.`,
    );
  }
  return equalities(table, verb, condition);
}

/** The condition of an upsert, which has no `exists()`. */
export function checkUpsertCondition(table: TableDefinition, condition: unknown): ConditionNode {
  const node = checkCondition(table, 'upsert', condition);
  if (node.kind !== 'exists') return node;
  throw invalidStatement(`upsert of ${table.name}: exists() would make it an update; absence is said by isNull of a notNull column.`);
}

function ofTable(table: TableDefinition, node: ConditionNode): ConditionNode {
  eachColumn(node, (column) => {
    if (table.columns[column.name] !== column) {
      throw invalidStatement(`The condition reads ${column.table}.${column.name}, which is not a column of this ${table.name}.`);
    }
  });
  return node;
}

function equalities(table: TableDefinition, verb: string, record: object): ConditionNode {
  const nodes: unknown[] = [];
  for (const [name, value] of Object.entries(record)) {
    const column = columnOf(table, name);
    if (column === undefined) throw unknownColumn(table, name);
    nodes.push(value === null ? isNull(column as never) : eq(column as never, value as never));
  }
  if (nodes.length === 0)
    throw invalidStatement(`${verb} of ${table.name}: \`if: {}\` holds no condition; say exists() where the row only has to be there.`);
  return (nodes.length === 1 ? nodes[0] : and(...(nodes as never[]))) as never;
}
