import {
  and,
  beginsWith,
  between,
  deleteRow,
  eq,
  exists,
  get,
  gt,
  insert,
  isNotNull,
  isNull,
  lt,
  ne,
  noneOf,
  not,
  notExists,
  oneOf,
  or,
  replace,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { bare, compilers, type CqlDialectName, locks } from './locks-table.ts';

type Texts = { readonly [D in CqlDialectName]: string };
const same = (text: string): Texts => ({ cassandra: text, scylla: text });
/** ScyllaDB needs a notNull column in the answer to tell an absent row (R34). */
const guardedOnScylla = (text: string, guard = ' AND "owner" != null'): Texts => ({ cassandra: text, scylla: text + guard });

const c = locks.columns;
const key = { id: 'x', at: 7 };
const when = new Date(5);
const where = ' WHERE "id" = ? AND "Select" = ?';
const set = 'UPDATE "app"."Deploy_Locks" SET "until" = ?';
const setUntil = (condition: unknown): Statement => update(locks, key, { set: { until: when }, if: condition as never });

const golden: readonly (readonly [name: string, statement: Statement, texts: Texts, parameters: readonly unknown[]])[] = [
  [
    'insert, in the order of the definition, nulls left out',
    insert(locks, { also: 2, until: null, owner: 'me', at: 7, id: 'x' }, { if: notExists() }),
    same('INSERT INTO "app"."Deploy_Locks" ("id", "Select", "owner", "also") VALUES (?, ?, ?, ?) IF NOT EXISTS'),
    ['x', 7, 'me', 2],
  ],
  ['update, exists', setUntil(exists()), same(`${set}${where} IF EXISTS`), [when, 'x', 7]],
  [
    'update, columns in the order of the definition, quotes doubled',
    update(locks, { at: 7, id: 'x' }, { set: { n: null, until: when }, if: eq(c.owner, 'me') }),
    same('UPDATE "app"."Deploy_Locks" SET "until" = ?, "Mi""x, ed" = ? WHERE "id" = ? AND "Select" = ? IF "owner" = ?'),
    [when, null, 'x', 7, 'me'],
  ],
  [
    'R6 replace: an UPDATE that names every regular column',
    replace(locks, { ...key, owner: 'me', also: 1 }, { if: exists() }),
    same('UPDATE "app"."Deploy_Locks" SET "owner" = ?, "until" = ?, "Mi""x, ed" = ?, "also" = ? WHERE "id" = ? AND "Select" = ? IF EXISTS'),
    ['me', null, null, 1, 'x', 7],
  ],
  [
    'delete',
    deleteRow(locks, key, { if: { owner: 'me' } }),
    same(`DELETE FROM "app"."Deploy_Locks"${where} IF "owner" = ?`),
    ['x', 7, 'me'],
  ],
  [
    'get',
    get(locks, key),
    same(`SELECT "id", "Select", "owner", "until", "Mi""x, ed", "also" FROM "app"."Deploy_Locks"${where}`),
    ['x', 7],
  ],
  [
    'get of columns',
    get(locks, key, { columns: ['n', 'id'] }),
    same(`SELECT "Mi""x, ed", "id" FROM "app"."Deploy_Locks"${where}`),
    ['x', 7],
  ],
  ['R1 eq implies the row', setUntil(eq(c.n, 1)), guardedOnScylla(`${set}${where} IF "Mi""x, ed" = ?`), [when, 'x', 7, 1]],
  ['R1 isNotNull implies the row', setUntil(isNotNull(c.n)), guardedOnScylla(`${set}${where} IF "Mi""x, ed" != null`), [when, 'x', 7]],
  [
    'R1, R2 ne does not: the first notNull column guards',
    setUntil(ne(c.n, 1)),
    same(`${set}${where} IF "Mi""x, ed" != ? AND "owner" != null`),
    [when, 'x', 7, 1],
  ],
  ['R2 isNull does not', setUntil(isNull(c.n)), same(`${set}${where} IF "Mi""x, ed" = null AND "owner" != null`), [when, 'x', 7]],
  [
    'R2 noneOf does not',
    setUntil(noneOf(c.n, [1, 2])),
    same(`${set}${where} IF "Mi""x, ed" != ? AND "Mi""x, ed" != ? AND "owner" != null`),
    [when, 'x', 7, 1, 2],
  ],
  [
    'R1 a condition on the second notNull column is a guard of its own',
    setUntil(eq(c.also, 1)),
    same(`${set}${where} IF "also" = ?`),
    [when, 'x', 7, 1],
  ],
  [
    'R1 and: one member is enough',
    setUntil(and(ne(c.n, 1), gt(c.also, 0))),
    same(`${set}${where} IF "Mi""x, ed" != ? AND "also" > ?`),
    [when, 'x', 7, 1, 0],
  ],
  ['between', setUntil(between(c.also, 1, 3)), same(`${set}${where} IF "also" >= ? AND "also" <= ?`), [when, 'x', 7, 1, 3]],
  ['oneOf', setUntil(oneOf(c.also, [1, 3])), same(`${set}${where} IF "also" IN ?`), [when, 'x', 7, [1, 3]]],
  [
    'R13 beginsWith',
    setUntil(beginsWith(c.owner, 'ab')),
    same(`${set}${where} IF "owner" >= ? AND "owner" < ?`),
    [when, 'x', 7, 'ab', 'ac'],
  ],
  [
    'R13 beginsWith without an upper bound',
    setUntil(beginsWith(c.owner, '\u{10ffff}')),
    same(`${set}${where} IF "owner" >= ?`),
    [when, 'x', 7, '\u{10ffff}'],
  ],
  [
    'R10 the constant false',
    setUntil(oneOf(c.n, [])),
    guardedOnScylla(`${set}${where} IF "Mi""x, ed" = null AND "Mi""x, ed" != null`),
    [when, 'x', 7],
  ],
  ['R10 a tautology keeps its IF', setUntil(noneOf(c.n, [])), same(`${set}${where} IF EXISTS`), [when, 'x', 7]],
  [
    'R3, R12 an upsert that may create has no guard',
    upsert(locks, key, { set: { owner: 'me', also: 1 }, if: isNull(c.owner) }),
    same(`UPDATE "app"."Deploy_Locks" SET "owner" = ?, "also" = ?${where} IF "owner" = null`),
    ['me', 1, 'x', 7],
  ],
  [
    'R3 an upsert that is true on nulls has no guard, on ScyllaDB neither: it would never create',
    upsert(locks, key, { set: { owner: 'me', also: 1 }, if: ne(c.n, 1) }),
    same(`UPDATE "app"."Deploy_Locks" SET "owner" = ?, "also" = ?${where} IF "Mi""x, ed" != ?`),
    ['me', 1, 'x', 7, 1],
  ],
  [
    'an upsert that only a live row fulfils needs no notNull column',
    upsert(bare, { id: 'x' }, { set: { v: 1 }, if: eq(bare.columns.w, 2) }),
    same('UPDATE "app"."bare" SET "v" = ? WHERE "id" = ? IF "w" = ?'),
    [1, 'x', 2],
  ],
];

describe.each(Object.keys(compilers) as CqlDialectName[])('golden CQL of %s', (dialect) => {
  test.each(golden)('%s', (_, statement, texts, parameters) => {
    const { cql, requests, bytes } = compilers[dialect].compile(statement);
    expect(cql).toBe(texts[dialect]);
    expect(requests).toEqual([{ cql, parameters }]);
    expect(bytes.map((value) => value === null)).toEqual(parameters.map((value) => value === null));
    expect(cql.match(/\?/g)).toHaveLength(parameters.length);
  });
});

describe('R34 the guard that tells an absent row on ScyllaDB', () => {
  const statement = setUntil(eq(c.n, 1));
  test.each([
    ['row', '"Mi""x, ed" = ? AND "owner" != null'],
    ['condition', '"Mi""x, ed" = ? AND "owner" != null'],
    ['none', '"Mi""x, ed" = ?'],
  ] as const)("existing: '%s'", (existing, condition) => {
    expect(compilers.scylla.compile(statement, { existing }).cql).toBe(`${set}${where} IF ${condition}`);
    expect(compilers.cassandra.compile(statement, { existing }).cql).toBe(`${set}${where} IF "Mi""x, ed" = ?`);
  });
  test("R2 one that the condition needs stays under 'none'", () => {
    expect(compilers.scylla.compile(setUntil(ne(c.n, 1)), { existing: 'none' }).cql).toContain('AND "owner" != null');
  });
  test('is not added where there is no notNull column', () => {
    const { cql, answer } = compilers.scylla.compile(update(bare, { id: 'x' }, { set: { v: 1 }, if: eq(bare.columns.w, 1) }));
    expect([cql, answer.guard]).toEqual(['UPDATE "app"."bare" SET "v" = ? WHERE "id" = ? IF "w" = ?', undefined]);
  });
});

describe('texts and shapes', () => {
  test('one shape has one text, whatever the values', () => {
    const [a, b] = [setUntil(eq(c.n, 1)), setUntil(eq(c.n, 2))].map((statement) => compilers.cassandra.compile(statement));
    expect(a?.answer).toBe(b?.answer);
    expect([a?.bytes.at(-1), b?.bytes.at(-1)]).toEqual([Buffer.from([0, 0, 0, 1]), Buffer.from([0, 0, 0, 2])]);
  });
  test('R3 no write leaves without an IF', () => {
    for (const [, statement, texts] of golden) if (statement.kind !== 'get') expect(texts.cassandra).toContain(' IF ');
  });
  test('not of an ordering, or, and pairs are no CQL, wherever they stand', () => {
    for (const condition of [
      not(lt(c.n, 1)),
      or(isNull(c.n), lt(c.n, 1)),
      eq(c.n, c.also),
      and(eq(c.owner, 'x'), or(eq(c.n, 1), eq(c.also, 1))),
    ])
      expect(() => compilers.cassandra.compile(setUntil(condition))).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error);
  });
});
