// What the CPU section writes: one order of twelve columns, of which an update sets four and a condition reads four.
import { defineTable, double, int, json, text, timestamp } from '@onlyif/core';

export const orders = defineTable('orders', {
  columns: {
    tenant_id: text(),
    order_id: text(),
    status: text().notNull(),
    version: int().notNull(),
    total: double(),
    currency: text(),
    customer_id: text(),
    created_at: timestamp(),
    updated_at: timestamp(),
    locked_until: timestamp(),
    tags: json(),
    address: json(),
  },
  partitionKey: ['tenant_id'],
  clusteringKey: ['order_id'],
});

export const key = { tenant_id: 'tenant-42', order_id: 'order-000123456' };

const now = new Date('2026-01-03T00:00:00.000Z');
let calls = 0;

/** The columns set. The version differs from call to call, so that nothing can be kept from the call before. */
export function changes() {
  return { status: 'shipped', version: 8 + (calls++ & 7), total: 1299.5, updated_at: now };
}

/** The condition: version = 7 AND status IN ('pending', 'paid') AND total >= 100 AND locked_until < now; CQL knows no OR. */
export const wanted = { version: 7, statuses: ['pending', 'paid'], total: 100, lockedBefore: now };

const before = new Date('2026-01-02T03:04:05.678Z');
const row = {
  ...key,
  status: 'paid',
  version: 7,
  total: 1299.5,
  currency: 'EUR',
  customer_id: 'cust-9001',
  created_at: before,
  updated_at: before,
  locked_until: before,
  tags: ['gift', 'express', 'eu'],
  address: { street: '1 Main St', city: 'Utrecht', zip: '3511AB', country: 'NL' },
};
const plainRow = JSON.parse(JSON.stringify(row));

/** The yardstick: the whole row, the columns set and the values of the condition, as the JavaScript values that the libraries get. */
export function asJson() {
  return JSON.stringify({ row, set: changes(), condition: wanted });
}

/** The same text, all dates having been made text before. */
export function asJsonOfPlainData() {
  const set = { ...changes(), updated_at: plainRow.updated_at };
  return JSON.stringify({ row: plainRow, set, condition: { ...wanted, lockedBefore: plainRow.locked_until } });
}
