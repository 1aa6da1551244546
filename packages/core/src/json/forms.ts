import * as condition from '../condition/build.ts';
import type { ConditionNode, ExistsNode, NotExistsNode } from '../condition/nodes.ts';
import type { Operand } from '../condition/operands.ts';
import * as mutation from '../mutation/build.ts';
import type { MutationNode } from '../mutation/nodes.ts';
import * as statement from '../statement/build.ts';
import { checkKey, checkSet } from '../statement/check-row.ts';
import type { Statement } from '../statement/nodes.ts';
import type { TableDefinition } from '../table/definition.ts';

/** What stands in a field of a node, and so how it is written and read. */
export type Role =
  | 'table'
  | 'record'
  | 'condition'
  | 'consistency'
  | 'names'
  | 'node'
  | 'nodes'
  | 'operand'
  | 'right'
  | 'name'
  | 'column'
  | 'index'
  | ValueRole
  | 'values'
  | 'members';
/** A value of the type of the operand before it, of its members, of its keys, or of what is under its keys. */
export type ValueRole = 'value' | 'member' | 'key' | 'under';

/** The fields of a kind of node in the order in which its builder takes them, and that builder. */
export interface Form<F extends string = string> {
  readonly fields: { readonly [N in F]: Role };
  readonly build: (...fields: never[]) => unknown;
}

export type Forms = { readonly [kind: string]: Form };
type FormsOf<Node extends { readonly kind: string }, Without extends string = never> = {
  readonly [K in Node['kind']]: Form<Exclude<keyof Extract<Node, { readonly kind: K }>, 'kind' | Without | symbol> & string>;
};

function form<F extends string>(fields: Form<F>['fields'], build: Form['build']): Form<F> {
  return { fields, build };
}

export const operandForms: FormsOf<Exclude<Operand, { readonly kind: 'column' }>, 'type'> & { readonly column: Form<'name'> } = {
  column: form({ name: 'name' }, (column) => column),
  size: form({ column: 'column' }, condition.size),
  entry: form({ column: 'column', key: 'key' }, condition.entry),
  item: form({ column: 'column', index: 'index' }, condition.item),
};

/** The right side of a comparison; a builder takes a constant as it is. */
export const rightForms: typeof operandForms & { readonly value: Form<'value'> } = {
  ...operandForms,
  value: form({ value: 'value' }, (value) => value),
};

const comparison = { left: 'operand', right: 'right' } as const;
const list = { left: 'operand', values: 'values' } as const;
const junction = { nodes: 'nodes' } as const;

/** All but `constant`, which only folding makes: a condition is written as it was built. */
export const conditionForms: FormsOf<Exclude<ConditionNode, { readonly kind: 'constant' }>> = {
  eq: form(comparison, condition.eq),
  ne: form(comparison, condition.ne),
  lt: form(comparison, condition.lt),
  lte: form(comparison, condition.lte),
  gt: form(comparison, condition.gt),
  gte: form(comparison, condition.gte),
  between: form({ left: 'operand', low: 'value', high: 'value' }, condition.between),
  oneOf: form(list, condition.oneOf),
  noneOf: form(list, condition.noneOf),
  beginsWith: form({ left: 'operand', prefix: 'value' }, condition.beginsWith),
  contains: form({ left: 'operand', value: 'member' }, condition.contains),
  containsKey: form({ left: 'operand', key: 'key' }, condition.containsKey),
  isNull: form({ left: 'operand' }, condition.isNull),
  isNotNull: form({ left: 'operand' }, condition.isNotNull),
  and: form(junction, (nodes: never[]) => condition.and(...nodes)),
  or: form(junction, (nodes: never[]) => condition.or(...nodes)),
  not: form({ node: 'node' }, condition.not),
};

/** What `if` holds. */
export const wholeForms: typeof conditionForms & FormsOf<ExistsNode | NotExistsNode> = {
  ...conditionForms,
  exists: form({}, condition.exists),
  notExists: form({}, condition.notExists),
};

export const mutationForms: FormsOf<MutationNode> = {
  increment: form({ by: 'value' }, mutation.increment),
  addToSet: form({ members: 'members' }, (members: never[]) => mutation.addToSet(...members)),
  removeFromSet: form({ members: 'members' }, (members: never[]) => mutation.removeFromSet(...members)),
  append: form({ values: 'members' }, (values: never[]) => mutation.append(...values)),
  prepend: form({ values: 'members' }, (values: never[]) => mutation.prepend(...values)),
  putEntry: form({ key: 'key', value: 'under' }, mutation.putEntry),
  removeEntry: form({ key: 'key' }, mutation.removeEntry),
};

type Change = (table: never, key: never, options: never) => unknown;
type WholeRow = (table: never, row: never, options: never) => unknown;
const change = { table: 'table', key: 'record', set: 'record', if: 'condition' } as const;

function setting(build: Change): Form<'table' | 'key' | 'set' | 'if'> {
  return form(change, (table: never, key: never, set: never, condition: never) => build(table, key, { set, if: condition } as never));
}

/** Insert and replace take one row: neither part of it may hold a column of the other. */
function writing(build: WholeRow): Form<'table' | 'key' | 'set' | 'if'> {
  return form(change, (table: TableDefinition, key: never, set: never, condition: never) => {
    const row = { ...checkSet(table, set, false), ...checkKey(table, key) };
    return build(table as never, row as never, { if: condition } as never);
  });
}

export const statementForms: FormsOf<Statement> = {
  insert: writing(statement.insert),
  update: setting(statement.update),
  replace: writing(statement.replace),
  upsert: setting(statement.upsert),
  delete: form({ table: 'table', key: 'record', if: 'condition' }, (table: never, key: never, condition: never) =>
    statement.deleteRow(table, key, { if: condition }),
  ),
  get: form(
    { table: 'table', key: 'record', consistency: 'consistency', columns: 'names' },
    (table: never, key: never, ...options: never[]) => {
      const [consistency, columns] = options;
      return statement.get(table, key, { ...(columns === undefined ? {} : { columns }), consistency: consistency as never });
    },
  ),
};

/** What a text holds: a statement, or a condition by itself with the table of its columns. */
export const documentForms: typeof statementForms & { readonly condition: Form<'table' | 'condition'> } = {
  ...statementForms,
  condition: form({ table: 'table', condition: 'condition' }, (_table, condition) => condition),
};
