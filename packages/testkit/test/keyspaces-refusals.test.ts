import { keyspacesRefusals, type UndocumentedConstructs } from '@onlyif/testkit';
import { describe, expect, test } from 'vitest';
import type { Execution } from '../src/keyspaces-stand-in/bound-values.ts';
import { parseStatement } from '../src/keyspaces-stand-in/cql-statement.ts';
import type { ConsistencyName } from '../src/proxy/cql-reply.ts';

interface Run {
  readonly consistency?: ConsistencyName;
  readonly values?: readonly (Buffer | null)[];
  readonly batch?: Execution['batch'];
  readonly allow?: UndocumentedConstructs;
  readonly prepare?: boolean;
  readonly clientTimestamps?: boolean;
  readonly timeToLive?: boolean;
}

const types: Readonly<Record<string, string>> = {
  v: 'int',
  l: 'list<int>',
  m: 'map<text, int>',
  fs: 'frozen<set<int>>',
  u: 'address',
  tags: 'set<text>',
  hits: 'counter',
};
const keys: Readonly<Record<string, string>> = { p1: 'partition_key', p2: 'partition_key', c1: 'clustering', c2: 'clustering' };
const columnOf = (name: string): { type: string; kind: string } => ({ type: types[name] ?? 'text', kind: keys[name] ?? 'regular' });

/** The name of the first refusal that applies, with its message. */
function refused(
  cql: string,
  { prepare = false, allow = {}, clientTimestamps = false, timeToLive = false, ...run }: Run = {},
): readonly [string, string] | undefined {
  const execution = prepare ? undefined : { consistency: run.consistency ?? 'LOCAL_QUORUM', values: run.values ?? [], batch: run.batch };
  const asked = {
    statement: parseStatement(cql),
    execution,
    allow,
    clientTimestamps,
    timeToLive,
    columnOf,
  };
  for (const { name, refuse } of keyspacesRefusals) {
    const message = refuse(asked);
    if (message !== undefined) return [name, message];
  }
  return undefined;
}

const update = (condition: string): string => `UPDATE k.t SET v = 1 WHERE id = 'x' IF ${condition}`;

const bytes = (length: number): Buffer => Buffer.alloc(length);

