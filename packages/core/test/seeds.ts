/** Property tests run with a fixed seed, and for a shorter time with a fresh one; fast-check prints the seed of a failure. */
export const seeds: readonly (readonly [name: string, seed: number, numRuns: number])[] = [
  ['10,000 with the fixed seed', 20_251_125, 10_000],
  ['1,000 with a fresh seed', Date.now() % 2 ** 31, 1_000],
];
