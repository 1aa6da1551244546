import {
  blob,
  type ColumnSpec,
  compareValues,
  decimal,
  defineTable,
  double,
  eq,
  get,
  insert,
  int,
  isEmpty,
  json,
  list,
  map,
  notExists,
  set,
  text,
  timestamp,
  update,
  valueType,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { NotOfType } from '../src/values/canonical.ts';
import { shelf } from './collections-table.ts';
import { thrownBy } from './thrown-by.ts';

const at = (time: number): Date => new Date(time);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const canonical = ({ type }: ColumnSpec, value: unknown): unknown => valueType(type).canonical(value);

describe('R19 canonical collections', () => {
  test('lists keep order and repetitions, and are frozen copies', () => {
    const given = [2, 1, 2];
    const made = canonical(list(int()), given) as readonly number[];
    expect(made).toEqual([2, 1, 2]);
    expect([made === given, Object.isFrozen(made)]).toEqual([false, true]);
  });
  test('members of sets and keys of maps stand in the order of their type', () => {
    const members = (spec: ColumnSpec, values: readonly unknown[]): readonly unknown[] => [
      ...(canonical(spec, new Set(values)) as ReadonlySet<unknown>),
    ];
    expect(members(set(int()), [10, 9, -1])).toEqual([-1, 9, 10]);
    expect(members(set(decimal()), ['10', '9', '1.50'])).toEqual(['1.5', '9', '10']);
    expect(members(set(text()), ['b', '\u{1f600}', '\uff5e', 'a'])).toEqual(['a', 'b', '\uff5e', '\u{1f600}']);
    expect(members(set(timestamp()), [at(2), at(1)])).toEqual([at(1), at(2)]);
    const entries = canonical(map(text(), int()), new Map([['b', 1], ['a', 2]])) as ReadonlyMap<string, number>; // prettier-ignore
    expect([...entries]).toEqual([['a', 2], ['b', 1]]); // prettier-ignore
  });
  test('members, keys and values are canonical themselves', () => {
    expect(canonical(list(decimal()), ['1.00', '1e2'])).toEqual(['1', '100']);
    expect(canonical(list(double()), [-0])).toStrictEqual([0]);
    expect(canonical(map(decimal(), decimal()), new Map([['1.0', '2.0']]))).toEqual(new Map([['1', '2']]));
  });
  test('mutable members are copied', () => {
    const moment = at(1);
    const [copy] = canonical(set(timestamp()), new Set([moment])) as ReadonlySet<Date>;
    expect([copy, copy === moment]).toEqual([at(1), false]);
  });

  test.each<readonly [name: string, spec: ColumnSpec, value: unknown]>([
    ['two equal moments', set(timestamp()), new Set([at(1), at(1)])],
    ['two equal bytes', set(blob()), new Set([bytes(1), bytes(1)])],
    ['two equal decimals', set(decimal()), new Set(['1.0', '1.00'])],
    ['two equal keys', map(timestamp(), int()), new Map([[at(1), 1], [at(1), 2]])], // prettier-ignore
    ['keys equal as decimals', map(decimal(), int()), new Map([['1', 1], ['1.0', 2]])], // prettier-ignore
  ])('duplicates by value are refused: %s', (_, spec, value) => {
    expect(() => canonical(spec, value)).toThrow(NotOfType);
    expect(() => canonical(spec, value)).toThrow('differ by value');
  });

  test.each<readonly [name: string, spec: ColumnSpec, value: unknown]>([
    ['a Set for a list', list(int()), new Set([1])],
    ['an array for a set', set(int()), [1]],
    ['an object for a map', map(text(), int()), { a: 1 }],
    ['a Set for a map', map(text(), int()), new Set(['a'])],
    ['a Map for a set', set(text()), new Map([['a', 1]])],
    ['text for a list', list(text()), 'abc'],
    ['null in a list', list(int()), [1, null]],
    ['undefined in a list', list(int()), [undefined]],
    ['a hole in a list', list(int()), [, 1]], // oxlint-disable-line no-sparse-arrays -- that is what is refused
    ['null in a set', set(int()), new Set([null])],
    ['null under a key', map(text(), int()), new Map([['a', null]])],
    ['null as a key', map(text(), int()), new Map([[null, 1]])],
    ['a member that does not fit', list(int()), [2 ** 31]],
    ['a lone surrogate in a set', set(text()), new Set(['\ud800'])],
    ['a list in a list', list(int()), [[1]]],
  ])('refused: %s', (_, spec, value) => {
    expect(() => canonical(spec, value)).toThrow(NotOfType);
  });

  test('equality is by value: of sets whatever the order given, of lists with it', () => {
    const compare = (spec: ColumnSpec, a: unknown, b: unknown): number => compareValues(spec.type, canonical(spec, a), canonical(spec, b));
    expect(compare(set(text()), new Set(['a', 'b']), new Set(['b', 'a']))).toBe(0);
    expect(compare(set(timestamp()), new Set([at(1)]), new Set([at(1)]))).toBe(0);
    expect(compare(set(text()), new Set(['a']), new Set(['a', 'b']))).toBeLessThan(0);
    expect(compare(list(int()), [1, 2], [2, 1])).toBeLessThan(0);
    expect(compare(list(int()), [1, 2], [1])).toBeGreaterThan(0);
    expect(compare(map(text(), int()), new Map([['a', 1]]), new Map([['a', 1]]))).toBe(0);
    expect(compare(map(text(), int()), new Map([['a', 1]]), new Map([['a', 2]]))).toBeLessThan(0);
    expect(compare(map(text(), int()), new Map([['b', 1]]), new Map([['a', 2]]))).toBeGreaterThan(0);
  });
  test('no collection has an order', () => {
    for (const spec of [list(int()), set(int()), map(text(), int())])
      expect([valueType(spec.type).ordered, valueType(spec.type).comparable]).toEqual([false, true]);
  });
});

describe('R19 an empty collection is null', () => {
  test('isEmpty', () => {
    expect([isEmpty(list(int()).type, []), isEmpty(set(int()).type, new Set()), isEmpty(map(text(), int()).type, new Map())]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isEmpty(list(int()).type, [0]), isEmpty(text().type, ''), isEmpty(blob().type, bytes())]).toEqual([false, false, false]);
  });
  test('in what is set and inserted', () => {
    const empties = { tags: new Set<string>(), steps: [], limits: new Map<string, number>() };
    const nulls = { tags: null, steps: null, limits: null };
    expect(update(shelf, { id: 'x' }, { set: empties, if: eq(shelf.columns.n, 1) })).toMatchObject({ set: nulls });
    expect(insert(shelf, { id: 'x', mark: 'm', ...empties }, { if: notExists() })).toMatchObject({ set: { mark: 'm', ...nulls } });
  });
});