const cases: readonly (readonly [rule: string, cql: string, run: Run | undefined])[] = [
  ['consistency level', 'SELECT * FROM k.t', { consistency: 'SERIAL' }],
  ['consistency level', 'SELECT * FROM k.t', { consistency: 'LOCAL_SERIAL' }],
  ['consistency level', 'SELECT * FROM k.t', { consistency: 'QUORUM' }],
  ['consistency level', 'SELECT * FROM k.t', { consistency: 'ALL' }],
  ['consistency level', 'USE k', { consistency: 'ANY' }],
  ['consistency level', update('v = 1'), { consistency: 'QUORUM' }],
  ['consistency level', 'insert into k.t (id) values (1)', { consistency: 'LOCAL_ONE' }],
  ['consistency level', '/* a note */ DELETE FROM k.t WHERE id = 1', { consistency: 'ONE' }],
  ['consistency level', 'BEGIN BATCH INSERT INTO k.t (id) VALUES (1); APPLY BATCH', { consistency: 'ONE' }],
  ['condition in a batch', 'BEGIN BATCH INSERT INTO k.t (id) VALUES (1) IF NOT EXISTS; APPLY BATCH', undefined],
  ['condition in a batch', update('v = 1'), { batch: { members: 1, logged: true } }],
  ['more than 30 statements in an unlogged batch', 'INSERT INTO k.t (id) VALUES (1)', { batch: { members: 31, logged: false } }],
  ['more than 100 statements in a logged batch', 'INSERT INTO k.t (id) VALUES (1)', { batch: { members: 101, logged: true } }],
  ['IN', update('v IN (1, 2)'), undefined],
  ['IN', update('v in ?'), { prepare: true }],
  ['IN', `UPDATE k.t SET v = 1 WHERE id IN ('x', 'y')`, undefined],
  ['IN', `DELETE FROM k.t WHERE id = 'x' IF v = 1 AND n IN (2)`, undefined],
  ['CONTAINS', update(`tags CONTAINS 'a'`), undefined],
  ['CONTAINS', update('m CONTAINS KEY ?'), { prepare: true }],
  ['LIKE and NOT', update(`n LIKE 'a%'`), undefined],
  ['element of a collection, or field', update(`m['a'] = 1`), undefined],
  ['element of a collection, or field', update('v = 1 AND l[0] = ?'), undefined],
  ['element of a collection, or field', update(`u.street = 'x'`), undefined],
  ['inequality on a whole collection', update('l < [1]'), undefined],
  ['inequality on a whole collection', update('fs != {1}'), undefined],
  ['inequality on a whole collection', update('m >= ?'), { prepare: true }],
  ['inequality on a whole collection', update('u > ?'), { prepare: true }],
  ['!= null', update('v != null'), undefined],
  ['!= null', update('v = 1 AND n != NULL'), undefined],
  ['!= null', 'UPDATE k.t SET v = ? WHERE id = ? IF v != ?', { values: [Buffer.of(1), Buffer.of(2), null] }],
  ['arithmetic on what is no counter', `UPDATE k.t SET v = v + 1 WHERE id = 'x' IF v = 1`, undefined],
  ['arithmetic on what is no counter', 'UPDATE k.t SET n = ?, v = v - ? WHERE id = ?', { prepare: true }],
  ['arithmetic on what is no counter', 'UPDATE k.t SET v += 1 WHERE id = 1', undefined],
  ['USING TIMESTAMP', 'INSERT INTO k.t (id) VALUES (1) USING TIMESTAMP 5', undefined],
  ['USING TIMESTAMP', 'UPDATE k.t USING TTL 5 AND TIMESTAMP 6 SET v = 1 WHERE id = 1', { timeToLive: true }],
  ['USING TTL', 'INSERT INTO k.t (id) VALUES (1) IF NOT EXISTS USING TTL ?', { prepare: true }],
  ['USING TTL', 'UPDATE k.t USING TIMESTAMP 6 AND TTL 5 SET v = 1 WHERE id = 1', { clientTimestamps: true }],
  ['key that is too large', 'INSERT INTO k.t (v, p1, p2) VALUES (?, ?, ?) IF NOT EXISTS', { values: [null, bytes(2000), bytes(49)] }],
  [
    'key that is too large',
    'UPDATE k.t SET v = ? WHERE p1 = ? AND c1 = ? IF v = ?',
    { values: [bytes(1), bytes(1), bytes(851), bytes(1)] },
  ],
  ['key that is too large', 'DELETE FROM k.t WHERE c1 = 0x00 AND c2 = ?', { values: [bytes(850)] }],
  ['key that is too large', 'SELECT * FROM k.t WHERE p1 = ? LIMIT 1', { values: [bytes(2049)] }],
  ['prepared definition', 'CREATE TABLE k.t (id int PRIMARY KEY)', { prepare: true }],
  ['unsupported statement', 'TRUNCATE k.t', undefined],
  ['unsupported statement', 'CREATE INDEX ON k.t (v)', undefined],
  ['unsupported statement', 'ALTER TYPE k.u ADD f int', undefined],
  ['unsupported statement', 'create materialized view k.v as select * from k.t', undefined],
];

test.each(cases)('refused as %s: %s', (rule, cql, run) => expect(refused(cql, run)?.[0]).toBe(rule));

