import * as onlyif from '@onlyif/core';

const { bigint, blob, boolean, decimal, defineTable, double, int, smallint, text, timestamp, uuid } = onlyif;
export const orders = defineTable('orders', {
  columns: {
    tenant: text(),
    id: uuid(),
    status: text<'open' | 'paid'>().notNull(),
    note: text(),
    total: int(),
    small: smallint(),
    version: bigint().notNull(),
    paid: boolean(),
    at: timestamp(),
    raw: blob(),
    price: decimal(),
    ratio: double(),
  },
  partitionKey: ['tenant'],
  clusteringKey: ['id'],
});
