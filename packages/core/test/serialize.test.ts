import {
  and,
  append,
  between,
  contains,
  containsKey,
  deleteRow,
  entry,
  eq,
  exists,
  get,
  gt,
  increment,
  insert,
  isNull,
  item,
  lt,
  nodeOf,
  normalise,
  not,
  notExists,
  oneOf,
  parse,
  putEntry,
  replace,
  serialize,
  size,
  update,
  upsert,
} from '@onlyif/core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { everyType } from './every-type-table.ts';
import { sample } from './sample-table.ts';
import { thrownBy } from './thrown-by.ts';

const c = everyType.columns;
const key = { id: 'x', at: new Date(0) };

describe('the text', () => {
  const cases: readonly (readonly [name: string, text: string, expected: object])[] = [
    [
      'of a condition',
      serialize(eq(c.bigint, 5n)),
      {
        onlyif: 1,
        kind: 'condition',
        table: 'every_type',
        condition: { kind: 'eq', left: { kind: 'column', name: 'bigint' }, right: { kind: 'value', value: '5' } },
      },
    ],
    [
      'of exists(), which is of no table',
      serialize(exists()),
      { onlyif: 1, kind: 'condition', table: null, condition: { kind: 'exists' } },
    ],
    [
      'of a pair, an entry and an item',
      serialize(eq(entry(c.mapText, '__proto__'), size(c.blob))),
      {
        onlyif: 1,
        kind: 'condition',
        table: 'every_type',
        condition: { kind: 'eq', left: { kind: 'entry', column: 'mapText', key: '__proto__' }, right: { kind: 'size', column: 'blob' } },
      },
    ],
    [
      'of an update',
      serialize(
        update(everyType, key, { set: { int: increment(2), blob: Uint8Array.of(0, 255), mapText: new Map([['a', 1]]) }, if: exists() }),
      ),
      {
        onlyif: 1,
        kind: 'update',
        table: 'every_type',
        key: { id: 'x', at: '1970-01-01T00:00:00.000Z' },
        set: { int: { kind: 'increment', by: 2 }, blob: '00ff', mapText: [['a', 1]] },
        if: { kind: 'exists' },
      },
    ],
    [
      'of a get',
      serialize(get(everyType, key)),
      {
        onlyif: 1,
        kind: 'get',
        table: 'every_type',
        key: { id: 'x', at: '1970-01-01T00:00:00.000Z' },
        consistency: 'strong',
        columns: null,
      },
    ],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(JSON.parse(text)).toEqual(expected);
  });
});

describe('what was read is what was written', () => {
  const tricky = new Map([
    ['__proto__', 1],
    ['constructor', 2],
    ['toJSON', 3],
  ]);
  const written = [
    insert(
      everyType,
      { ...key, mark: 'm', json: JSON.parse('{"__proto__":{"a":1},"kind":"increment","by":1}'), mapText: tricky },
      { if: notExists() },
    ),
    replace(everyType, { ...key, mark: 'm', setBigint: new Set([2n ** 63n - 1n]) }, { if: { int: 1, text: null } }),
    upsert(everyType, key, { set: { mark: '"key":', decimal: '1.50' }, if: isNull(c.mark) }),
    deleteRow(everyType, key, { if: and(contains(c.listBlob, Uint8Array.of(1)), containsKey(c.mapTimestamp, new Date(5))) }),
    update(everyType, key, { set: { listText: append('"', '\\'), mapInt: putEntry(1, '2') }, if: gt(item(c.listText, 0), 'a') }),
    oneOf(c.setText, [new Set(), new Set(['a'])]),
    not(between(c.double, -0, 5e-324)),
    notExists(),
  ];
  test.each(written.map((value) => [serialize(value), value] as const))('%s', (text, value) => {
    const read = parse(text, [sample, everyType]);
    expect(read).toEqual(value);
    expect(serialize(read)).toBe(text);
  });
  test('with the columns themselves, so that it is a condition on this table', () => {
    const read = parse(serialize(lt(c.int, c.int2)), [everyType]);
    expect(read).toMatchObject({ left: c.int, right: c.int2 });
    expect((read as { left: unknown }).left).toBe(c.int);
  });
  test('white space and the order of fields do not matter', () => {
    const text = serialize(eq(c.text, 'a : "b":'));
    const reversed = Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed());
    expect(parse(JSON.stringify(reversed, undefined, 2).replaceAll(/(?<!\\)":/g, '"\n :'), [everyType])).toEqual(parse(text, [everyType]));
  });
  test('a long text of escapes does not overflow the stack', () => {
    const long = '\\"'.repeat(2_000_000);
    expect(parse(serialize(eq(c.text, long)), [everyType])).toMatchObject({ right: { value: long } });
  });
});

describe('what has no text', () => {
  test('what is neither statement nor condition', () => {
    for (const other of [undefined, null, 'x', {}, { kind: 'get' }, c.int, increment(1), size(c.blob)])
      expect(thrownBy(() => serialize(other as never)).code).toBe('invalid-statement');
  });
  test('what folding leaves', () => {
    expect(thrownBy(() => serialize(normalise(nodeOf(oneOf(c.int, []))))).message).toContain('constant');
  });
  test('a condition on two tables', () => {
    const both = and(eq(c.int, 1) as never, eq(sample.columns.n, 1) as never);
    expect(thrownBy(() => serialize(both)).message).toContain('every_type and sample');
  });
});

test('a condition of one table goes into the builders as it is', () => {
  const read = parse(serialize(eq(sample.columns.n, 1)), [sample]);
  if (read.kind !== 'eq') throw new Error('not an equality');
  expect(update(sample, { id: 'x' }, { set: { m: 1 }, if: read })).toEqual(update(sample, { id: 'x' }, { set: { m: 1 }, if: { n: 1 } }));
  const statement = parse(serialize(get(sample, { id: 'x' })), [sample]);
  if (statement.kind === 'get') expectTypeOf(statement.columns).toEqualTypeOf<readonly string[] | undefined>();
});
