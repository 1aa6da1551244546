import {
  and,
  append,
  beginsWith,
  between,
  contains,
  createClient,
  defineTable,
  deleteRow,
  entry,
  eq,
  exists,
  get,
  gt,
  gte,
  increment,
  insert,
  int,
  isLWTError,
  isNotNull,
  isNull,
  item,
  type LWTError,
  lt,
  lte,
  ne,
  noneOf,
  not,
  notExists,
  oneOf,
  or,
  portability,
  prepend,
  replace,
  size,
  type Statement,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { keyspacesDialect, type KeyspacesDialectOptions } from '@onlyif/keyspaces';
import { memory } from '@onlyif/memory';
import { describe, expect, test } from 'vitest';
import { bare, profiles } from './profiles-table.ts';

const p = profiles.columns;
const key = { account_id: 'B', profile_id: '2' };
const on = (condition: unknown): Statement => update(profiles, key, { set: { playing_time: 7 }, if: condition as never });
const dialect = keyspacesDialect({ keyspace: 'app' });

const where = ' WHERE "account_id" = ? AND "profile_id" = ?';
const change = `UPDATE "app"."account_user_profile" SET "playing_time" = ?${where} IF `;

function refusalOf(statement: Statement, options: KeyspacesDialectOptions = {}): LWTError {
  try {
    keyspacesDialect({ keyspace: 'app', ...options }).compile(statement);
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('native: what the AWS article on lightweight transactions shows', () => {
  const golden: readonly (readonly [name: string, statement: Statement, cql: string])[] = [
    [
      'insert',
      insert(profiles, { ...key, name: 'Emma', playing_time: 500 }, { if: notExists() }),
      'INSERT INTO "app"."account_user_profile" ("account_id", "profile_id", "name", "playing_time") VALUES (?, ?, ?, ?) IF NOT EXISTS',
    ],
    ['exists', on(exists()), `${change}EXISTS`],
    ['delete', deleteRow(profiles, key, { if: exists() }), `DELETE FROM "app"."account_user_profile"${where} IF EXISTS`],
    ['replace', replace(bare, { id: 'x', v: 1 }, { if: exists() }), 'UPDATE "app"."bare" SET "v" = ?, "w" = ? WHERE "id" = ? IF EXISTS'],
    [
      "profile_version = 'v0' and playing_time != 700",
      on(and(eq(p.profile_version, 'v0'), ne(p.playing_time, 700))),
      `${change}"profile_version" = ? AND "playing_time" != ?`,
    ],
    ['<', on(lt(p.playing_time, 1)), `${change}"playing_time" < ?`],
    ['<=', on(lte(p.playing_time, 1)), `${change}"playing_time" <= ?`],
    ['>', on(gt(p.playing_time, 1)), `${change}"playing_time" > ?`],
    ['>=', on(gte(p.playing_time, 1)), `${change}"playing_time" >= ?`],
    [
      'R3, R12 UPDATE … IF profile_version = null inserts',
      upsert(profiles, key, { set: { name: 'Emma' }, if: isNull(p.profile_version) }),
      `UPDATE "app"."account_user_profile" SET "name" = ?${where} IF "profile_version" = null`,
    ],
    [
      '= null beside what only a row fulfils',
      on(and(isNull(p.modify_time), eq(p.name, 'x'))),
      `${change}"modify_time" = null AND "name" = ?`,
    ],
    ['oneOf of one value is =', on(oneOf(p.profile_version, ['v0'])), `${change}"profile_version" = ?`],
    [
      'between: two clauses on one column, by the grammar',
      on(between(p.playing_time, 1, 3)),
      `${change}"playing_time" >= ? AND "playing_time" <= ?`,
    ],
    ['beginsWith', on(beginsWith(p.name, 'ab')), `${change}"name" >= ? AND "name" < ?`],
    ['eq of a whole collection', on(eq(p.tags, new Set(['a']))), `${change}"tags" = ?`],
    [
      'isNull of a collection in an upsert',
      upsert(profiles, key, { set: { name: 'x' }, if: isNull(p.tags) }),
      `UPDATE "app"."account_user_profile" SET "name" = ?${where} IF "tags" = null`,
    ],
    [
      'append',
      update(profiles, key, { set: { steps: append(1) }, if: exists() }),
      `UPDATE "app"."account_user_profile" SET "steps" = "steps" + ?${where} IF EXISTS`,
    ],
    ['get', get(bare, { id: 'x' }), 'SELECT "id", "v", "w" FROM "app"."bare" WHERE "id" = ?'],
  ];
  test.each(golden)('%s', (_, statement, cql) => {
    const compiled = dialect.compile(statement);
    expect(compiled.cql).toBe(cql);
    expect(compiled.cql.match(/\?/g) ?? []).toHaveLength(compiled.bytes.length);
  });
  test('no text holds IN or != null', () => {
    for (const [, , cql] of golden) expect(cql).not.toMatch(/ IN |!= null/);
  });
});

describe('refused, with the reason and its source; emulated where that is asked for', () => {
  const functional = '(Developer Guide, "Functional differences")';
  const emulated: readonly (readonly [name: string, statement: Statement, reason: string, write: string])[] = [
    ['oneOf', on(oneOf(p.profile_version, ['a', 'b'])), functional, '"profile_version" = ?'],
    [
      'R11 or of isNull and values',
      on(or(isNull(p.profile_version), eq(p.profile_version, 'a'))),
      functional,
      '"profile_version" = ? AND "name" = ?',
    ],
    ['ne of a whole collection', on(ne(p.tags, new Set(['a']))), functional, '"tags" = ? AND "name" = ?'],
    ['noneOf of whole collections', on(noneOf(p.steps, [[1], [2]])), functional, '"steps" = ? AND "name" = ?'],
    ['isNotNull', on(isNotNull(p.playing_time)), 'undocumented.notNull', '"playing_time" = ?'],
    ['R2 the guard of isNull', on(isNull(p.playing_time)), 'undocumented.notNull', '"playing_time" = ? AND "name" = ?'],
    ['R2 the guard of ne', on(ne(p.playing_time, 1)), 'undocumented.notNull', '"playing_time" = ? AND "name" = ?'],
    ['R2 the guard column itself is pinned once', on(ne(p.name, 'x')), 'undocumented.notNull', '"name" = ?'],
    ['R10 what never holds', on(oneOf(p.playing_time, [])), 'undocumented.notNull', '"playing_time" = ?'],
    ['entry', on(eq(entry(p.limits, 'daily'), 1)), 'undocumented.elements', '"limits" = ?'],
    [
      'isNull of an entry',
      on(and(isNull(entry(p.limits, 'daily')), eq(p.name, 'x'))),
      'undocumented.elements',
      '"limits" = ? AND "name" = ?',
    ],
    ['item', on(lt(item(p.steps, 0), 1)), 'undocumented.elements', '"steps" = ?'],
    ['contains', on(contains(p.tags, 'a')), 'CONTAINS', '"tags" = ?'],
    ['size', on(eq(size(p.tags), 2)), 'size', '"tags" = ?'],
    ['or', on(or(eq(p.playing_time, 1), eq(p.name, 'x'))), 'OR', '"playing_time" = ? AND "name" = ?'],
    ['not', on(not(lt(p.playing_time, 1))), 'NOT', '"playing_time" = ? AND "name" = ?'],
    ['prepend', update(profiles, key, { set: { steps: prepend(1) }, if: exists() }), 'clock', '"steps" = ? AND "name" = ?'],
    ['increment', update(profiles, key, { set: { playing_time: increment(1) }, if: exists() }), 'n + ?', '"playing_time" = ?'],
  ];
  test.each(emulated)('%s', (_, statement, reason, write) => {
    const error = refusalOf(statement);
    expect([error.code, error.outcome, error.alternative]).toEqual(['unsupported', 'not-applied', 'emulate: true']);
    expect(error.message).toContain(reason);
    expect(error.message).toMatch(/\(Developer Guide, "|AWS Database Blog, "|CQL reference, "/);
    const [explained] = portability(statement, [dialect]);
    const [read, last] = (explained?.requests ?? []) as readonly { readonly cql: string }[];
    expect(read?.cql).toContain('SELECT');
    expect(last?.cql.split(' IF ')[1]).toBe(write);
    expect(last?.cql).not.toMatch(/ IN |!= null/);
  });

  test('json: what is stored need not be the text that we would write, so it cannot be pinned to it', () => {
    for (const condition of [isNotNull(p.doc), isNull(p.doc), or(isNull(p.doc), eq(p.playing_time, 1))]) {
      const [explained] = portability(on(condition), [dialect]);
      expect([explained?.verdict, explained?.alternative]).toEqual(['refused', expect.stringContaining('undocumented: { notNull: true }')]);
    }
    expect(portability(on(and(isNull(p.doc), eq(p.name, 'x'))), [dialect])[0]?.verdict).toBe('native');
  });
  test('R2 without a notNull column, also with emulation', () => {
    const [explained] = portability(update(bare, { id: 'x' }, { set: { w: 1 }, if: isNull(bare.columns.v) }), [dialect]);
    expect([explained?.verdict, explained?.alternative]).toEqual(['refused', expect.stringContaining('notNull()')]);
  });
});

describe('settings send what is not documented', () => {
  const cqlOf = (statement: Statement, undocumented: KeyspacesDialectOptions['undocumented']): string =>
    keyspacesDialect({ keyspace: 'app', ...(undocumented && { undocumented }) }).compile(statement).cql;
  test('notNull', () => {
    const set = { notNull: true };
    expect(cqlOf(on(isNotNull(p.playing_time)), set)).toBe(`${change}"playing_time" != null`);
    expect(cqlOf(on(ne(p.playing_time, 1)), set)).toBe(`${change}"playing_time" != ? AND "name" != null`);
    expect(keyspacesDialect({ undocumented: set }).capabilities.pinsGuard).toBeUndefined();
    const [emulated] = portability(on(or(isNull(p.playing_time), isNull(p.modify_time))), [keyspacesDialect({ undocumented: set })]);
    expect(emulated?.notes[0]).toContain('values of playing_time, modify_time;');
    expect(refusalOf(on(eq(entry(p.limits, 'a'), 1)), { undocumented: set }).message).toContain('undocumented.elements');
  });
  test('elements', () => {
    expect(cqlOf(on(eq(entry(p.limits, 'daily'), 1)), { elements: true })).toBe(`${change}"limits"[?] = ?`);
    expect(refusalOf(on(isNotNull(p.playing_time)), { undocumented: { elements: true } }).message).toContain('undocumented.notNull');
  });
  test('another name is no setting', () => {
    expect(() => keyspacesDialect({ undocumented: { noNull: true } as never })).toThrow(/noNull/);
  });
});

describe('answers, costs and limits', () => {
  test('a strong read does not close a write (R35)', () => {
    expect(dialect.capabilities).toMatchObject({ readCloses: false, pinsGuard: true });
  });
  test('R34 a read is needed wherever the answer may not tell', () => {
    expect(dialect.compile(on(eq(p.name, 'x'))).cost.roundTrips).toEqual({ applied: 1, notApplied: 2, rowAbsent: 2 });
    expect(dialect.compile(on(eq(p.name, 'x')), { existing: 'none' }).cost.roundTrips).toEqual({ applied: 1, notApplied: 1, rowAbsent: 1 });
    expect(dialect.compile(on(exists())).cost.roundTrips).toEqual({ applied: 1, notApplied: 1, rowAbsent: 1 });
  });
  test('a false condition is billed by the size of the row', () => {
    expect(dialect.compile(on(eq(p.name, 'x'))).cost.capacity).toEqual({
      applied: '1 write unit for each started KB of the row',
      notApplied: '1 write unit for each started KB of the row; then 1 read unit for each started 4 KB of it',
      rowAbsent: '1 write unit; of an insert, for each started KB of the row; then 1 read unit',
    });
    expect(dialect.compile(get(bare, { id: 'x' }, { consistency: 'eventual' })).cost.capacity?.applied).toContain('0.5 read unit');
  });
  test('an emulated statement costs its read, and its pinned write where it comes to that', () => {
    const [explained] = portability(on(or(eq(p.name, 'x'), eq(p.name, 'y'), isNull(p.playing_time))), [dialect]);
    const read = '1 read unit for each started 4 KB of the row';
    expect([explained?.verdict, explained?.cost?.capacity]).toEqual([
      'emulated',
      { applied: `${read}; then 1 write unit for each started KB of the row`, notApplied: read, rowAbsent: '1 read unit' },
    ]);
  });
  test('more than 225 columns in one statement, a quota', () => {
    const columns = Object.fromEntries(Array.from({ length: 226 }, (_, i) => [`c${i}`, int()]));
    const wide = defineTable('wide', { columns: { id: text(), ...columns }, partitionKey: ['id'] });
    const values = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, i]));
    const error = refusalOf(insert(wide, { id: 'x', ...values(226) }, { if: notExists() }));
    expect([error.code, error.message]).toEqual([
      'limit-exceeded',
      expect.stringContaining('sets 226 columns; Amazon Keyspaces takes 225'),
    ]);
    expect(refusalOf(replace(wide, { id: 'x' }, { if: exists() })).code).toBe('limit-exceeded');
    expect(dialect.compile(insert(wide, { id: 'x', ...values(225) }, { if: notExists() })).bytes).toHaveLength(226);
  });
  test.each([
    ['partition', { account_id: 'x'.repeat(2049), profile_id: '1' }, 'a partition key has at most 2048 bytes'],
    ['clustering', { account_id: 'x', profile_id: 'é'.repeat(426) }, 'a clustering key has at most 850 bytes'],
  ])('a %s key that is too long', (_, longKey, message) => {
    const error = refusalOf(get(profiles, longKey));
    expect([error.code, error.message]).toEqual(['limit-exceeded', expect.stringContaining(message)]);
  });
  test('keys at the limit', () => {
    expect(dialect.compile(get(profiles, { account_id: 'x'.repeat(2048), profile_id: 'é'.repeat(425) })).bytes).toHaveLength(2);
  });
});

test('memory({ like: keyspacesDialect() }) refuses the same, and emulates on request', async () => {
  const db = createClient(memory({ like: keyspacesDialect() }));
  await db.insert(profiles, { ...key, name: 'Emma' }, { if: notExists() });
  const locked = update(profiles, key, { set: { playing_time: 1 }, if: isNull(p.playing_time) });
  await expect(db.execute(locked)).rejects.toMatchObject({ code: 'unsupported', dialect: 'keyspaces', alternative: 'emulate: true' });
  expect(await db.execute(locked, { emulate: true })).toEqual({ applied: true });
  expect(await db.execute(locked, { emulate: true })).toMatchObject({ applied: false, existing: { playing_time: 1 } });
});
