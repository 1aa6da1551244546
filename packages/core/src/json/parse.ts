import type { Condition, Exists, NotExists } from '../condition/build.ts';
import type { ConditionNode, ExistsNode, NotExistsNode } from '../condition/nodes.ts';
import { invalidStatement } from '../errors.ts';
import type { Read, Write } from '../statement/nodes.ts';
import type { TableDefinition } from '../table/definition.ts';
import type { AnyTable, ConditionName, RowOf, types } from '../table/table.ts';
import { decodeNode } from './decode.ts';
import { documentForms } from './forms.ts';
import { jsonObject, readJson, refuse } from './read-json.ts';
import { formatVersion } from './serialize.ts';

/** A condition on `T` from a text: a node whose `kind` tells what it is, and a condition that the builders take. */
type ParsedCondition<T extends AnyTable> = ConditionNode & Condition<T[typeof types]['name'], ConditionName<T>>;

/** What a text holds of a table: told apart by `kind`. */
export type Parsed<T extends AnyTable> =
  | (T extends AnyTable ? Write<T, never> | Read<Partial<RowOf<T>>> | ParsedCondition<T> : never)
  | (ExistsNode & Exists)
  | (NotExistsNode & NotExists);

/**
 * The statement or condition that a text from `serialize` describes, made of the tables given and by the same builders as
 * any other: `parse(text, [orders, customers])`. Throws `invalid-statement` or `invalid-value` for every text that does
 * not describe one, and `limit-exceeded` for one that nests too deep.
 */
export function parse<T extends AnyTable>(text: string, tables: readonly T[]): Parsed<T> {
  const json = jsonObject('The text', readJson(text));
  if (json['onlyif'] !== formatVersion) refuse('The property onlyif, the version of the format,', String(formatVersion), json['onlyif']);
  const find = (name: string): TableDefinition => tableNamed(tables, name);
  return decodeNode(documentForms, 'the text', json, { tables: find, table: undefined, left: undefined, depth: 0 }, ['onlyif']) as never;
}

function tableNamed(tables: readonly TableDefinition[], name: string): TableDefinition {
  const [table, another] = tables.filter((candidate) => candidate.name === name);
  if (table !== undefined && another === undefined) return table;
  const known = tables.map((candidate) => candidate.name).join(', ');
  throw invalidStatement(`The text names the table ${JSON.stringify(name)}, which is not one of those given, each once: ${known}.`);
}
