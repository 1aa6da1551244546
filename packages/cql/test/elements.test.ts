import { cassandraDialect, type CassandraVersion, scyllaDialect } from '@onlyif/cassandra';
import {
  beginsWith,
  between,
  contains,
  containsKey,
  type Dialect,
  entry,
  eq,
  gt,
  isLWTError,
  isNotNull,
  isNull,
  item,
  lt,
  ne,
  noneOf,
  not,
  oneOf,
  or,
  size,
  update,
} from '@onlyif/core';
import type { CqlCompiled } from '@onlyif/cql';
import { describe, expect, test } from 'vitest';
import { loose, shelf } from './collections-table.ts';

const versions: readonly CassandraVersion[] = ['3.11', '4.0', '4.1', '5.0'];
type Server = CassandraVersion | 'scylla';
const servers: readonly Server[] = [...versions, 'scylla'];
const dialectOf = (server: Server): Dialect<CqlCompiled> => (server === 'scylla' ? scyllaDialect() : cassandraDialect({ version: server }));

/** The `IF` of an update and the parameters behind the key, or the alternative of the refusal. */
function compiledOf(server: Server, condition: unknown): { readonly text: string; readonly hex: readonly (string | null)[] } {
  const statement = update(shelf, { id: 'x' }, { set: { raw: null }, if: condition as never });
  const { cql, bytes } = dialectOf(server).compile(statement, { existing: 'none' });
  return { text: cql.slice(cql.indexOf(' IF ') + 4), hex: bytes.slice(2).map((value) => value && value.toString('hex')) };
}

