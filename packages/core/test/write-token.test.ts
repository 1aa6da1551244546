import {
  and,
  createClient,
  defineTable,
  deleteRow,
  eq,
  get,
  insert,
  int,
  notExists,
  or,
  replace,
  type Row,
  size,
  text,
  list,
  update,
  uuid,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { fenceOf, pinOf } from '../src/statement/fence.ts';
import { StubAdapter } from './stub-adapter.ts';
import { rejectionOf, thrownBy } from './thrown-by.ts';

const columns = { id: text(), n: int(), token: text(), version: uuid(), tags: list(text()), mark: text().notNull() };
const table = defineTable('t', { columns, partitionKey: ['id'], writeToken: 'token', version: 'version' });
const plain = defineTable('plain', { columns, partitionKey: ['id'] });
const key = { id: 'x' };
const v1 = '11111111-1111-4111-8111-111111111111';
const v2 = '22222222-2222-4222-8222-222222222222';

describe('defineTable', () => {
  test.each([
    ['a column that is none', { writeToken: 'nosuch' }],
    ['a key column', { writeToken: 'id' }],
    ['a number', { writeToken: 'n' }],
    ['a notNull column', { writeToken: 'mark' }],
    ['a property of every object', { version: 'constructor' }],
    ['a list as the version', { version: 'tags' }],
    ['a key column as the version', { version: 'id' }],
  ])('refuses %s', (_, options) => {
    expect(thrownBy(() => defineTable('t', { columns, partitionKey: ['id'], ...(options as object) }))).toMatchObject({
      code: 'invalid-statement',
    });
  });
  test('names the columns', () => {
    expect([table.writeToken, table.version]).toEqual([table.columns.token, table.columns.version]);
    expect([plain.writeToken, plain.version]).toEqual([undefined, undefined]);
  });
});

describe('the write token', () => {
  test.each([
    ['insert', (set: Row) => insert(table, { id: 'x', mark: 'm', ...set }, { if: notExists() })],
    ['update', (set: Row) => update(table, key, { set, if: eq(table.columns.n, 1) })],
    ['replace', (set: Row) => replace(table, { id: 'x', mark: 'm', ...set }, { if: eq(table.columns.n, 1) })],
  ])('is set by nobody else: %s', (_, make) => {
    expect(thrownBy(() => make({ token: 'mine' }))).toMatchObject({ code: 'invalid-statement' });
    expect(thrownBy(() => make({ token: null }))).toMatchObject({ code: 'invalid-statement' });
  });
  test('is another one in every write, and the one that the caller gives', async () => {
    const stub = new StubAdapter();
    const db = createClient(stub, { verify: 'off' });
    const write = update(table, key, { set: { n: 1 }, if: { n: 0 } });
    await db.execute(write);
    await db.execute(write);
    await db.execute(write, { token: 'given' });
    const tokens = stub.executed.map(({ statement }) => (statement as typeof write & { set: Row }).set['token']);
    expect(new Set(tokens).size).toBe(3);
    expect(tokens[2]).toBe('given');
  });
  test('is stored by insert, update and replace, not by delete, and not where the table has none', async () => {
    const stub = new StubAdapter();
    const db = createClient(stub, { verify: 'off' });
    await db.execute(insert(table, { id: 'x', mark: 'm' }, { if: notExists() }), { token: 't1' });
    await db.execute(replace(table, { id: 'x', mark: 'm' }, { if: { n: 1 } }), { token: 't2' });
    await db.execute(deleteRow(table, key, { if: { n: 1 } }));
    await db.execute(update(plain, key, { set: { n: 1 }, if: { n: 0 } }));
    const sets = stub.executed.map(({ statement }) => ('set' in statement ? statement.set : undefined));
    expect(sets).toEqual([{ mark: 'm', token: 't1' }, { n: null, token: 't2', version: null, tags: null, mark: 'm' }, undefined, { n: 1 }]);
  });
  test.each([
    ['on a table without one', update(plain, key, { set: { n: 1 }, if: { n: 0 } }), 'given'],
    ['for a delete', deleteRow(table, key, { if: { n: 1 } }), 'given'],
    ['for a get', get(table, key), 'given'],
    ['that is empty', update(table, key, { set: { n: 1 }, if: { n: 0 } }), ''],
    ['that is ill-formed', update(table, key, { set: { n: 1 }, if: { n: 0 } }), '\ud800'],
    ['that is a number', update(table, key, { set: { n: 1 }, if: { n: 0 } }), 5],
    ['that is endless', update(table, key, { set: { n: 1 }, if: { n: 0 } }), 'x'.repeat(1025)],
  ])('%s is refused before any request', async (_, statement, token) => {
    const stub = new StubAdapter();
    expect(await rejectionOf(createClient(stub).execute(statement as never, { token: token as string }))).toMatchObject({
      code: 'invalid-statement',
    });
    expect(stub.described).toEqual([]);
  });
  test('is shown by explain, with what it is for', () => {
    const compile: NonNullable<ConstructorParameters<typeof StubAdapter>[0]>['compile'] = (statement) => ({
      statement,
      requests: ['set' in statement ? statement.set : {}],
      notes: [],
      cost: { roundTrips: { applied: 1, notApplied: 1, rowAbsent: 1 } },
    });
    const db = createClient(new StubAdapter({ compile }));
    const pinned = update(table, key, { set: { n: 1 }, if: { token: 'before' } });
    expect(db.explain(pinned, { token: 'given' })).toMatchObject({ statement: pinned, requests: [{ n: 1, token: 'given' }] });
    expect(db.explain(pinned).notes.join(' ')).toMatch(/write token of its own in token.*replaces the value of token/);
    expect(db.explain(update(table, key, { set: { n: 1 }, if: { n: 0 } })).notes).toHaveLength(1);
    expect(db.explain(deleteRow(table, key, { if: { token: 'seen' } })).notes).toEqual([expect.stringMatching(/^After .* value of token/)]);
    const versioned = defineTable('versioned', { columns: { id: text(), n: int() }, partitionKey: ['id'], version: 'n' });
    const next = update(versioned, key, { set: { n: 2 }, if: { n: 1 } });
    expect(db.explain(next).notes).toEqual([expect.stringMatching(/^After an unknown outcome, .* replaces the value of n that/)]);
  });
});

describe('pins', () => {
  const set = { n: 2, version: v2 };
  const pinned = (condition: unknown, values: Row = set) => pinOf(update(table, key, { set: values, if: condition as never }))?.column.name;
  const { n, token, version } = table.columns;
  test.each([
    ['the token alone', { token: 'before' }, 'token'],
    ['the version alone', { version: v1 }, 'version'],
    ['both: the token', and(eq(version, v1), eq(token, 'before')), 'token'],
    ['within an and', and(eq(n, 1), and(eq(version, v1), eq(n, 1))), 'version'],
    ['nothing in an or', or(eq(version, v1), eq(n, 1)), undefined],
    ['nothing', { n: 1 }, undefined],
    ['an absent token, which can return', { token: null }, undefined],
    ['a size', eq(size(table.columns.tags), 1), undefined],
  ])('%s', (_, condition, expected) => expect(pinned(condition)).toBe(expected));
  test('a version that is not replaced is none', () => {
    expect(pinned({ version: v1 }, { n: 2 })).toBeUndefined();
    expect(pinned({ version: v1 }, { version: v1 })).toBeUndefined();
  });
  test('R35 the fence replaces the pinned value and nothing else, under the pinned value', () => {
    const write = update(table, key, { set, if: { version: v1, n: 1 } });
    const pin = pinOf(write);
    const fence = pin && fenceOf(write, pin);
    expect(fence?.statement).toMatchObject({ kind: 'update', key });
    expect(fence?.statement).toHaveProperty('set', { version: fence?.value });
    expect(fence?.value).not.toBe(v1);
    expect(fence?.statement.if).toMatchObject({ kind: 'eq', left: version, right: { value: v1 } });
  });
});
