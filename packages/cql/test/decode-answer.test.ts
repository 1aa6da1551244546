import {
  and,
  deleteRow,
  eq,
  exists,
  insert,
  isLWTError,
  isNull,
  type LWTError,
  ne,
  notExists,
  type Row,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import { decodeAnswer } from '@onlyif/cql';
import { describe, expect, test } from 'vitest';
import { bare, compilers, type CqlDialectName, locks, settings } from './locks-table.ts';

const applied = '[applied]';
const key = { id: 'x', at: 7 };
const c = locks.columns;
const change = (condition: unknown): Statement => update(locks, key, { set: { until: null }, if: condition as never });
const byN = change(eq(c.n, 1));
const native = 'Mi"x, ed';

function answerOf(dialect: CqlDialectName, statement: Statement, rows: readonly Row[] | undefined): unknown {
  return decodeAnswer(rows, compilers[dialect].compile(statement), settings[dialect].absentRow);
}
function errorOf(dialect: CqlDialectName, statement: Statement, rows: readonly Row[] | undefined): LWTError {
  try {
    answerOf(dialect, statement, rows);
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error('an answer was read from it');
}

const whole: Row = { id: 'x', Select: 7, owner: 'me', until: null, [native]: 5, also: 1 };
const decoded: Row = { id: 'x', at: 7, owner: 'me', until: null, n: 5, also: 1 };
const nulls: Row = { id: null, Select: null, owner: null, until: null, [native]: null, also: null };
const insertion = insert(locks, { ...key, owner: 'me', also: 1 }, { if: notExists() });
const existing = deleteRow(locks, key, { if: exists() });

describe('constructed, Cassandra: result shapes observed on 5.0.8 (verified-semantics.md section 2; cql-lwt-semantics.md section 3)', () => {
  test.each([insertion, existing, byN])('applied: one row, one column (%#)', (statement) => {
    expect(answerOf('cassandra', statement, [{ [applied]: true }])).toEqual({ applied: true });
  });
  test('INSERT IF NOT EXISTS, row there: [applied] and all columns', () => {
    expect(answerOf('cassandra', insertion, [{ [applied]: false, ...whole }])).toEqual({ applied: false, known: 'row', row: decoded });
  });
  test('IF EXISTS, row missing: [applied] alone', () => {
    expect(answerOf('cassandra', existing, [{ [applied]: false }])).toEqual({ applied: false, known: 'row', row: null });
  });
  test('IF condition, row there: the columns of the condition, no key', () => {
    expect(answerOf('cassandra', byN, [{ [applied]: false, [native]: 5 }])).toEqual({
      applied: false,
      known: 'columns',
      columns: { n: 5 },
    });
  });
  test('IF condition, row there and the column null', () => {
    expect(answerOf('cassandra', byN, [{ [applied]: false, [native]: null }])).toEqual({
      applied: false,
      known: 'columns',
      columns: { n: null },
    });
  });
  test('R34 IF condition, row missing: [applied] alone is an absent row', () => {
    expect(answerOf('cassandra', byN, [{ [applied]: false }])).toEqual({ applied: false, known: 'row', row: null });
  });
  test('R34 the same with the guard in the IF', () => {
    expect(answerOf('cassandra', change(ne(c.n, 1)), [{ [applied]: false }])).toEqual({ applied: false, known: 'row', row: null });
  });
  test('some columns of the condition and not others: protocol, and certainly not applied', () => {
    const error = errorOf('cassandra', change(and(eq(c.n, 1), eq(c.owner, 'x'))), [{ [applied]: false, [native]: 5 }]);
    expect([error.code, error.outcome]).toEqual(['protocol', 'not-applied']);
  });
});

describe('constructed, scylladb docs/kb/lwt-differences.rst (cql-lwt-semantics.md section 3): all columns always, old values where applied', () => {
  test('applied: the old row comes too, and is not read', () => {
    expect(answerOf('scylla', insertion, [{ [applied]: true, ...nulls }])).toEqual({ applied: true });
    expect(answerOf('scylla', byN, [{ [applied]: true, [native]: 1, owner: 'me' }])).toEqual({ applied: true });
  });
  test('INSERT IF NOT EXISTS, row there', () => {
    expect(answerOf('scylla', insertion, [{ ...whole, [applied]: false }])).toEqual({ applied: false, known: 'row', row: decoded });
  });
  test('IF EXISTS, row missing: nulls', () => {
    expect(answerOf('scylla', existing, [{ [applied]: false, ...nulls }])).toEqual({ applied: false, known: 'row', row: null });
  });
  test('R34 IF condition, row missing: the guard among the nulls says so', () => {
    expect(answerOf('scylla', byN, [{ [applied]: false, owner: null, [native]: null }])).toEqual({
      applied: false,
      known: 'row',
      row: null,
    });
  });
  test('IF condition, row there, in schema order', () => {
    const answer = answerOf('scylla', byN, [{ owner: 'me', [native]: null, [applied]: false }]);
    expect(answer).toEqual({ applied: false, known: 'columns', columns: { n: null, owner: 'me' } });
  });
  test('R34 without a guard, nulls tell nothing', () => {
    const statement = update(bare, { id: 'x' }, { set: { v: 1 }, if: eq(bare.columns.w, 1) });
    expect(answerOf('scylla', statement, [{ [applied]: false, w: null }])).toEqual({ applied: false, known: 'nothing' });
    expect(answerOf('scylla', statement, [{ [applied]: false, w: 2 }])).toEqual({ applied: false, known: 'columns', columns: { w: 2 } });
  });
  test('R3 a rejected upsert without a guard in its condition tells nothing by nulls', () => {
    const statement = upsert(locks, key, { set: { owner: 'me', also: 1 }, if: and(ne(c.n, 1), isNull(c.until)) });
    expect(answerOf('scylla', statement, [{ [applied]: false, [native]: null, until: null }])).toEqual({
      applied: false,
      known: 'nothing',
    });
  });
});

describe('constructed, shapes that Keyspaces might use (none is documented for a rejected update; AWS blog for IF EXISTS and inserts)', () => {
  const unclear = (statement: Statement, row: Row): unknown => decodeAnswer([row], compilers.cassandra.compile(statement), 'unclear');
  const nothing = { applied: false, known: 'nothing' };
  test('INSERT IF NOT EXISTS with all columns: the row that was judged', () => {
    expect(unclear(insertion, { [applied]: false, ...whole })).toEqual({ applied: false, known: 'row', row: decoded });
  });
  test('INSERT IF NOT EXISTS with some of them only: a read is needed', () => {
    const { also: _, ...rest } = whole;
    expect(unclear(insertion, { [applied]: false, ...rest })).toEqual(nothing);
  });
  test('IF EXISTS: there is no row', () => {
    expect(unclear(existing, { [applied]: false })).toEqual({ applied: false, known: 'row', row: null });
  });
  test('IF condition, a value among its columns: they are those of the row', () => {
    const statement = change(and(eq(c.n, 1), eq(c.owner, 'x')));
    expect(unclear(statement, { [applied]: false, [native]: 5, owner: 'y' })).toEqual({
      applied: false,
      known: 'columns',
      columns: { n: 5, owner: 'y' },
    });
  });
  test.each<[string, Row]>([
    ['no column', {}],
    ['nulls, the guard among them', { [native]: null, owner: null }],
    ['one of two columns', { [native]: 5 }],
  ])('R34 IF condition, %s: a read is needed', (_, columns) => {
    expect(unclear(change(and(eq(c.n, 1), eq(c.owner, 'x'))), { [applied]: false, ...columns })).toEqual(nothing);
  });
});

describe.each(Object.keys(compilers) as CqlDialectName[])('%s', (dialect) => {
  test.each<[string, readonly Row[] | undefined]>([
    ['no rows section', undefined],
    ['no row', []],
    ['two rows', [{ [applied]: true }, { [applied]: true }]],
    ['no [applied]', [{ ...whole }]],
    ['[applied] null', [{ [applied]: null }]],
    ['[applied] 1', [{ [applied]: 1 }]],
    ["[applied] 'true'", [{ [applied]: 'true' }]],
    ['[applied] inherited', [Object.create({ [applied]: true }) as Row]],
  ])('%s: protocol, and the outcome is unknown', (_, rows) => {
    for (const statement of [insertion, existing, byN]) {
      const error = errorOf(dialect, statement, rows);
      expect([error.code, error.outcome]).toEqual(['protocol', 'unknown']);
    }
  });
  test('R4 the guard null beside a live column: schema-mismatch, not applied', () => {
    const error = errorOf(dialect, change(ne(c.n, 5)), [{ [applied]: false, [native]: 5, owner: null }]);
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
    expect(error.message).toContain('locks.owner');
  });
  test('R4 a notNull column null in the answer to an insert: schema-mismatch', () => {
    const error = errorOf(dialect, insertion, [{ [applied]: false, ...whole, also: null }]);
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
  });
  test('R16 a value that its type cannot hold: schema-mismatch, not applied', () => {
    const error = errorOf(dialect, insertion, [{ [applied]: false, ...whole, [native]: 1.5 }]);
    expect([error.code, error.outcome]).toEqual(['schema-mismatch', 'not-applied']);
  });
});
