import { bigint, blob, decimal, defineTable, int, list, map, set, smallint, text, timestamp, tinyint, uuid, varint } from '@onlyif/core';

/** A table with a column of every collection and every number that can be increased. */
export const shelf = defineTable('shelf', {
  columns: {
    id: text(),
    mark: text().notNull(),
    tags: set(text()),
    steps: list(int()).named('St"eps'),
    limits: map(text(), int()),
    names: map(text(), text()),
    prices: map(text(), decimal()),
    byId: map(uuid(), int()),
    days: map(bigint(), timestamp()),
    raw: blob(),
    n: int(),
    small: smallint(),
    tiny: tinyint(),
    big: bigint(),
    huge: varint(),
    cost: decimal(),
  },
  partitionKey: ['id'],
});

/** The same without a `notNull` column. */
export const loose = defineTable('loose', {
  columns: { id: text(), tags: set(text()), steps: list(int()), n: int() },
  partitionKey: ['id'],
});
