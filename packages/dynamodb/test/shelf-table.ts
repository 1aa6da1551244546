import { bigint, blob, decimal, defineTable, double, int, list, map, set, text, timestamp, tinyint, varint } from '@onlyif/core';

/** A table with every kind of collection and number, without a sort key. */
export const shelf = defineTable('shelf', {
  columns: {
    id: text(),
    tags: set(text()),
    marks: set(blob()),
    days: set(timestamp()),
    steps: list(int()),
    limits: map(text(), int()),
    raw: blob(),
    n: int(),
    m: int(),
    tiny: tinyint(),
    big: bigint(),
    huge: varint(),
    cost: decimal(),
    real: double(),
  },
  partitionKey: ['id'],
});
