import type { Operation } from './history.ts';

/** A history as the search walks it: one level for every operation that must have its place. */
export interface Timeline<Call, Reply> {
  /** Those that must have a place, by the order of their returns: one level each; behind them those that may have one. */
  readonly operations: readonly Operation<Call, Reply>[];
  readonly levels: number;
  /** By level: the later levels whose operations were not invoked after this one returned. At most one for each other client. */
  readonly overlapping: readonly (readonly number[])[];
  /** By level: how many of those that may have a place were not invoked after this one returned. */
  readonly optional: readonly number[];
}

/** Those that never returned, or are in `forgiven`, may have a place at any time after they were invoked, or none. */
export function timelineOf<Call, Reply>(
  operations: readonly Operation<Call, Reply>[],
  forgiven: ReadonlySet<Operation<Call, Reply>>,
): Timeline<Call, Reply> {
  const must = (operation: Operation<Call, Reply>): boolean => operation.returned !== Infinity && !forgiven.has(operation);
  const required = operations.filter(must).sort((a, b) => a.returned - b.returned);
  const optional = operations.filter((operation) => !must(operation)).sort((a, b) => a.invoked - b.invoked);
  return {
    operations: [...required, ...optional],
    levels: required.length,
    overlapping: overlapping(required),
    optional: countsBefore(
      optional.map(({ invoked }) => invoked),
      required.map(({ returned }) => returned),
    ),
  };
}

function overlapping(required: readonly Operation<unknown, unknown>[]): readonly (readonly number[])[] {
  const byCall = [...required.entries()].sort(([, a], [, b]) => a.invoked - b.invoked);
  const running = new Set<number>();
  let called = 0;
  return required.map(({ returned }, level) => {
    for (let next = byCall[called]; next !== undefined && next[1].invoked <= returned; next = byCall[++called]) running.add(next[0]);
    running.delete(level);
    return [...running].sort((a, b) => a - b);
  });
}

/** How many of `places` do not lie beyond each of `limits`; both ascend. */
function countsBefore(places: readonly number[], limits: readonly number[]): readonly number[] {
  let count = 0;
  return limits.map((limit) => {
    while (count < places.length && (places[count] ?? Infinity) <= limit) count++;
    return count;
  });
}
