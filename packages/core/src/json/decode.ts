import { checkDepth } from '../condition/limit-depth.ts';
import { columnOfOperand, type Operand } from '../condition/operands.ts';
import { invalidStatement } from '../errors.ts';
import { unknownColumn } from '../statement/check-row.ts';
import { type ColumnDefinition, columnOf, type Row, type TableDefinition } from '../table/definition.ts';
import { inColumn } from '../values/check-value.ts';
import { valueFromJson } from '../values/value-json.ts';
import { conditionForms, type Forms, mutationForms, operandForms, rightForms, type Role, type ValueRole, wholeForms } from './forms.ts';
import { checkFields, isJsonObject, jsonArray, jsonObject, jsonString, refuse } from './read-json.ts';
import { after, type Scope, typeOfRole } from './scope.ts';

export interface DecodeScope extends Scope {
  /** Finds a table by its name in code. */
  readonly tables: (name: string) => TableDefinition;
  /** How many `and`, `or` and `not` stand around. */
  readonly depth: number;
}
type Decoder = (json: unknown, scope: DecodeScope) => unknown;

/** What a node in JSON describes, made by the builder of its kind with the builder's checks. */
export function decodeNode(forms: Forms, what: string, json: unknown, scope: DecodeScope, also: readonly string[] = []): unknown {
  const node = jsonObject(what, json);
  const kind = jsonString(`The kind of ${what}`, node['kind']);
  const form = Object.hasOwn(forms, kind) ? forms[kind] : undefined;
  if (form === undefined) return refuse(`The kind of ${what}`, `one of ${Object.keys(forms).join(', ')}`, kind);
  checkFields(`${what} ${kind}`, node, [...also, 'kind', ...Object.keys(form.fields)]);
  let here = scope;
  const values = Object.entries(form.fields).map(([name, role]) => {
    const value = decoders[role](node[name], here);
    here = after(here, role, value);
    return value;
  });
  return form.build(...(values as never[]));
}

function nodeIn(forms: Forms, what: string): Decoder {
  return (json, scope) => decodeNode(forms, what, json, scope);
}

const decodeCondition = nodeIn(conditionForms, 'a condition');

/** Counted on the way down, for a text can nest deeper than the stack. */
function decodeMember(json: unknown, scope: DecodeScope): unknown {
  const depth = scope.depth + 1;
  checkDepth(depth);
  return decodeCondition(json, { ...scope, depth });
}

function decodeColumn(json: unknown, { table }: DecodeScope): ColumnDefinition {
  const name = jsonString('The name of a column', json);
  if (table === undefined) throw invalidStatement(`The condition reads ${name}, and the text names no table.`);
  const column = columnOf(table, name);
  if (column === undefined) throw unknownColumn(table, name);
  return column;
}

function decodeValue(role: ValueRole): Decoder {
  return (json, { left }) => {
    const operand = left as Operand;
    const type = typeOfRole(role, operand);
    // The builder refuses the operand itself, whatever the value.
    return type && inColumn(columnOfOperand(operand), json, () => valueFromJson(type, json));
  };
}

function eachOf(what: string, decode: Decoder): Decoder {
  return (json, scope) => jsonArray(what, json).map((member) => decode(member, scope));
}

function decodeRecord(json: unknown, scope: DecodeScope): Row {
  const record: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(jsonObject('A record of columns', json))) {
    record[name] = decodeCell(value, { ...scope, left: decodeColumn(name, scope) });
  }
  return record;
}

const decodeCellValue = decodeValue('value');

/** A column of JSON values has no mutations, and any object for a value; every other one no object. */
function decodeCell(json: unknown, scope: DecodeScope): unknown {
  const changes = isJsonObject(json) && scope.left?.type.kind !== 'json';
  return changes ? decodeNode(mutationForms, 'a change', json, scope) : decodeCellValue(json, scope);
}

const decoders: { readonly [R in Role]: Decoder } = {
  table: (json, { tables }) => (json === null ? undefined : tables(jsonString('The table', json))),
  record: decodeRecord,
  condition: nodeIn(wholeForms, 'a condition'),
  consistency: (json) => jsonString('consistency', json),
  names: (json, scope) => (json === null ? undefined : jsonArray('columns', json).map((name) => decodeColumn(name, scope).name)),
  node: decodeMember,
  nodes: eachOf('The list of conditions', decodeMember),
  operand: nodeIn(operandForms, 'an operand'),
  right: nodeIn(rightForms, 'the right side'),
  name: decodeColumn,
  column: decodeColumn,
  index: (json) => (typeof json === 'number' ? json : refuse('The index of an item', 'a number', json)),
  value: decodeCellValue,
  member: decodeValue('member'),
  key: decodeValue('key'),
  under: decodeValue('under'),
  values: eachOf('The list of values', decodeValue('value')),
  members: eachOf('The list of members', decodeValue('member')),
};