describe('let pass', () => {
  const cases: readonly (readonly [cql: string, run: Run | undefined])[] = [
    ['SELECT * FROM k.t', { consistency: 'ONE' }],
    ['SELECT * FROM k.t WHERE id IN (1, 2)', { consistency: 'LOCAL_ONE' }],
    [`SELECT * FROM k.t WHERE tags CONTAINS 'a' ALLOW FILTERING`, undefined],
    ['CREATE TABLE IF NOT EXISTS k.t (id int PRIMARY KEY, l list<int>)', { consistency: 'LOCAL_ONE' }],
    ['CREATE TYPE k.u (f int)', undefined],
    ['DROP TYPE k.u', undefined],
    ['INSERT INTO k.t (id) VALUES (1) IF NOT EXISTS', undefined],
    [update('EXISTS'), undefined],
    [update('v = null AND n = 2'), undefined],
    [update('v != 3 AND v > 1 AND v <= 9'), undefined],
    [update('l = [1] AND fs = ?'), undefined],
    ['UPDATE k.t SET v = ? WHERE id = ? IF v != ?', { values: [null, Buffer.of(2), Buffer.of(3)] }],
    ['UPDATE k.t SET v = ? WHERE id = ? IF v != ?', { prepare: true }],
    [`UPDATE k.t SET m['in'] = 1, n = 'IF v IN (1) CONTAINS' WHERE id = 'x' IF v = 1`, undefined],
    [`UPDATE k."in" SET "contains" = 1 WHERE id = 'x' IF "in" = 1 -- IN (1)`, undefined],
    [update(`m['a'] = 1 AND u.street = 'x' AND l[0] != 2`), { allow: { elements: true } }],
    [update('v != null AND fs != null'), { allow: { notNull: true } }],
    ['INSERT INTO k.t (id) VALUES (1)', { batch: { members: 30, logged: false } }],
    ['INSERT INTO k.t (id) VALUES (1)', { batch: { members: 100, logged: true } }],
    ['INSERT INTO k.t (id) VALUES (1) USING TIMESTAMP 5', { clientTimestamps: true }],
    ['UPDATE k.t USING TTL 5 SET v = 1 WHERE id = 1 AND c = 2', { timeToLive: true }],
    ['UPDATE k.t USING TTL 5 SET v = 1 WHERE id = 1 AND timestamp = 2', { timeToLive: true }],
    ['INSERT INTO k.t (v, p1, p2) VALUES (?, ?, ?)', { values: [bytes(5000), bytes(2000), bytes(48)] }],
    ['UPDATE k.t SET v = ? WHERE p1 = ? AND c1 = ? IF v = ?', { values: [bytes(3000), bytes(1), bytes(850), bytes(3000)] }],
    ['SELECT * FROM k.t WHERE p1 = ? AND c1 > ?', { values: [bytes(1), bytes(851)] }],
    ['SELECT TTL(v) FROM k.t WHERE id = 1', undefined],
    ['UPDATE k.t SET hits = hits + 1 WHERE id = 1', undefined],
    [`UPDATE k.t SET l = l + [1], tags = tags - {'a'}, m = m + ?, v = -1, n = 'a + b' WHERE id = 1`, undefined],
  ];
  test.each(cases)('%s', (cql, run) => expect(refused(cql, run)).toBeUndefined());
});

test('constants have their sizes too', () => {
  const size = (cql: string): string | undefined => refused(cql)?.[1].match(/has (\d+) bytes/)?.[1];
  const text = (length: number): string => `'${'ä'.repeat(length / 2)}'`;
  expect(size(`INSERT INTO k.t (v, p1, p2) VALUES (f(1, 2), ${text(2046)}, 'it''s')`)).toBe('2050');
  expect(size(`INSERT INTO k.t (p1, v) VALUES (${text(2048)}, ${text(100)})`)).toBeUndefined();
  expect(size(`INSERT INTO k.t JSON ${text(3000)}`)).toBeUndefined();
  expect(size(`SELECT * FROM k.t WHERE c1 = 0x${'aB'.repeat(851)}`)).toBe('851');
});

test('messages that were seen are as they were seen; the others are marked', () => {
  const level = (cql: string, consistency: ConsistencyName): string | undefined => refused(cql, { consistency })?.[1];
  const words = (name: string, supported: string): string =>
    `Consistency level ${name} is not supported for this operation. Supported consistency levels are: ${supported}`;
  const [reads, writes, mark] = ['ONE, LOCAL_QUORUM, LOCAL_ONE', 'LOCAL_QUORUM', ' (words of the stand-in)'];
  expect([level('USE k', 'ANY'), level('USE k', 'ALL')]).toEqual([words('ANY', reads), words('ALL', reads)]);
  expect(level('USE k', 'TWO')).toBe(words('TWO', reads) + mark);
  expect(level('SELECT * FROM k.t', 'ANY')).toBe(words('ANY', reads) + mark);
  expect(level('DROP TABLE k.t', 'ANY')).toBe(words('ANY', reads) + mark);
  expect(level(update('v = 1'), 'ANY')).toBe(words('ANY', writes) + mark);
  expect(refused('INSERT INTO k.t (id) VALUES (1)', { batch: { members: 31, logged: false } })?.[1]).toBe(
    'Batches with more than 30 statements are not supported.',
  );
  expect(refused('INSERT INTO k.t (id) VALUES (1) USING TTL 5')?.[1]).toBe('TTL is not yet supported.');
  expect(refused(update('v IN (1)'))?.[1]).toBe('IN is not supported with UPDATE and DELETE (words of the stand-in)');
});

test('every rule names its source, and has a case above', () => {
  expect(keyspacesRefusals.map(({ name }) => name)).toEqual([...new Set(cases.map(([rule]) => rule))]);
  for (const { name, source } of keyspacesRefusals) expect([name, source.length > 20]).toEqual([name, true]);
});
