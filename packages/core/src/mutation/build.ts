import { type MutationNode, mutationBrand } from './nodes.ts';

declare const mutates: unique symbol;

/** A mutation of a column of the CQL type `K`, made by `increment`, `addToSet` … for `set`. */
export interface Mutation<in K, out V> {
  readonly [mutates]: (kind: K) => V;
}

type IntegerKind = 'int' | 'smallint' | 'tinyint' | 'bigint' | 'varint' | 'decimal';

/** The CQL types that have mutations. */
export type MutableKind = IntegerKind | `list<${string}>` | `set<${string}>` | `map<${string}, ${string}>`;

function mutation(fields: object): never {
  return Object.freeze({ [mutationBrand]: true, ...fields }) as never;
}

/** Adds to a number: `set: { stock: increment(-3) }`. Not offered for `float` and `double`, whose sums differ by database. */
export function increment<V extends number | bigint | string>(
  by: V,
): Mutation<IntegerKind, V extends number ? number : V extends bigint ? bigint : string> {
  return mutation({ kind: 'increment', by });
}

/** Adds members to a set: `set: { tags: addToSet('new') }`. */
export function addToSet<const V>(...members: readonly V[]): Mutation<`set<${string}>`, ReadonlySet<V>> {
  return mutation({ kind: 'addToSet', members });
}

/** Takes members out of a set; the last one leaves null. */
export function removeFromSet<const V>(...members: readonly V[]): Mutation<`set<${string}>`, ReadonlySet<V>> {
  return mutation({ kind: 'removeFromSet', members });
}

/** Puts values at the end of a list. */
export function append<const V>(...values: readonly V[]): Mutation<`list<${string}>`, readonly V[]> {
  return mutation({ kind: 'append', values });
}

/** Puts values at the beginning of a list, in the order given. */
export function prepend<const V>(...values: readonly V[]): Mutation<`list<${string}>`, readonly V[]> {
  return mutation({ kind: 'prepend', values });
}

/** Puts a value under a key of a map. */
export function putEntry<const W, const V>(key: W, value: V): Mutation<`map<${string}, ${string}>`, ReadonlyMap<W, V>> {
  return mutation({ kind: 'putEntry', key, value });
}

/** Takes a key out of a map; the last one leaves null. */
export function removeEntry<const W>(key: W): Mutation<`map<${string}, ${string}>`, ReadonlyMap<W, never>> {
  return mutation({ kind: 'removeEntry', key });
}

/** The node behind a mutation: plain frozen data. */
export function mutationOf(value: Mutation<never, unknown>): MutationNode {
  return value as never;
}