function refusal(server: Server, condition: unknown): { readonly alternative: string | undefined; readonly message: string } {
  try {
    compiledOf(server, condition);
  } catch (error) {
    if (isLWTError(error) && error.code === 'unsupported') return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const c = shelf.columns;
const daily = entry(c.limits, 'daily');
const guard = ' AND "mark" != null';
const uuid = '123e4567-e89b-42d3-a456-426614174000';

type Golden = readonly [name: string, condition: unknown, text: string, hex: readonly (string | null)[]];

/** What every server takes. */
const everywhere: readonly Golden[] = [
  ['eq of a set', eq(c.tags, new Set(['b', 'a'])), '"tags" = ?', ['0000000200000001610000000162']],
  ['ne of a set', ne(c.tags, new Set(['a'])), `"tags" != ?${guard}`, ['000000010000000161']],
  ['eq of a list', eq(c.steps, [2, 1]), '"St""eps" = ?', ['0000000200000004000000020000000400000001']],
  ['eq of a map', eq(c.limits, new Map([['a', 1]])), '"limits" = ?', ['0000000100000001610000000400000001']],
  [
    'oneOf of lists',
    oneOf(c.steps, [[1], [2]]),
    '"St""eps" IN ?',
    ['000000020000000c0000000100000004000000010000000c000000010000000400000002'],
  ],
  ['isNull of a collection', isNull(c.tags), `"tags" = null${guard}`, []],
  ['isNotNull of a collection', isNotNull(c.limits), '"limits" != null', []],
  ['eq of an empty collection', eq(c.tags, new Set()), `"tags" = null${guard}`, []],
  ['eq of an item', eq(item(c.steps, 2), 7), '"St""eps"[?] = ?', ['00000002', '00000007']],
  ['ne of an item', ne(item(c.steps, 2), 7), `"St""eps"[?] != ?${guard}`, ['00000002', '00000007']],
  ['lt of an item', lt(item(c.steps, 0), 7), '"St""eps"[?] < ?', ['00000000', '00000007']],
  [
    'between of an item',
    between(item(c.steps, 1), 3, 4),
    '"St""eps"[?] >= ? AND "St""eps"[?] <= ?',
    ['00000001', '00000003', '00000001', '00000004'],
  ],
  ['oneOf of an item', oneOf(item(c.steps, 1), [3, 4]), '"St""eps"[?] IN ?', ['00000001', '0000000200000004000000030000000400000004']],
  [
    'noneOf of an item',
    noneOf(item(c.steps, 1), [3, 4]),
    `"St""eps"[?] != ? AND "St""eps"[?] != ?${guard}`,
    ['00000001', '00000003', '00000001', '00000004'],
  ],
  ['isNull of an item', isNull(item(c.steps, 1)), `"St""eps"[?] = null${guard}`, ['00000001']],
  ['R14 eq of an entry, text keys', eq(daily, 10), '"limits"[?] = ?', ['6461696c79', '0000000a']],
  ['R14 ne of an entry', ne(daily, 10), `"limits"[?] != ?${guard}`, ['6461696c79', '0000000a']],
  ['R14 oneOf of an entry', oneOf(daily, [1, 2]), '"limits"[?] IN ?', ['6461696c79', '0000000200000004000000010000000400000002']],
  ['R14 isNull of an entry', isNull(daily), `"limits"[?] = null${guard}`, ['6461696c79']],
  ['R14 isNotNull of an entry', isNotNull(daily), '"limits"[?] != null', ['6461696c79']],
  ['R14 bigint keys, moments as values', eq(entry(c.days, 2n), new Date(1)), '"days"[?] = ?', ['0000000000000002', '0000000000000001']],
];

describe.each(servers)('what every server takes, on %s', (server) => {
  test.each(everywhere)('%s', (_, condition, text, hex) => {
    expect(compiledOf(server, condition)).toEqual({ text, hex });
  });
});

describe('R11 or of isNull and of values', () => {
  const one = or(isNull(c.n), eq(c.n, 1));
  const two = or(oneOf(c.n, [1, 2]), isNull(c.n));
  const folded = or(eq(c.n, 1), isNull(c.n), eq(c.n, 2));
  test.each(versions)('on Cassandra %s a list parameter with a null member', (version) => {
    expect(compiledOf(version, one)).toEqual({ text: `"n" IN ?${guard}`, hex: ['00000002ffffffff0000000400000001'] });
    for (const condition of [two, folded])
      expect(compiledOf(version, condition)).toEqual({
        text: `"n" IN ?${guard}`,
        hex: ['00000003ffffffff00000004000000010000000400000002'],
      });
    expect(compiledOf(version, or(isNull(daily), eq(daily, 1)))).toEqual({
      text: `"limits"[?] IN ?${guard}`,
      hex: ['6461696c79', '00000002ffffffff0000000400000001'],
    });
  });
  test('on ScyllaDB members of their own', () => {
    expect(compiledOf('scylla', one)).toEqual({ text: `"n" IN (?, ?)${guard}`, hex: [null, '00000001'] });
    for (const condition of [two, folded])
      expect(compiledOf('scylla', condition)).toEqual({ text: `"n" IN (?, ?, ?)${guard}`, hex: [null, '00000001', '00000002'] });
    expect(compiledOf('scylla', or(isNull(daily), eq(daily, 1)))).toEqual({
      text: `"limits"[?] IN (?, ?)${guard}`,
      hex: ['6461696c79', null, '00000001'],
    });
  });
  test('an IN without null stays one parameter on ScyllaDB', () => {
    expect(compiledOf('scylla', oneOf(c.n, [1, 2]))).toEqual({ text: '"n" IN ?', hex: ['0000000200000004000000010000000400000002'] });
  });
  test('the parameters show the null', () => {
    const parametersOf = (server: Server): unknown =>
      (dialectOf(server).compile(update(shelf, { id: 'x' }, { set: { raw: null }, if: one })).requests[0] as { parameters: unknown })
        .parameters;
    expect(parametersOf('5.0')).toEqual([null, 'x', [null, 1]]);
    expect(parametersOf('scylla')).toEqual([null, 'x', null, 1]);
  });
  test.each(servers)('the guard of a table without a notNull column is missed, on %s', (server) => {
    const { n } = loose.columns;
    const compile = (): unknown =>
      dialectOf(server).compile(update(loose, { id: 'x' }, { set: { tags: null }, if: or(isNull(n), eq(n, 1)) }));
    expect(compile).toThrow(
      expect.objectContaining({ code: 'unsupported', alternative: expect.stringContaining('notNull()') as string }) as Error,
    );
  });
  const others: readonly (readonly [name: string, condition: unknown])[] = [
    ['of two columns', or(isNull(c.n), eq(c.small, 1))],
    ['of an ordering', or(isNull(c.n), lt(c.n, 1))],
    ['of two entries', or(isNull(daily), eq(entry(c.limits, 'hourly'), 1))],
    ['of an entry and its column', or(isNull(c.limits), eq(daily, 1))],
    ['of isNotNull', or(isNotNull(c.n), eq(c.small, 1))],
    ['of three members', or(isNull(c.n), eq(c.n, 1), eq(c.small, 1))],
    ['of a pair', or(isNull(c.n), eq(c.n, size(c.raw)))],
  ];
  test.each(others)('other or is no CQL: %s', (_, condition) => {
    for (const server of servers) expect(refusal(server, condition).alternative).toBe('emulate: true');
  });
});

describe('CONTAINS, in conditions from Cassandra 4.1 on', () => {
  const goldens: readonly Golden[] = [
    ['contains of a set', contains(c.tags, 'new'), '"tags" CONTAINS ?', ['6e6577']],
    ['contains of a list', contains(c.steps, 7), '"St""eps" CONTAINS ?', ['00000007']],
    ['containsKey', containsKey(c.limits, 'daily'), '"limits" CONTAINS KEY ?', ['6461696c79']],
  ];
  test.each(goldens)('%s', (_, condition, text, hex) => {
    for (const server of ['4.1', '5.0'] as const) expect(compiledOf(server, condition)).toEqual({ text, hex });
    for (const server of ['3.11', '4.0', 'scylla'] as const) {
      const { message, alternative } = refusal(server, condition);
      expect([message, alternative]).toEqual([expect.stringContaining('CONTAINS'), 'emulate: true']);
    }
  });
  test('its negation is no CQL anywhere', () => {
    for (const server of servers) expect(refusal(server, not(contains(c.tags, 'new'))).message).toContain('NOT');
  });
});

describe('R14 entries: Cassandra 4.0 to 5.0 compares them by the comparator of the keys', () => {
  const outside: readonly (readonly [name: string, condition: unknown, text: string])[] = [
    ['an order', gt(daily, 1), '"limits"[?] > ?'],
    ['between', between(daily, 1, 2), '"limits"[?] >= ? AND "limits"[?] <= ?'],
    ['keys that are no bytes: uuid', eq(entry(c.byId, uuid), 1), '"byId"[?] = ?'],
    ['values whose equal ones differ in bytes: decimal', eq(entry(c.prices, 'a'), '1.0'), '"prices"[?] = ?'],
    ['beginsWith, which is an order', beginsWith(entry(c.names, 'a'), 'x'), '"names"[?] >= ? AND "names"[?] < ?'],
    ['oneOf of such', oneOf(entry(c.prices, 'a'), ['1', '2']), '"prices"[?] IN ?'],
    ['noneOf of such', noneOf(entry(c.byId, uuid), [1, 2]), `"byId"[?] != ? AND "byId"[?] != ?${guard}`],
  ];
  test.each(outside)('%s', (_, condition, text) => {
    for (const version of ['4.0', '4.1', '5.0'] as const) {
      const { message, alternative } = refusal(version, condition);
      expect([message, alternative]).toEqual([expect.stringContaining('comparator of the keys'), 'emulate: true']);
    }
    for (const server of ['3.11', 'scylla'] as const) expect(compiledOf(server, condition).text).toBe(text);
  });
  test('R11 or of such', () => {
    const condition = or(isNull(entry(c.byId, uuid)), eq(entry(c.byId, uuid), 1));
    for (const version of ['4.0', '4.1', '5.0'] as const) expect(refusal(version, condition).alternative).toBe('emulate: true');
    expect(compiledOf('3.11', condition).text).toBe(`"byId"[?] IN ?${guard}`);
    expect(compiledOf('scylla', condition).text).toBe(`"byId"[?] IN (?, ?)${guard}`);
  });
  test('whether there is an entry is asked everywhere, whatever its types', () => {
    for (const server of servers) {
      expect(compiledOf(server, isNotNull(entry(c.byId, uuid)))).toEqual({ text: '"byId"[?] != null', hex: [uuid.replaceAll('-', '')] });
      expect(compiledOf(server, isNull(entry(c.prices, 'a')))).toEqual({ text: `"prices"[?] = null${guard}`, hex: ['61'] });
    }
  });
  test('items have a comparator of their own', () => {
    for (const server of servers) expect(compiledOf(server, gt(item(c.steps, 0), 1)).text).toBe('"St""eps"[?] > ?');
  });
});

describe('size is no CQL', () => {
  test.each<readonly [name: string, condition: unknown]>([
    ['eq', eq(size(c.tags), 1)],
    ['ne', ne(size(c.tags), 1)],
    ['gt of bytes', gt(size(c.raw), 1)],
    ['between', between(size(c.steps), 1, 2)],
    ['oneOf', oneOf(size(c.limits), [1, 2])],
    ['noneOf', noneOf(size(c.limits), [1, 2])],
  ])('%s', (_, condition) => {
    for (const server of servers) {
      const { message, alternative } = refusal(server, condition);
      expect([message, alternative]).toEqual([expect.stringContaining('needs size'), 'emulate: true']);
    }
  });
});

test('R34 an element is no guard: its column may be null on a live row', () => {
  const statement = update(shelf, { id: 'x' }, { set: { raw: null }, if: eq(daily, 1) });
  expect(scyllaDialect().compile(statement).cql).toBe(`UPDATE "shelf" SET "raw" = ? WHERE "id" = ? IF "limits"[?] = ?${guard}`);
});
