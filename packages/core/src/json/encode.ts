import type { Operand } from '../condition/operands.ts';
import { invalidStatement } from '../errors.ts';
import { isMutation } from '../mutation/nodes.ts';
import type { ColumnDefinition, Row, TableDefinition } from '../table/definition.ts';
import { valueToJson } from '../values/value-json.ts';
import { conditionForms, type Forms, mutationForms, operandForms, rightForms, type Role, type ValueRole, wholeForms } from './forms.ts';
import { after, type Scope, typeOfRole } from './scope.ts';

type Node = { readonly kind: string };
type Encoder = (value: never, scope: Scope) => unknown;

/** A node as JSON: its kind, and its fields as their roles are written. */
export function encodeNode(forms: Forms, node: Node, scope: Scope): object {
  const { kind } = node;
  const fields = forms[kind]?.fields;
  if (fields === undefined) throw invalidStatement(`A node of kind ${kind} has no JSON form: serialize a condition as it was built.`);
  const json: Record<string, unknown> = { kind };
  let here = scope;
  for (const [name, role] of Object.entries(fields)) {
    const value: unknown = node[name as never];
    json[name] = encoders[role](value as never, here);
    here = after(here, role, value);
  }
  return json;
}

function nodeIn(forms: Forms): Encoder {
  return (node: Node, scope) => encodeNode(forms, node, scope);
}

function valueAs(role: ValueRole): (value: unknown, scope: Scope) => unknown {
  return (value, scope) => {
    const left = scope.left as Operand;
    return valueToJson(typeOfRole(role, left) ?? left.type, value);
  };
}

function eachAs(role: ValueRole): Encoder {
  const encode = valueAs(role);
  return (values: Iterable<unknown>, scope) => Array.from(values, (value) => encode(value, scope));
}

function encodeRecord(record: Row, { table }: Scope): Row {
  const entries = Object.entries(record).map(([name, value]): [string, unknown] => [
    name,
    encodeCell(table?.columns[name] as never, value),
  ]);
  return Object.fromEntries(entries);
}

function encodeCell(column: ColumnDefinition, value: unknown): unknown {
  return isMutation(value) ? encodeNode(mutationForms, value, { table: undefined, left: column }) : valueToJson(column.type, value);
}

const encoders: { readonly [R in Role]: Encoder } = {
  table: (table: TableDefinition | undefined) => table?.name ?? null,
  record: encodeRecord,
  condition: nodeIn(wholeForms),
  consistency: (consistency) => consistency,
  names: (names: readonly string[] | undefined) => names ?? null,
  node: nodeIn(conditionForms),
  nodes: (nodes: readonly Node[], scope) => nodes.map((node) => encodeNode(conditionForms, node, scope)),
  operand: nodeIn(operandForms),
  right: nodeIn(rightForms),
  name: (name) => name,
  column: ({ name }: ColumnDefinition) => name,
  index: (index) => index,
  value: valueAs('value'),
  member: valueAs('member'),
  key: valueAs('key'),
  under: valueAs('under'),
  values: eachAs('value'),
  members: eachAs('member'),
};
