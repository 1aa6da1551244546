import { NotOfType } from './canonical.ts';
import type { ValueType } from './column-type.ts';

type Canonical<T> = (value: unknown) => T;
type Comparer<T> = (a: T, b: T) => number;
type Entry = readonly [key: unknown, value: unknown];

function member(type: ValueType, what: string, value: unknown): unknown {
  if (value === null || value === undefined) throw new NotOfType(`${what} without null or undefined`);
  try {
    return type.canonical(value);
  } catch (error) {
    if (error instanceof NotOfType) throw new NotOfType(`${what}, each of them ${error.message}`);
    throw error;
  }
}

function order(type: ValueType): Comparer<unknown> {
  return (a, b) => type.compare(a as never, b as never);
}

function refuseDuplicates(type: ValueType, what: string, sorted: readonly unknown[]): void {
  if (sorted.some((value, i) => i > 0 && order(type)(sorted[i - 1], value) === 0)) throw new NotOfType(`${what} that differ by value`);
}

export function canonicalList(element: ValueType): Canonical<readonly unknown[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new NotOfType('an array');
    return Object.freeze(Array.from(value, (item) => member(element, 'an array of values', item)));
  };
}

/** Members in the order of their type: two objects of one value are one member. */
export function canonicalSet(element: ValueType): Canonical<ReadonlySet<unknown>> {
  return (value) => {
    if (!(value instanceof Set)) throw new NotOfType('a Set');
    const members = Array.from(value, (item) => member(element, 'a Set of values', item)).sort(order(element));
    refuseDuplicates(element, 'a Set of members', members);
    return new Set(members);
  };
}

export function canonicalMap(key: ValueType, value: ValueType): Canonical<ReadonlyMap<unknown, unknown>> {
  return (map) => {
    if (!(map instanceof Map)) throw new NotOfType('a Map');
    const entries = Array.from(map as ReadonlyMap<unknown, unknown>, ([k, v]): Entry => [
      member(key, 'a Map with keys', k),
      member(value, 'a Map with values', v),
    ]);
    entries.sort(([a], [b]) => order(key)(a, b));
    refuseDuplicates(
      key,
      'a Map with keys',
      entries.map(([k]) => k),
    );
    return new Map(entries);
  };
}

export function compareLists(element: ValueType): Comparer<readonly unknown[]> {
  return (a, b) => {
    const difference = a.findIndex((value, i) => i >= b.length || order(element)(value, b[i]) !== 0);
    if (difference === -1) return a.length - b.length;
    return difference >= b.length ? 1 : order(element)(a[difference], b[difference]);
  };
}

/** Canonical sets hold their members in order, so that members can be compared one by one. */
export function compareSets(element: ValueType): Comparer<ReadonlySet<unknown>> {
  return (a, b) => compareLists(element)([...a], [...b]);
}

export function compareMaps(key: ValueType, value: ValueType): Comparer<ReadonlyMap<unknown, unknown>> {
  return (a, b) => compareLists(key)([...a.keys()], [...b.keys()]) || compareLists(value)([...a.values()], [...b.values()]);
}
