import {
  addToSet,
  append,
  beginsWith,
  between,
  type Condition,
  contains,
  containsKey,
  defineTable,
  deleteRow,
  entry,
  eq,
  evaluate,
  gt,
  gte,
  increment,
  insert,
  int,
  isLWTError,
  isNotNull,
  isNull,
  item,
  judge,
  list,
  lt,
  lte,
  map,
  ne,
  nodeOf,
  noneOf,
  not,
  notExists,
  oneOf,
  prepend,
  putEntry,
  removeEntry,
  removeFromSet,
  replace,
  type Row,
  set,
  size,
  text,
  tinyint,
  update,
  upsert,
  exists,
  type WriteNode,
} from '@onlyif/core';
import { table } from './generated.ts';

const t = defineTable('t', { columns: { id: text(), a: int(), b: int(), s: text(), n: int().notNull() }, partitionKey: ['id'] });
const { a, b, s } = t.columns;
const bag = defineTable('bag', {
  columns: { id: text(), l: list(int()), s: set(int()), m: map(text(), int()), n: tinyint(), mark: text().notNull() },
  partitionKey: ['id'],
});
const c = bag.columns.s;
const { l, m } = bag.columns;
const scope = {
  a,
  b,
  s,
  c,
  l,
  m,
  size,
  entry,
  item,
  contains,
  containsKey,
  eq,
  ne,
  lt,
  lte,
  gt,
  gte,
  between,
  oneOf,
  noneOf,
  isNull,
  isNotNull,
  beginsWith,
  not,
};

/** The condition that a text says: the text of a row and what is evaluated are one and the same. */
function conditionOf(code: string): Condition<string, string> {
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- the code stands in this file
  return new Function(...Object.keys(scope), `return ${code}`)(...Object.values(scope)) as Condition<string, string>;
}

/** One row a predicate, one column a state of the row. */
function truthTable(predicates: readonly string[], states: readonly (readonly [title: string, row: Row])[]): string {
  const rows = predicates.map((code) => {
    const node = nodeOf(conditionOf(code));
    return [`\`${code}\``, ...states.map(([, row]) => (evaluate(node, row) ? '**true**' : 'false'))];
  });
  return table(['predicate', ...states.map(([title]) => title)], rows);
}

const orderings = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'];

/** Each predicate of one column, on null and on values below, at and above its operand. */
export function columnTable(): string {
  const lists = ['between(a, 4, 6)', 'between(a, 6, 4)', 'oneOf(a, [5, 9])', 'oneOf(a, [])', 'noneOf(a, [5, 9])', 'noneOf(a, [])'];
  const predicates = [...orderings.map((name) => `${name}(a, 5)`), ...lists, 'isNull(a)', 'isNotNull(a)'];
  const negations = ['not(eq(a, 5))', 'not(lt(a, 5))', 'not(between(a, 4, 6))'];
  const states = [null, 3, 5, 7].map((value) => [`a = ${value}`, { a: value }] as const);
  return truthTable([...predicates, ...negations], states);
}

/** Comparisons of two columns. */
export function pairTable(): string {
  const values = [[5, 5], [3, 5], [7, 5], [null, 5], [5, null], [null, null]] as const; // prettier-ignore
  const states = values.map(([left, right]) => [`a = ${left}, b = ${right}`, { a: left, b: right }] as const);
  return truthTable([...orderings.map((name) => `${name}(a, b)`), 'not(lt(a, b))'], states);
}

/** Prefixes of text. */
export function prefixTable(): string {
  const states = [null, 'a', 'ab', 'abc', 'b'].map((value) => [`s = ${JSON.stringify(value)}`, { s: value }] as const);
  return truthTable(["beginsWith(s, 'ab')", "beginsWith(s, '')", "not(beginsWith(s, 'ab'))"], states);
}

/** The size of a collection. */
export function sizeTable(): string {
  const states = [null, new Set([1]), new Set([1, 2]), new Set([1, 2, 3])].map((value) => [`c = ${shown(value)}`, { s: value }] as const);
  const lists = ['between(size(c), 1, 2)', 'oneOf(size(c), [0, 2])', 'noneOf(size(c), [0, 2])'];
  return truthTable([...orderings.map((name) => `${name}(size(c), 2)`), 'eq(size(c), 0)', ...lists, 'not(lt(size(c), 2))'], states);
}

/** Members of lists and sets, keys of maps. */
export function memberTable(): string {
  const states = [null, [1, 2]].map(
    (value) => [value === null ? 'all null' : 'c = {1, 2}, l = [1, 2], m = {j: 1}', { s: value && new Set(value), l: value, m: value && new Map([['j', 1]]) }] as const, // prettier-ignore
  );
  const predicates = [
    'contains(c, 1)',
    'contains(c, 3)',
    'contains(l, 2)',
    'containsKey(m, "j")',
    'containsKey(m, "k")',
    'not(contains(c, 3))',
  ];
  return truthTable(predicates, states);
}

/** Elements of maps and lists, which are null where there is none. */
export function elementTable(): string {
  const states = [null, new Map([['j', 5]]), new Map([['k', 5]]), new Map([['k', 7]])].map(
    (value) => [`m = ${shown(value)}`, { m: value }] as const,
  );
  const predicates = ['eq', 'ne', 'lt', 'gte'].map((name) => `${name}(entry(m, "k"), 5)`);
  return truthTable([...predicates, 'oneOf(entry(m, "k"), [5, 9])', 'isNull(entry(m, "k"))', 'isNotNull(entry(m, "k"))'], states);
}

