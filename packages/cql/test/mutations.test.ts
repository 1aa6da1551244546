import { cassandraDialect, type CassandraVersion, scyllaDialect } from '@onlyif/cassandra';
import {
  addToSet,
  append,
  type Dialect,
  eq,
  exists,
  increment,
  isLWTError,
  isNull,
  type LWTError,
  ne,
  oneOf,
  or,
  lt,
  prepend,
  putEntry,
  removeEntry,
  removeFromSet,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import type { CqlCompiled } from '@onlyif/cql';
import { describe, expect, test } from 'vitest';
import { loose, shelf } from './collections-table.ts';

const versions: readonly CassandraVersion[] = ['3.11', '4.0', '4.1', '5.0'];
type Server = CassandraVersion | 'scylla';
const servers: readonly Server[] = [...versions, 'scylla'];
const dialectOf = (server: Server): Dialect<CqlCompiled> => (server === 'scylla' ? scyllaDialect() : cassandraDialect({ version: server }));

function refusal(server: Server, statement: Statement): LWTError {
  try {
    dialectOf(server).compile(statement);
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const c = shelf.columns;
const key = { id: 'x' };
const setting = (set: unknown, condition: unknown = exists()): Statement =>
  update(shelf, key, { set: set as never, if: condition as never });

interface Shown {
  readonly cql: string;
  readonly hex: readonly (string | null)[];
}
function shown(server: Server, statement: Statement): Shown {
  const { cql, bytes } = dialectOf(server).compile(statement, { existing: 'none' });
  expect(cql.match(/\?/g)).toHaveLength(bytes.length);
  return { cql, hex: bytes.map((value) => value && value.toString('hex')) };
}
const where = ' WHERE "id" = ?';
const x = '78';

describe('assignments that every server takes', () => {
  const golden: readonly (readonly [name: string, set: unknown, text: string, hex: readonly (string | null)[]])[] = [
    ['addToSet', { tags: addToSet('b', 'a') }, '"tags" = "tags" + ?', ['0000000200000001610000000162']],
    ['removeFromSet', { tags: removeFromSet('a') }, '"tags" = "tags" - ?', ['000000010000000161']],
    ['putEntry', { limits: putEntry('daily', 10) }, '"limits"[?] = ?', ['6461696c79', '0000000a']],
    ['removeEntry', { limits: removeEntry('daily') }, '"limits" = "limits" - ?', ['00000001000000056461696c79']],
    ['putEntry of moments', { days: putEntry(2n, new Date(1)) }, '"days"[?] = ?', ['0000000000000002', '0000000000000001']],
    ['a whole set', { tags: new Set(['b', 'a']) }, '"tags" = ?', ['0000000200000001610000000162']],
    ['a whole list', { steps: [2, 1] }, '"St""eps" = ?', ['0000000200000004000000020000000400000001']],
    ['a whole map', { limits: new Map([['a', 1]]) }, '"limits" = ?', ['0000000100000001610000000400000001']],
    [
      'R19 an empty collection is null',
      { tags: new Set(), steps: [], limits: new Map() },
      '"tags" = ?, "St""eps" = ?, "limits" = ?',
      [null, null, null],
    ],
    [
      'mutations and values, in the order of the definition',
      { n: 1, limits: putEntry('a', 1), steps: null, tags: addToSet('a') },
      '"tags" = "tags" + ?, "St""eps" = ?, "limits"[?] = ?, "n" = ?',
      ['000000010000000161', null, '61', '00000001', '00000001'],
    ],
  ];
  test.each(golden)('%s', (_, set, text, hex) => {
    for (const server of servers)
      expect(shown(server, setting(set))).toEqual({ cql: `UPDATE "shelf" SET ${text}${where} IF EXISTS`, hex: [...hex, x] });
  });
  test('a mutation and a value of one column are two shapes', () => {
    const dialect = dialectOf('5.0');
    const texts = [{ tags: addToSet('a') }, { tags: new Set(['a']) }, { tags: removeFromSet('a') }, { tags: addToSet('b') }].map(
      (set) => dialect.compile(setting(set)).cql,
    );
    expect(texts[0]).toBe(texts[3]);
    expect(new Set(texts).size).toBe(3);
  });
  test('in an upsert', () => {
    const statement = upsert(shelf, key, { set: { mark: 'm', tags: addToSet('a') }, if: isNull(c.mark) });
    for (const server of servers)
      expect(shown(server, statement).cql).toBe(`UPDATE "shelf" SET "mark" = ?, "tags" = "tags" + ?${where} IF "mark" = null`);
  });
});

describe('R23 lists', () => {
  test('append is native from Cassandra 4.1 on, and on ScyllaDB', () => {
    for (const server of ['4.1', '5.0', 'scylla'] as const)
      expect(shown(server, setting({ steps: append(7, 8) }))).toEqual({
        cql: `UPDATE "shelf" SET "St""eps" = "St""eps" + ?${where} IF EXISTS`,
        hex: ['0000000200000004000000070000000400000008', x],
      });
    for (const server of ['3.11', '4.0'] as const) {
      const error = refusal(server, setting({ steps: append(7) }));
      expect([error.code, error.alternative, error.message]).toEqual(['unsupported', 'emulate: true', expect.stringContaining('append')]);
    }
  });
  test.each(servers)('prepend is exact nowhere: %s', (server) => {
    const error = refusal(server, setting({ steps: prepend(7) }));
    expect([error.code, error.alternative, error.message]).toEqual(['unsupported', 'emulate: true', expect.stringContaining('clock')]);
  });
  test('without a notNull column only what implies a row can be emulated', () => {
    const prepending = (condition: unknown): Statement => update(loose, key, { set: { steps: prepend(1) }, if: condition as never });
    const { n } = loose.columns;
    expect(refusal('5.0', prepending(exists())).alternative).toMatch(/^split/);
    expect(refusal('5.0', prepending(ne(n, 1))).alternative).toMatch(/^split/);
    expect(refusal('5.0', prepending(eq(n, 1))).alternative).toBe('emulate: true');
  });
});

describe('R21 increments: a sum that wraps is forbidden by a bound beside the condition', () => {
  const golden: readonly (readonly [name: string, set: unknown, assigned: string, bound: string, hex: readonly string[]])[] = [
    ['int', { n: increment(3) }, '"n" = "n" + ?', '"n" <= ?', ['00000003', x, '7ffffffc']],
    ['int, down: + with a negative step', { n: increment(-3) }, '"n" = "n" + ?', '"n" >= ?', ['fffffffd', x, '80000003']],
    ['int by 0', { n: increment(0) }, '"n" = "n" + ?', '"n" <= ?', ['00000000', x, '7fffffff']],
    ['int by the lowest', { n: increment(-(2 ** 31)) }, '"n" = "n" + ?', '"n" >= ?', ['80000000', x, '00000000']],
    ['int by the highest', { n: increment(2 ** 31 - 1) }, '"n" = "n" + ?', '"n" <= ?', ['7fffffff', x, '00000000']],
    ['smallint', { small: increment(1) }, '"small" = "small" + ?', '"small" <= ?', ['0001', x, '7ffe']],
    ['smallint, down', { small: increment(-1) }, '"small" = "small" + ?', '"small" >= ?', ['ffff', x, '8001']],
    ['tinyint', { tiny: increment(1) }, '"tiny" = "tiny" + ?', '"tiny" <= ?', ['01', x, '7e']],
    ['tinyint, down', { tiny: increment(-128) }, '"tiny" = "tiny" + ?', '"tiny" >= ?', ['80', x, '00']],
    ['bigint', { big: increment(2n) }, '"big" = "big" + ?', '"big" <= ?', ['0000000000000002', x, '7ffffffffffffffd']],
    ['bigint, down', { big: increment(-2n) }, '"big" = "big" + ?', '"big" >= ?', ['fffffffffffffffe', x, '8000000000000002']],
    [
      'bigint by the lowest',
      { big: increment(-(2n ** 63n)) },
      '"big" = "big" + ?',
      '"big" >= ?',
      ['8000000000000000', x, '0000000000000000'],
    ],
  ];
  test.each(golden)('%s, on Cassandra 5.0', (_, set, assigned, bound, hex) => {
    expect(shown('5.0', setting(set))).toEqual({ cql: `UPDATE "shelf" SET ${assigned}${where} IF ${bound}`, hex });
  });
  test('beside a condition, and for each of several, in the order of the definition', () => {
    const set = { small: increment(-1), n: increment(1) };
    expect(shown('5.0', setting(set, oneOf(c.n, [1, 2])))).toEqual({
      cql: `UPDATE "shelf" SET "n" = "n" + ?, "small" = "small" + ?${where} IF "n" IN ? AND "n" <= ? AND "small" >= ?`,
      hex: ['00000001', 'ffff', x, '0000000200000004000000010000000400000002', '7ffffffe', '8001'],
    });
  });
  test('the bound is false on null, so that what nulls fulfil needs no other guard', () => {
    const { cql } = shown('5.0', update(loose, key, { set: { n: increment(1) }, if: ne(loose.columns.n, 5) }));
    expect(cql).toBe(`UPDATE "loose" SET "n" = "n" + ?${where} IF "n" != ? AND "n" <= ?`);
    const created = shown('5.0', upsert(loose, key, { set: { n: increment(1) }, if: ne(loose.columns.n, 5) }));
    expect(created.cql).toBe(cql);
  });
  test('a condition that never holds is sent as one', () => {
    expect(shown('5.0', setting({ n: increment(1) }, oneOf(c.n, []))).cql).toMatch(/ IF "\w+" = null AND "\w+" != null AND "n" <= \?$/);
  });
  test('parameters show the bound as a value of the column', () => {
    const { requests } = dialectOf('5.0').compile(setting({ n: increment(3), big: increment(2n) }));
    expect(requests).toMatchObject([{ parameters: [3, 2n, 'x', 2 ** 31 - 4, 2n ** 63n - 3n] }]);
  });
  test.each(['3.11', '4.0', '4.1', 'scylla'] as const)('on %s they are emulated', (server) => {
    for (const set of [{ n: increment(1) }, { big: increment(-1n) }]) {
      const error = refusal(server, setting(set));
      expect([error.code, error.alternative, error.message]).toEqual([
        'unsupported',
        'emulate: true',
        expect.stringContaining('needs `n = n + ?` under IF'),
      ]);
    }
  });
  test.each<readonly [string, unknown]>([
    ['varint', { huge: increment(1n) }],
    ['decimal', { cost: increment('0.5') }],
  ])('of %s they are emulated everywhere', (kind, set) => {
    for (const server of servers) expect(refusal(server, setting(set)).alternative).toBe('emulate: true');
    expect(refusal('5.0', setting(set)).message).toContain(`no bound in CQL for ${kind}`);
  });
  test('a condition that CQL cannot say is refused as without them', () => {
    const error = refusal('5.0', setting({ n: increment(1) }, or(isNull(c.n), lt(c.n, 1))));
    expect([error.code, error.alternative, error.message]).toEqual(['unsupported', 'emulate: true', expect.stringContaining('OR')]);
  });
});
