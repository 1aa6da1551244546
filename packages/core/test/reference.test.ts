import { deleteRow, emptyRow, eq, exists, insert, isNull, judge, ne, notExists, replace, type Row, update, upsert } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { sample } from './sample-table.ts';

const c = sample.columns;
const key = { id: 'x' };
const live: Row = { ...emptyRow(sample), id: 'x', n: 5, s: 'kept', mark: 'm' };

describe('judge: what each verb does to an absent row, and to a live one', () => {
  const made = { ...emptyRow(sample), id: 'x', mark: 'new' };
  const cases: readonly (readonly [string, Parameters<typeof judge>[0], onAbsent: Row | null | false, onLive: Row | null | false])[] = [
    ['insert', insert(sample, { id: 'x', mark: 'new' }, { if: notExists() }), made, false],
    ['update, exists', update(sample, key, { set: { n: 6 }, if: exists() }), false, { ...live, n: 6 }],
    ['update, true on nulls', update(sample, key, { set: { n: 6 }, if: ne(c.n, 1) }), false, { ...live, n: 6 }],
    [
      'update to null: the row stays',
      update(sample, key, { set: { n: null, s: null }, if: eq(c.n, 5) }),
      false,
      { ...live, n: null, s: null },
    ],
    ['update, false', update(sample, key, { set: { n: 6 }, if: eq(c.n, 1) }), false, false],
    ['R6 replace', replace(sample, { id: 'x', mark: 'new' }, { if: exists() }), false, made],
    ['R3 upsert, true on nulls', upsert(sample, key, { set: { mark: 'new' }, if: ne(c.n, 1) }), made, { ...live, mark: 'new' }],
    ['R3 upsert, absent only', upsert(sample, key, { set: { mark: 'new' }, if: isNull(c.mark) }), made, false],
    ['upsert, live only', upsert(sample, key, { set: { mark: 'new' }, if: eq(c.n, 5) }), false, { ...live, mark: 'new' }],
    ['delete, exists', deleteRow(sample, key, { if: exists() }), false, null],
    ['delete, true on nulls', deleteRow(sample, key, { if: isNull(c.d) }), false, null],
  ];
  test.each(cases)('%s', (_, statement, onAbsent, onLive) => {
    expect(judge(statement, null)).toEqual(onAbsent === false ? { applied: false, after: null } : { applied: true, after: onAbsent });
    expect(judge(statement, live)).toEqual(onLive === false ? { applied: false, after: live } : { applied: true, after: onLive });
  });
});
