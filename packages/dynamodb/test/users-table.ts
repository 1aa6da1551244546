import { bigint, blob, decimal, defineTable, double, int, text, timestamp, uuid } from '@onlyif/core';

/** A table with names that DynamoDB reserves or that need aliases. */
export const users = defineTable('users', {
  columns: {
    id: text(),
    at: int(),
    owner: text().notNull(),
    n: int().named('status'),
    m: int().named('a.b #c'),
    s: text(),
    b: blob(),
    d: decimal(),
    f: double(),
    big: bigint(),
    until: timestamp(),
    u: uuid(),
  },
  partitionKey: ['id'],
  clusteringKey: ['at'],
  named: 'app.users',
});

/** A table without a notNull column and without a sort key. */
export const bare = defineTable('bare', { columns: { id: text(), v: int(), w: text() }, partitionKey: ['id'] });
