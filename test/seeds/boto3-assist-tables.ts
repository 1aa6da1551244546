import { boolean, defineTable, int, list, text } from '@onlyif/core';

const pk = text();
const sk = text();

/** Users and the records that keep their e-mail addresses unique, in one table as in the guide. */
export const users = defineTable('users', {
  columns: { pk, sk, id: text(), email: text(), user_id: text() },
  partitionKey: ['pk'],
  clusteringKey: ['sk'],
});

export const documents = defineTable('documents', {
  columns: { pk, sk, id: text().notNull(), content: text(), version: int() },
  partitionKey: ['pk'],
  clusteringKey: ['sk'],
});

export const products = defineTable('products', {
  columns: { pk, sk, stock: int() },
  partitionKey: ['pk'],
  clusteringKey: ['sk'],
});

export const events = defineTable('events', {
  columns: { pk, sk, id: text(), data: text() },
  partitionKey: ['pk'],
  clusteringKey: ['sk'],
});

export const orders = defineTable('orders', {
  columns: {
    pk,
    sk,
    id: text().notNull(),
    note: text(),
    status: text(),
    type: text(),
    deleted: boolean(),
    price: int(),
    age: int(),
    balance: int(),
    stock: int(),
    tags: list(text()),
  },
  partitionKey: ['pk'],
  clusteringKey: ['sk'],
});

/** The guide's keys: both parts say the same. */
export function keyIn(kind: string, id: string): { readonly pk: string; readonly sk: string } {
  return { pk: `${kind}#${id}`, sk: `${kind}#${id}` };
}
