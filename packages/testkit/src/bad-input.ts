import {
  and,
  between,
  beginsWith,
  type Client,
  defineTable,
  deleteRow,
  eq,
  exists,
  get,
  gt,
  insert,
  int,
  isLWTError,
  isNull,
  json,
  keyOf,
  lt,
  type LWTErrorCode,
  ne,
  noneOf,
  not,
  notExists,
  oneOf,
  or,
  replace,
  scalarTypes,
  type ScalarKind,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { inspect } from 'node:util';
import { freshKey } from './fresh-key.ts';
import { untyped } from './operators.ts';
import type { Case } from './run-cases.ts';
import { samples } from './samples.ts';
import { column, guarded, kinds } from './tables.ts';

const t = defineTable('input', { columns: { id: text(), n: int(), s: text().notNull(), doc: json<unknown>() }, partitionKey: ['id'] });
const other = defineTable('other', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const c = t.columns;
const key = { id: 'x' };
/** Past the compiler, which catches most of these. */
const wrong = (value: unknown): never => value as never;

/** A mistake, the code of its error, and what the message names. */
type Mistake = readonly [name: string, code: LWTErrorCode, names: readonly string[], make: () => unknown];

const mistakes: readonly Mistake[] = [
  ['unknown column in set', 'invalid-statement', ['input', 'nope'], () => update(t, key, wrong({ set: { nope: 1 }, if: exists() }))],
  [
    'unknown column in a row',
    'invalid-statement',
    ['input', 'nope'],
    () => insert(t, wrong({ ...key, s: 'x', nope: 1 }), { if: notExists() }),
  ],
  ['unknown column in a record', 'invalid-statement', ['input', 'nope'], () => update(t, key, wrong({ set: { n: 1 }, if: { nope: 1 } }))],
  ['unknown column to read', 'invalid-statement', ['input', 'nope'], () => get(t, key, wrong({ columns: ['nope'] }))],
  [
    'an option of a change that there is not',
    'invalid-statement',
    ['update', 'ttl', 'set, if'],
    () => update(t, key, wrong({ set: { n: 1 }, if: exists(), ttl: 60 })),
  ],
  [
    'an option of an insert that there is not',
    'invalid-statement',
    ['insert', 'ttl'],
    () => insert(t, { ...key, s: 'x' }, wrong({ if: notExists(), ttl: 60 })),
  ],
  ['an option of a read that there is not', 'invalid-statement', ['get', 'column'], () => get(t, key, wrong({ column: ['n'] }))],
  ['a column that is none', 'invalid-statement', ['eq'], () => eq(wrong(undefined), wrong(1))],
  ['undefined in set', 'invalid-value', ['input', 'n', 'undefined'], () => update(t, key, wrong({ set: { n: undefined }, if: exists() }))],
  [
    'undefined in a row',
    'invalid-value',
    ['input', 'n', 'undefined'],
    () => insert(t, wrong({ ...key, s: 'x', n: undefined }), { if: notExists() }),
  ],
  [
    'undefined in a record',
    'invalid-value',
    ['input', 'n', 'undefined'],
    () => update(t, key, wrong({ set: { n: 1 }, if: { n: undefined } })),
  ],
  ['undefined operand', 'invalid-value', ['input', 'n', 'undefined'], () => eq(c.n, wrong(undefined))],
  ['undefined in a list', 'invalid-value', ['input', 'n', 'undefined'], () => oneOf(c.n, wrong([1, undefined]))],
  ['a hole in a list', 'invalid-value', ['input', 'n'], () => oneOf(c.n, wrong(Array(1)))],
  ['R9 eq null names isNull', 'invalid-value', ['isNull'], () => eq(c.n, wrong(null))],
  ['R9 ne null names isNotNull', 'invalid-value', ['isNotNull'], () => ne(c.n, wrong(null))],
  ['R9 null in oneOf names isNull', 'invalid-value', ['isNull'], () => oneOf(c.n, wrong([1, null]))],
  ['R9 null in noneOf names isNotNull', 'invalid-value', ['isNotNull'], () => noneOf(c.n, wrong([null]))],
  ['a list that is none', 'invalid-value', ['oneOf'], () => oneOf(c.n, wrong(1))],
  ['null bound', 'invalid-value', ['input', 'n'], () => between(c.n, wrong(null), 1)],
  [
    'null for a notNull column in set',
    'invalid-value',
    ['input', 's', 'null'],
    () => update(t, key, wrong({ set: { s: null }, if: exists() })),
  ],
  [
    'null for a notNull column in a row',
    'invalid-value',
    ['input', 's', 'null'],
    () => insert(t, wrong({ ...key, s: null }), { if: notExists() }),
  ],
  ['a missing notNull column', 'invalid-statement', ['input', 's'], () => insert(t, wrong(key), { if: notExists() })],
  [
    'R3 an upsert without a notNull column',
    'invalid-statement',
    ['input', 's'],
    () => upsert(t, key, wrong({ set: { n: 1 }, if: isNull(c.s) })),
  ],
  ['a missing key column', 'invalid-statement', ['input', 'id'], () => get(t, wrong({}))],
  ['a missing key', 'invalid-statement', ['input'], () => get(t, wrong(undefined))],
  ['a null key', 'invalid-value', ['input', 'id', 'null'], () => get(t, wrong({ id: null }))],
  ['an undefined key', 'invalid-value', ['input', 'id', 'undefined'], () => get(t, wrong({ id: undefined }))],
  ['an empty key', 'invalid-value', ['input', 'id', 'non-empty'], () => get(t, { id: '' })],
  ['a key with something more', 'invalid-statement', ['input', 'n'], () => get(t, wrong({ id: 'x', n: 1 }))],
  ['a key column in set', 'invalid-statement', ['input', 'id'], () => update(t, key, wrong({ set: { id: 'y' }, if: exists() }))],
  ['a key column in a condition', 'invalid-statement', ['input', 'id'], () => eq(wrong(c.id), wrong('x'))],
  ['a key column in a record', 'invalid-statement', ['input', 'id'], () => update(t, key, wrong({ set: { n: 1 }, if: { id: 'x' } }))],
  ['empty and()', 'invalid-statement', ['and'], () => and()],
  ['empty or()', 'invalid-statement', ['or'], () => or()],
  ['not() of nothing', 'invalid-statement', ['not'], () => not(wrong(undefined))],
  ['and() of something else', 'invalid-statement', ['and'], () => and(wrong({ n: 1 }))],
  ['empty set', 'invalid-statement', ['set'], () => update(t, key, { set: {}, if: exists() })],
  ['no set', 'invalid-statement', ['set'], () => update(t, key, wrong({ if: exists() }))],
  ['empty if', 'invalid-statement', ['exists()'], () => update(t, key, { set: { n: 1 }, if: {} })],
  ['no if', 'invalid-statement', ['conditional'], () => update(t, key, wrong({ set: { n: 1 } }))],
  ['no if on delete', 'invalid-statement', ['conditional'], () => deleteRow(t, key, wrong(undefined))],
  ['no if on insert', 'invalid-statement', ['notExists'], () => insert(t, { ...key, s: 'x' }, wrong(undefined))],
  ['R12 exists() inside and()', 'invalid-statement', ['alone'], () => and(wrong(exists()), eq(c.n, 1))],
  ['R12 notExists() inside not()', 'invalid-statement', ['alone'], () => not(wrong(notExists()))],
  ['R12 exists() in insert', 'invalid-statement', ['notExists'], () => insert(t, { ...key, s: 'x' }, wrong({ if: exists() }))],
  ['R12 notExists() in update', 'invalid-statement', ['insert'], () => update(t, key, wrong({ set: { n: 1 }, if: notExists() }))],
  ['R12 exists() in upsert', 'invalid-statement', ['isNull'], () => upsert(t, key, wrong({ set: { s: 'x' }, if: exists() }))],
  ['R3 an upsert that always holds', 'invalid-statement', ['always'], () => upsert(t, key, { set: { s: 'x' }, if: noneOf(c.n, []) })],
  [
    "another table's column",
    'invalid-statement',
    ['other', 'n'],
    () => update(t, key, wrong({ set: { n: 1 }, if: eq(other.columns.n, 1) })),
  ],
  ['columns of two tables', 'invalid-statement', ['other'], () => eq(c.n, wrong(other.columns.n))],
  ['columns of two types', 'invalid-statement', ['int', 'text'], () => eq(c.n, wrong(c.s))],
  ['an order that json does not have', 'invalid-statement', ['json'], () => lt(wrong(c.doc), wrong(1))],
  ['an equality that json does not have', 'invalid-statement', ['json'], () => eq(wrong(c.doc), wrong(1))],
  ['a prefix of a number', 'invalid-statement', ['int'], () => beginsWith(wrong(c.n), '1')],
  ['a prefix that is a number', 'invalid-value', ['input', 's'], () => beginsWith(c.s, wrong(1))],
  ['a consistency that is none', 'invalid-statement', ['consistency'], () => get(t, key, wrong({ consistency: 'all' }))],
  ['no columns to read', 'invalid-statement', ['columns'], () => get(t, key, { columns: [] })],
  ['a key that lacks a column', 'invalid-statement', ['id'], () => keyOf(t, wrong({ n: 1 }))],
  ['a replace without a notNull column', 'invalid-statement', ['input', 's'], () => replace(t, wrong(key), { if: exists() })],
  ['a table that is none', 'invalid-statement', ['defineTable'], () => get(wrong({}), wrong(key))],
];

/** Every mistake is an error of the closed list before anything is sent, and names what is wrong. */
export const mistakeCases: readonly Case[] = mistakes.map(([name, code, names, make]) => ({
  name,
  run: async () => {
    const error = thrownBy(make);
    if (!isLWTError(error)) return [`threw ${String(error)}`];
    const missing = names.filter((part) => !error.message.includes(part));
    const problems = missing.length > 0 ? [`"${error.message}" does not name ${missing.join(', ')}`] : [];
    if (error.code !== code) problems.push(`code ${error.code}, expected ${code}: ${error.message}`);
    if (error.outcome !== 'not-applied') problems.push(`outcome ${error.outcome}`);
    return problems;
  },
}));

/** Values of another type, or that would have to be rounded, in rows and in conditions alike. */
export const wrongValueCases: readonly Case[] = kinds.flatMap((kind) =>
  samples[kind].wrong.flatMap((value) => [
    {
      name: `${kind} ← ${inspect(value)} in a row`,
      run: async () =>
        wrongValue(kind, () => insert(guarded, { ...freshKey(guarded), guard: 'x', [`a_${kind}`]: value }, { if: notExists() })),
    },
    ...(scalarTypes[kind].comparable
      ? [{ name: `${kind} = ${inspect(value)}`, run: async () => wrongValue(kind, () => untyped.eq(column(guarded, `a_${kind}`), value)) }]
      : []),
    ...(scalarTypes[kind].ordered
      ? [{ name: `${kind} > ${inspect(value)}`, run: async () => wrongValue(kind, () => untyped.gt(column(guarded, `a_${kind}`), value)) }]
      : []),
  ]),
);

function wrongValue(kind: ScalarKind, make: () => unknown): readonly string[] {
  const error = thrownBy(make);
  if (!isLWTError(error)) return [`threw ${String(error)}`];
  const named = error.message.includes(`guarded.a_${kind}`);
  return error.code === 'invalid-value' && named ? [] : [`${error.code}: ${error.message}`];
}

function thrownBy(make: () => unknown): unknown {
  try {
    make();
    return 'nothing';
  } catch (error) {
    return error;
  }
}

/** The methods of a client reject, and never throw. */
export async function checkRejections(db: Client): Promise<readonly string[]> {
  const problems: string[] = [];
  const calls: readonly (() => Promise<unknown>)[] = [
    () => db.update(t, key, wrong({ set: {}, if: exists() })),
    () => db.insert(t, wrong({}), wrong({})),
    () => db.delete(t, wrong({}), { if: exists() }),
    () => db.upsert(t, key, wrong({})),
    () => db.replace(t, wrong(null), wrong(null)),
    () => db.get(t, wrong(null)),
    () => db.execute(wrong({ kind: 'update' })),
    () => db.execute(wrong(null)),
    () => db.get(t, key, { timeoutMs: -1 }),
    () => db.update(t, key, { set: { n: 1 }, if: gt(c.n, 1) }, wrong({ existing: 'all' })),
  ];
  for (const [index, call] of calls.entries()) {
    try {
      await call().then(
        () => problems.push(`call ${index} succeeded`),
        (error: unknown) => void (isLWTError(error) || problems.push(`call ${index} rejected with ${String(error)}`)),
      );
    } catch (error) {
      problems.push(`call ${index} threw ${String(error)}`);
    }
  }
  return problems;
}
