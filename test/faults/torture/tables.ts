import { defineTable, int, text } from '@onlyif/core';

/** Every write leaves a mark of its own, so that a row tells which write made it. */
const columns = { id: text(), n: int(), total: int(), mark: text().notNull(), token: text() };

/** Rows whose unknown outcomes stay unknown. */
export const plain = defineTable('torture', { columns, partitionKey: ['id'] });
/** Rows whose unknown outcomes the library resolves. */
export const tokened = defineTable('torture', { named: 'torture_tokened', columns, partitionKey: ['id'], writeToken: 'token' });

export type TortureTable = typeof plain;