describe('R19 tables', () => {
  const nested: readonly (readonly [name: string, make: () => unknown])[] = [
    ['a list of lists', () => list(list(int()) as never)],
    ['a set of sets', () => set(set(int()) as never)],
    ['a map of lists', () => map(text(), list(int()) as never)],
    ['a map with maps as keys', () => map(map(text(), int()) as never, int())],
    ['a list of json', () => list(json() as never)],
    ['a list of notNull', () => list(int().notNull() as never)],
    ['a set of named', () => set(text().named('x'))],
  ];
  test.each(nested)('%s is refused', (_, make) => {
    expect(thrownBy(make)).toMatchObject({ code: 'invalid-statement' });
  });
  test.each<readonly [name: string, spec: ColumnSpec]>([
    ['list', list(int())],
    ['set', set(int())],
    ['map', map(text(), int())],
  ])('a %s is no key column, and not notNull', (_, spec) => {
    const columns = { id: text(), at: text(), n: int(), c: spec };
    expect(thrownBy(() => defineTable('t', { columns, partitionKey: ['c'] })).code).toBe('invalid-statement');
    expect(thrownBy(() => defineTable('t', { columns, partitionKey: ['id'], clusteringKey: ['c'] })).code).toBe('invalid-statement');
    const notNull = (): unknown =>
      defineTable('t', { columns: { id: text(), c: (spec as never as { notNull: () => ColumnSpec }).notNull() }, partitionKey: ['id'] });
    expect(thrownBy(notNull).code).toBe('invalid-statement');
  });
  test('a get may name one', () => {
    expect(get(shelf, { id: 'x' }, { columns: ['tags'] })).toMatchObject({ columns: ['tags'] });
  });
});
