import {
  beginsWith,
  between,
  type Condition,
  defineTable,
  deleteRow,
  eq,
  evaluate,
  gt,
  gte,
  insert,
  int,
  isNotNull,
  isNull,
  judge,
  lt,
  lte,
  ne,
  nodeOf,
  noneOf,
  not,
  notExists,
  oneOf,
  replace,
  type Row,
  text,
  update,
  upsert,
  exists,
  type WriteNode,
} from '@onlyif/core';
import { table } from './generated.ts';

const t = defineTable('t', { columns: { id: text(), a: int(), b: int(), s: text(), n: int().notNull() }, partitionKey: ['id'] });
const { a, b, s } = t.columns;
const scope = { a, b, s, eq, ne, lt, lte, gt, gte, between, oneOf, noneOf, isNull, isNotNull, beginsWith, not };

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

const key = { id: 'x' };
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
