import { blob, boolean, decimal, defineTable, int, json, text, timestamp, uuid } from '@onlyif/core';

/** A table with two columns of several types, for conditions that compare them. */
export const sample = defineTable('sample', {
  columns: {
    id: text(),
    n: int(),
    m: int(),
    s: text(),
    r: text(),
    d: decimal(),
    e: decimal(),
    b: blob(),
    at: timestamp(),
    flag: boolean(),
    u: uuid(),
    doc: json<unknown>(),
    mark: text().notNull(),
  },
  partitionKey: ['id'],
});

/** A table with a static column beside a regular one. */
export const shared = defineTable('shared', {
  columns: { id: text(), at: int(), n: int(), st: int().static(), su: int().static() },
  partitionKey: ['id'],
  clusteringKey: ['at'],
});
