import { bigint, blob, decimal, defineTable, int, list, map, set, text, timestamp } from '@onlyif/core';

/** A table with collections, bytes and numbers, two of each to compare. */
export const shelf = defineTable('shelf', {
  columns: {
    id: text(),
    mark: text().notNull(),
    tags: set(text()),
    labels: set(text()),
    moments: set(timestamp()),
    steps: list(int()),
    limits: map(text(), int()),
    times: map(timestamp(), decimal()),
    raw: blob(),
    n: int(),
    big: bigint(),
    cost: decimal(),
  },
  partitionKey: ['id'],
});
