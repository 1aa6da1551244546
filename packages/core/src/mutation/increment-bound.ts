import type { ColumnDefinition } from '../table/definition.ts';
import type { ColumnType } from '../values/column-type.ts';

const ranges: { readonly [K in ColumnType['kind']]?: readonly [lowest: bigint, highest: bigint] } = {
  tinyint: [-(2n ** 7n), 2n ** 7n - 1n],
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** What the value of a column must not go beyond for an increment to stay in its range. */
export interface IncrementBound {
  readonly side: 'atMost' | 'atLeast';
  readonly bound: number | bigint;
}

/** R21: `n <= max − d`, or `n >= min − d` for a negative step; undefined where the type has no range. */
export function incrementBound({ type }: ColumnDefinition, by: unknown): IncrementBound | undefined {
  const range = ranges[type.kind];
  if (range === undefined) return undefined;
  const step = BigInt(by as number | bigint);
  const bound = step < 0n ? range[0] - step : range[1] - step;
  return { side: step < 0n ? 'atLeast' : 'atMost', bound: typeof by === 'number' ? Number(bound) : bound };
}
