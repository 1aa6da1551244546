import * as onlyif from '@onlyif/core';
import { orders } from './1-table.ts';

const { and, deleteRow, eq, gte, insert, isNull, ne, notExists, oneOf, update, upsert } = onlyif;
const { columns } = orders;
const key = { tenant: 't', id: '123e4567-e89b-42d3-a456-426614174000' };
export const statements = [
  insert(orders, { ...key, status: 'open', version: 1n, total: 3 }, { if: notExists() }),
  update(orders, key, {
    set: { total: 4, note: 'n' },
    if: and(eq(columns.version, 1n), ne(columns.status, 'paid'), gte(columns.total, 3)),
  }),
  upsert(orders, key, { set: { status: 'open', version: 1n }, if: isNull(columns.status) }),
  deleteRow(orders, key, { if: oneOf(columns.status, ['open', 'paid']) }),
  update(orders, key, { set: { paid: true }, if: { version: 1n, note: null } }),
] as const;
