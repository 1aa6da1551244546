import { type AnyTable, defineTable, int, list, map, type ScalarKind, set, text } from '@onlyif/core';
import * as core from '@onlyif/core';
import { samples } from '@onlyif/testkit';
import * as fc from 'fast-check';

/** How many tables the statements of one run share: making tables is slow. */
const poolSize = 6;

type AnySpec = ReturnType<typeof text>;
const builders = core as unknown as { readonly [K in ScalarKind]: () => AnySpec };

const kinds = Object.keys(samples) as ScalarKind[];
const elements = kinds.filter((kind) => kind !== 'json');
const textLike: readonly ScalarKind[] = ['text', 'ascii', 'uuid', 'timeuuid', 'inet', 'date', 'time'];

const scalar = (kind: ScalarKind): AnySpec => builders[kind]();

type Columns = Readonly<Record<string, AnySpec>>;

/** Two columns of each type, so that columns can be compared. */
function twice(name: string, spec: () => unknown): Columns {
  return { [`a_${name}`]: spec() as AnySpec, [`b_${name}`]: spec() as AnySpec };
}

/** Collections; `odd` ones have members and keys that DynamoDB does not hold. */
function collections(odd: boolean): fc.Arbitrary<Columns> {
  const member = fc.constantFrom(...(odd ? elements : elements.filter((kind) => kind !== 'boolean')));
  const key = fc.constantFrom(...(odd ? elements : textLike));
  return fc.oneof(
    fc.constantFrom(...elements).map((kind) => twice(`list_${kind}`, () => list(scalar(kind)))),
    member.map((kind) => twice(`set_${kind}`, () => set(scalar(kind)))),
    fc.tuple(key, fc.constantFrom(...elements)).map(([k, v]) => twice(`map_${k}_${v}`, () => map(scalar(k), scalar(v)))),
  );
}

/** A table of some scalar types: its key, `notNull` columns and collections are drawn. */
function tableOf(index: number, scalars: readonly ScalarKind[]): fc.Arbitrary<AnyTable> {
  const two = fc.tuple(collections(index === poolSize - 1), collections(index === poolSize - 1));
  return fc.tuple(two, fc.boolean()).map(([[first, second], clustered]) => {
    // Every third table has no notNull column, one, and two.
    const guards = ['guard', 'mark'].slice(0, index % 3);
    const columns = {
      pk: text(),
      ...(clustered ? { ck: int() } : {}),
      ...Object.assign({}, ...scalars.map((kind) => twice(kind, () => scalar(kind)))),
      ...first,
      ...second,
      count: int(),
      ...Object.fromEntries(guards.map((name) => [name, name === 'guard' ? text().notNull() : int().notNull()])),
    };
    return defineTable(`model_${index}`, { columns, partitionKey: ['pk'], clusteringKey: clustered ? ['ck'] : [] } as never) as never;
  });
}

/** The tables of a seed: together they have columns of every scalar type. */
export function tablePool(seed: number): readonly AnyTable[] {
  const pool = fc.shuffledSubarray(kinds, { minLength: kinds.length }).chain((shuffled) => {
    const share = Math.ceil(kinds.length / poolSize);
    const shares = Array.from({ length: poolSize }, (_, i) => shuffled.slice(i * share, (i + 1) * share));
    return fc.tuple(...shares.map((scalars, i) => tableOf(i, scalars)));
  });
  const [tables = []] = fc.sample(pool, { seed, numRuns: 1 });
  return tables;
}
