/** Property tests run with a fixed seed and with a fresh one; fast-check prints the seed of a failure. */
export const seeds: readonly (readonly [name: string, seed: number])[] = [
  ['the fixed seed', 20_251_125],
  ['a fresh seed', Date.now() % 2 ** 31],
];
