import type { Sampling } from '@onlyif/testkit';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);

/** Variants of a backend run 1 case in 20 of the grid, chosen by ONLYIF_SEED; all of it with ONLYIF_FULL=1. */
export const variantSample: Sampling | undefined = process.env['ONLYIF_FULL'] === '1' ? undefined : { oneIn: 20, seed };

/** The seed in a suite's title, so that a failure can be run again. */
export const sampleTitle: string = variantSample === undefined ? 'whole grid' : `1 in ${variantSample.oneIn}, seed ${seed}`;
