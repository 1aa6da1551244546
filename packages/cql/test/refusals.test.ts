import {
  and,
  decimal,
  defineTable,
  double,
  eq,
  exists,
  float,
  get,
  insert,
  int,
  isLWTError,
  isNull,
  lt,
  type LWTError,
  ne,
  not,
  notExists,
  or,
  type Statement,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { CqlCompiler, ddl } from '@onlyif/cql';
import { describe, expect, test } from 'vitest';
import { bare, compilers, type CqlDialectName, locks, settings } from './locks-table.ts';

function refusalOf(make: () => unknown): LWTError {
  try {
    make();
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const key = { id: 'x' };
const on = (condition: unknown): Statement => update(bare, key, { set: { w: 1 }, if: condition as never });
const { v, w } = bare.columns;

describe.each(Object.keys(compilers) as CqlDialectName[])('%s refuses, with a reason and an alternative', (dialect) => {
  const refused: readonly (readonly [name: string, reason: string, alternative: string, statement: () => Statement])[] = [
    ['R2 ne without a notNull column', 'absent row', 'notNull()', () => on(ne(v, 1))],
    ['R2 isNull without a notNull column', 'absent row', 'notNull()', () => on(isNull(v))],
    [
      'R3 an upsert that may create, without one',
      'no notNull column',
      'notNull()',
      () => upsert(bare, key, { set: { v: 1 }, if: isNull(v) }),
    ],
    ['or, of which one may hold on nulls, without a notNull column', 'OR', 'split', () => on(or(eq(v, 1), isNull(w)))],
    ['not of an ordering, without a notNull column', 'NOT', 'split', () => on(not(lt(v, 1)))],
    ['two columns under ne, without a notNull column', 'two columns', 'split', () => on(ne(v, w))],
    ['or in an upsert, without a notNull column', 'OR', 'split', () => upsert(bare, key, { set: { v: 1 }, if: or(eq(v, 1), eq(w, 1)) })],
  ];
  test.each(refused)('%s', (_, reason, alternative, statement) => {
    const error = refusalOf(() => compilers[dialect].compile(statement()));
    expect([error.code, error.outcome]).toEqual(['unsupported', 'not-applied']);
    expect(error.message).toContain(reason);
    expect(error.alternative).toContain(alternative);
  });

  const onLocks = (condition: unknown): Statement => update(locks, { id: 'x', at: 1 }, { set: { n: 1 }, if: condition as never });
  const emulated: readonly (readonly [name: string, reason: string, statement: () => Statement])[] = [
    ['or that implies a row', 'OR', () => on(or(eq(v, 1), eq(w, 1)))],
    ['or that nulls fulfil, on a table with a notNull column', 'OR', () => onLocks(or(isNull(locks.columns.n), lt(locks.columns.n, 1)))],
    ['not of an ordering', 'NOT', () => onLocks(not(lt(locks.columns.n, 1)))],
    ['not of an ordering beside what implies a row', 'NOT', () => on(and(not(lt(v, 1)), eq(w, 1)))],
    ['two columns that imply a row', 'two columns', () => on(eq(v, w))],
    ['two columns under ne', 'two columns', () => onLocks(ne(locks.columns.n, locks.columns.also))],
    [
      'or in an upsert of a table with a notNull column',
      'OR',
      () =>
        upsert(
          locks,
          { id: 'x', at: 1 },
          { set: { owner: 'me', also: 1 }, if: or(isNull(locks.columns.owner), lt(locks.columns.until, new Date(5))) },
        ),
    ],
  ];
  test.each(emulated)('R2 with the alternative of emulation: %s', (_, reason, statement) => {
    const error = refusalOf(() => compilers[dialect].compile(statement()));
    expect([error.code, error.outcome, error.alternative]).toEqual(['unsupported', 'not-applied', 'emulate: true']);
    expect(error.message).toContain(reason);
  });
});

describe('tables', () => {
  const compiler = new CqlCompiler(settings.cassandra);
  const code = (statement: Statement): string => refusalOf(() => compiler.compile(statement)).code;

  const unfit: readonly (readonly [kind: string, statement: Statement])[] = [
    ['decimal', get(defineTable('keyed', { columns: { id: decimal() }, partitionKey: ['id'] }), { id: '1' })],
    ['float', get(defineTable('keyed', { columns: { id: float() }, partitionKey: ['id'] }), { id: 1 })],
    ['double', get(defineTable('keyed', { columns: { id: double() }, partitionKey: ['id'] }), { id: 1 })],
  ];
  test.each(unfit)('R17 a %s in the partition key', (kind, statement) => {
    const error = refusalOf(() => compiler.compile(statement));
    expect([error.code, error.message]).toEqual(['unsupported', expect.stringContaining(`keyed.id is ${kind}`)]);
    expect(error.alternative).toBeDefined();
  });
  test('R17 a decimal in the clustering key is none of these', () => {
    const table = defineTable('keyed', { columns: { id: text(), at: decimal(), n: int() }, partitionKey: ['id'], clusteringKey: ['at'] });
    expect(compiler.compile(get(table, { id: 'x', at: '1.0' })).cql).toContain('"at" = ?');
  });
  test('static columns', () => {
    const table = defineTable('shared', {
      columns: { id: text(), at: int(), s: int().static() },
      partitionKey: ['id'],
      clusteringKey: ['at'],
    });
    expect(code(get(table, { id: 'x', at: 1 }))).toBe('unsupported');
  });
  test.each(['a-b', 'a.b', 'é', 'x'.repeat(49), 'a b', 'a"; DROP'])('a table cannot be named %j', (named) => {
    const table = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'], named });
    const error = refusalOf(() => compiler.compile(get(table, key)));
    expect([error.code, error.alternative]).toEqual(['unsupported', expect.stringContaining('named')]);
    expect(() => ddl(table)).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error);
  });
  test('tableName may make a name fit', () => {
    const table = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'], named: 'a-b' });
    const renaming = new CqlCompiler({ ...settings.cassandra, tableName: (name) => `prod_${name.replace('-', '_')}` });
    expect(renaming.compile(get(table, key)).cql).toContain('FROM "app"."prod_a_b"');
  });
  test('a column may have any name', () => {
    const table = defineTable('t', { columns: { id: text(), n: int().named('é "x"; --') }, partitionKey: ['id'] });
    const statement = update(table, key, { set: { n: 1 }, if: exists() });
    expect(compiler.compile(statement).cql).toBe('UPDATE "app"."t" SET "é ""x""; --" = ? WHERE "id" = ? IF EXISTS');
  });
});

describe('limits', () => {
  test('a key of more than 65,535 bytes', () => {
    const insertOf = (id: string): Statement => insert(bare, { id }, { if: notExists() });
    expect(refusalOf(() => compilers.cassandra.compile(insertOf('x'.repeat(65_536)))).code).toBe('limit-exceeded');
    expect(refusalOf(() => compilers.cassandra.compile(insertOf('é'.repeat(32_768)))).code).toBe('limit-exceeded');
    expect(compilers.cassandra.compile(insertOf('x'.repeat(65_535))).bytes[0]).toHaveLength(65_535);
  });
});

test('ddl', () => {
  expect(ddl(locks, { keyspace: 'app' })).toBe(
    'CREATE TABLE "app"."Deploy_Locks" ("id" text, "Select" int, "owner" text, "until" timestamp, "Mi""x, ed" int, "also" int, PRIMARY KEY (("id"), "Select"))',
  );
  const wide = defineTable('wide', {
    columns: (t) => ({ a: t.uuid(), b: t.int(), c: t.date(), doc: t.json(), s: t.int().static() }),
    partitionKey: ['b', 'a'],
    clusteringKey: ['c'],
  });
  expect(ddl(wide)).toBe('CREATE TABLE "wide" ("b" int, "a" uuid, "c" date, "doc" text, "s" int static, PRIMARY KEY (("b", "a"), "c"))');
});