/** Whole collections. */
export function collectionEqualityTable(): string {
  const states = [null, [1, 2], [2, 1], [1]].map((value) => [`l = ${shown(value)}`, { l: value, s: value && new Set(value) }] as const);
  const titled = states.map(([title, row]) => [`${title}, c = ${shown(row.s)}`, row] as const);
  const predicates = ['eq(l, [1, 2])', 'ne(l, [1, 2])', 'eq(c, new Set([1, 2]))', 'ne(c, new Set([1, 2]))', 'eq(l, [])', 'ne(l, [])'];
  return truthTable([...predicates, 'oneOf(l, [[], [1]])'], titled);
}

function shown(value: unknown): string {
  if (value instanceof Set) return `{${[...value].join(', ')}}`;
  if (value instanceof Map) return `{${Array.from(value, ([k, v]) => `${k}: ${v}`).join(', ')}}`;
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

const key = { id: 'x' };
const changes = { addToSet, removeFromSet, append, prepend, putEntry, removeEntry, increment };
const emptyBag: Row = { ...key, l: null, s: null, m: null, n: null, mark: 'm' };

/** A row of a table: what an update with `set: { <column>: <code> }` leaves in the column, for each value before. */
function changed(column: string, code: string, values: readonly unknown[]): readonly string[] {
  const mutation: unknown = new Function(...Object.keys(changes), `return ${code}`)(...Object.values(changes)); // oxlint-disable-line typescript/no-implied-eval, no-new-func -- the code stands in this file
  const statement = update(bag, key, { set: { [column]: mutation }, if: exists() });
  return [`\`${code}\``, ...values.map((value) => left(statement, column, { ...emptyBag, [column]: value }))];
}

function left(statement: WriteNode, column: string, before: Row): string {
  try {
    const { applied, after } = judge(statement, before);
    return applied ? shown(after?.[column]) : 'not applied';
  } catch (error) {
    if (isLWTError(error)) return `\`${error.code}\`, not applied`;
    throw error;
  }
}

/** What mutations leave of collections. */
export function changeTable(): string {
  const sets = [null, new Set([1]), new Set([1, 2])];
  const lists = [null, [1], [1, 2]];
  const maps = [null, new Map([['j', 1]]), new Map([['j', 1], ['k', 2]])]; // prettier-ignore
  const rows = [
    ...['addToSet(2)', 'addToSet(1, 2)', 'removeFromSet(1)', 'removeFromSet(1, 2)', 'addToSet()'].map((code) => changed('s', code, sets)),
    ...['append(2, 2)', 'prepend(8, 9)', 'append()'].map((code) => changed('l', code, lists)),
    ...['putEntry("k", 9)', 'removeEntry("j")'].map((code) => changed('m', code, maps)),
  ];
  return table(['in `set`', 'null', '{1}, [1] or {j: 1}', '{1, 2}, [1, 2] or {j: 1, k: 2}'], rows);
}

/** What increments do to a `tinyint`. */
export function incrementTable(): string {
  const values = [null, 0, 127, -128];
  const rows = ['increment(1)', 'increment(-1)', 'increment(0)'].map((code) => changed('n', code, values));
  return table(['in `set`', ...values.map((value) => `n = ${value}`)], rows);
}

const writes: readonly (readonly [title: string, statement: WriteNode])[] = [
  ['`insert`, `notExists()`', insert(t, { ...key, n: 2 }, { if: notExists() })],
  ['`update`, `exists()`', update(t, key, { set: { n: 2 }, if: exists() })],
  ['`update`, `isNull(a)`', update(t, key, { set: { n: 2 }, if: isNull(a) })],
  ['`update`, `eq(a, 5)`', update(t, key, { set: { n: 2 }, if: eq(a, 5) })],
  ['`replace`, `isNull(a)`', replace(t, { ...key, n: 2 }, { if: isNull(a) })],
  ['`delete`, `isNull(a)`', deleteRow(t, key, { if: isNull(a) })],
  ['`upsert`, `isNull(a)`', upsert(t, key, { set: { n: 2 }, if: isNull(a) })],
  ['`upsert`, `eq(a, 5)`', upsert(t, key, { set: { n: 2 }, if: eq(a, 5) })],
];

/** What each verb does to a row that is absent, there with nulls, and there with a value. */
export function verbTable(): string {
  const states: readonly Row[] = [
    { ...key, a: null, b: 1, s: null, n: 1 },
    { ...key, a: 5, b: 1, s: null, n: 1 },
  ];
  const rows = writes.map(([title, statement]) => [title, effect(statement, null), ...states.map((row) => effect(statement, row))]);
  return table(['write, its `if`', 'row absent', 'row with a = null, b = 1', 'row with a = 5, b = 1'], rows);
}

function effect(statement: WriteNode, before: Row | null): string {
  const { applied, after } = judge(statement, before);
  if (!applied) return 'not applied';
  if (after === null) return 'applied: row removed';
  return before === null
    ? 'applied: row created'
    : `applied: a = ${String(after['a'])}, b = ${String(after['b'])}, n = ${String(after['n'])}`;
}
