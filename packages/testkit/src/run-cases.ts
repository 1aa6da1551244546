import { isLWTError } from '@onlyif/core';
import { expect } from 'vitest';

/** One check under a name; it returns what is wrong. Run again from the start, it must choose another key. */
export interface Case {
  readonly name: string;
  run(): Promise<readonly string[]>;
}

const concurrency = 32;
/** A busy server may leave an outcome open, which is its right; the case then begins anew on another row. */
const maxTries = 5;
const shownProblems = 12;

/** Runs all cases, many at a time, and fails with the problems of all of them. */
export async function runCases(cases: readonly Case[]): Promise<void> {
  const problems: string[] = [];
  const waiting = cases.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      for (const problem of await runCase(item)) problems.push(`${item.name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const more = problems.length > shownProblems ? [`… and ${problems.length - shownProblems} more`] : [];
  expect([...problems.slice(0, shownProblems), ...more]).toEqual([]);
  expect(cases.length).toBeGreaterThan(0);
}

async function runCase(item: Case): Promise<readonly string[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await item.run();
    } catch (error) {
      const open = isLWTError(error) && (error.outcome === 'unknown' || error.retryable);
      if (!open || tries === maxTries)
        return [String(isLWTError(error) ? `${error.code}: ${error.message}` : error instanceof Error ? error.stack : error)];
    }
  }
}

/** A number in [0, 1) from a seed and a counter: the same on every run. */
function seeded(seed: number, index: number): number {
  let state = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

/** Part of a suite: about one case in `oneIn`, chosen by the seed, and never none. */
export interface Sampling {
  readonly oneIn: number;
  readonly seed: number;
}

export function sampled<T>(items: readonly T[], sampling: Sampling | undefined): readonly T[] {
  if (sampling === undefined) return items;
  const chosen = items.filter((_, index) => seeded(sampling.seed, index) * sampling.oneIn < 1);
  return chosen.length > 0 ? chosen : items.slice(0, 1);
}
