import {
  and,
  beginsWith,
  between,
  type Condition,
  deleteRow,
  eq,
  evaluate,
  exists,
  get,
  gt,
  insert,
  isNull,
  keyOf,
  lt,
  ne,
  nodeOf,
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
import { sample } from './sample-table.ts';
import { thrownBy } from './thrown-by.ts';

const c = sample.columns;
const key = { id: 'x' };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Paths to what is not frozen or not plain. `Date` and `Uint8Array` cannot be frozen; they are copies, as other tests show. */
function thawed(value: unknown, path = 'it'): readonly string[] {
  if (typeof value === 'function') return [`${path} is a function`];
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || Array.isArray(value);
  const own = Object.isFrozen(value) && plain ? [] : [path];
  return [...own, ...Object.entries(value).flatMap(([name, member]) => thawed(member, `${path}.${name}`))];
}

describe('conditions are frozen plain data', () => {
  const conditions: readonly (readonly [name: string, condition: Condition<'sample', string>])[] = [
    ['eq', eq(c.n, 1)],
    ['eq of two columns', eq(c.n, c.m)],
    ['between', between(c.at, new Date(0), new Date(1))],
    ['oneOf', oneOf(c.b, [bytes(1), bytes(2)])],
    ['noneOf', noneOf(c.n, [])],
    ['beginsWith', beginsWith(c.b, bytes(1))],
    ['isNull', isNull(c.doc)],
    ['not, and, or', not(and(or(lt(c.n, 1), gt(c.n, 5)), ne(c.s, 'a')))],
  ];
  test.each(conditions)('%s', (_, condition) => {
    expect(thawed(nodeOf(condition))).toEqual([]);
  });
  test('exists() and notExists()', () => {
    expect([...thawed(exists()), ...thawed(notExists())]).toEqual([]);
  });
});

describe('statements are frozen plain data', () => {
  const row = { id: 'x', mark: 'm', b: bytes(1), at: new Date(0) };
  const statements: readonly (readonly [name: string, statement: Statement])[] = [
    ['insert', insert(sample, row, { if: notExists() })],
    ['update', update(sample, key, { set: { n: 1, b: bytes(1) }, if: { n: 1, m: null } })],
    ['update of one equality', update(sample, key, { set: { n: 1 }, if: { n: 1 } })],
    ['replace', replace(sample, row, { if: exists() })],
    ['upsert', upsert(sample, key, { set: { mark: 'm' }, if: isNull(c.mark) })],
    ['delete', deleteRow(sample, key, { if: exists() })],
    ['get', get(sample, key)],
    ['get of columns', get(sample, key, { columns: ['n', 'm'] })],
  ];
  test.each(statements)('%s', (_, statement) => {
    expect(thawed(statement)).toEqual([]);
  });
  test('keyOf', () => {
    expect(thawed(keyOf(sample, row))).toEqual([]);
    expect(keyOf(sample, row)).toEqual(key);
  });
});

describe('what the caller changes afterwards changes nothing', () => {
  test('a Date operand', () => {
    const at = new Date(5);
    const condition = nodeOf(eq(c.at, at));
    at.setTime(6);
    expect(evaluate(condition, { at: new Date(5) })).toBe(true);
  });
  test('a Uint8Array operand, alone, in a list and as a prefix', () => {
    const operand = bytes(1, 2);
    const conditions = [eq(c.b, operand), oneOf(c.b, [operand, bytes(9)]), beginsWith(c.b, operand), between(c.b, operand, operand)];
    operand[0] = 7;
    for (const condition of conditions) expect(evaluate(nodeOf(condition), { b: bytes(1, 2) })).toBe(true);
  });
  test('a list of values', () => {
    const values = [1, 2];
    const condition = nodeOf(oneOf(c.n, values));
    values[0] = 9;
    expect(evaluate(condition, { n: 1 })).toBe(true);
  });
  test('a value to set, and the object around it', () => {
    const set = { b: bytes(1), at: new Date(5), doc: { list: [1] } };
    const statement = update(sample, key, { set, if: exists() });
    set.b[0] = 7;
    set.at.setTime(6);
    set.doc.list.push(2);
    expect(statement).toMatchObject({ set: { b: bytes(1), at: new Date(5), doc: { list: [1] } } });
  });
  test('a row', () => {
    const row = { id: 'x', mark: 'm', b: bytes(1), at: new Date(5) };
    const statements = [insert(sample, row, { if: notExists() }), replace(sample, row, { if: exists() })];
    row.b[0] = 7;
    row.at.setTime(6);
    row.mark = 'other';
    for (const statement of statements) expect(statement).toMatchObject({ set: { mark: 'm', b: bytes(1), at: new Date(5) } });
  });
  test('a key, a record of equalities, and the columns of a get', () => {
    const given = { id: 'x' };
    const record = { n: 1 };
    const columns: ('n' | 'm')[] = ['n'];
    const [read, write] = [get(sample, given, { columns }), update(sample, given, { set: { m: 1 }, if: record })];
    given.id = 'y';
    record.n = 2;
    columns.push('m');
    expect(read).toMatchObject({ key: { id: 'x' }, columns: ['n'] });
    expect(write).toMatchObject({ key: { id: 'x' }, if: { kind: 'eq', right: { value: 1 } } });
  });
});

describe('canonical on the way in', () => {
  test('R16 −0 becomes 0, a UUID lower case, a decimal plain', () => {
    const statement = update(sample, key, { set: { n: -0, u: '123E4567-E89B-42D3-A456-426614174000', d: '1.50e2' }, if: exists() });
    expect(statement).toMatchObject({ set: { n: 0, u: '123e4567-e89b-42d3-a456-426614174000', d: '150' } });
  });
  test('R6 replace names every regular column; what was left out is null', () => {
    const statement = replace(sample, { id: 'x', mark: 'm', n: 1 }, { if: exists() });
    expect(Object.keys((statement as { set: object }).set).toSorted()).toEqual(sample.regular.map(({ name }) => name).toSorted());
    expect(statement).toMatchObject({ set: { mark: 'm', n: 1, m: null, doc: null } });
  });
  test('a record of equalities is an and of eq and isNull', () => {
    const written = update(sample, key, { set: { m: 1 }, if: { n: 1, s: null } });
    expect(written).toEqual(update(sample, key, { set: { m: 1 }, if: and(eq(c.n, 1), isNull(c.s)) }));
  });
  test('R3 an upsert that sets no regular column to a value would not create its row', () => {
    // `sample` has a notNull column, which would be missed first; `shared` has none.
    const error = thrownBy(() => upsert(sample, key, { set: { n: null } as never, if: isNull(c.n) }));
    expect(error.code).toBe('invalid-statement');
  });
  test('nodeOf gives the node itself', () => {
    const condition = eq(c.n, 1);
    expect(nodeOf(condition)).toBe(condition);
    expect(nodeOf(condition)).toMatchObject({ kind: 'eq', left: c.n, right: { kind: 'value', value: 1 } });
  });
});
