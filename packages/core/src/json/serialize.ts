import { type Condition, type Exists, isConditionNode, type NotExists } from '../condition/build.ts';
import { eachColumn } from '../condition/columns-of.ts';
import type { ConditionNode, ExistsNode, NotExistsNode } from '../condition/nodes.ts';
import { invalidStatement } from '../errors.ts';
import { isStatement, type Statement } from '../statement/nodes.ts';
import type { ColumnDefinition, TableDefinition } from '../table/definition.ts';
import { encodeNode } from './encode.ts';
import { documentForms } from './forms.ts';

/** The version of the JSON that `serialize` writes and `parse` reads, in the property `onlyif`. */
export const formatVersion = 1;

/**
 * A statement or condition as JSON text, for `parse`. Values are written by the types of their columns, so that all of them
 * survive; tables and columns by their names in code.
 *
 * `serialize(eq(locks.columns.locked_by, 'alice'))` is
 * `{"onlyif":1,"kind":"condition","table":"deploy_locks","condition":{"kind":"eq","left":{"kind":"column","name":"locked_by"},"right":{"kind":"value","value":"alice"}}}`.
 */
export function serialize(value: Statement | ConditionNode | Condition<string, string> | Exists | NotExists): string {
  if (!isStatement(value) && !isConditionNode(value)) throw invalidStatement('serialize(…) takes a statement or a condition.');
  const node = isStatement(value) ? value : { kind: 'condition', table: tableOf(value), condition: value };
  const json = encodeNode(documentForms, node, { table: undefined, left: undefined });
  return JSON.stringify({ onlyif: formatVersion, ...json });
}

/** The one table whose columns a condition reads; `undefined` for `exists()` and `notExists()`. */
function tableOf(node: ConditionNode | ExistsNode | NotExistsNode): Pick<TableDefinition, 'name'> | undefined {
  if (node.kind === 'exists' || node.kind === 'notExists') return undefined;
  const tables = new Set<string>();
  eachColumn(node, ({ table }: ColumnDefinition) => tables.add(table));
  const [name] = tables;
  if (tables.size > 1) throw invalidStatement(`The condition reads columns of ${[...tables].join(' and ')}; it is of one table.`);
  return name === undefined ? undefined : { name };
}
