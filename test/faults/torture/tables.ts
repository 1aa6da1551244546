import { defineTable, int, text } from '@onlyif/core';

/** Every write leaves a mark of its own, so that a row tells which write made it. */
const columns = { id: text(), n: int(), total: int(), mark: text().notNull(), token: text(), version: int() };

/** Rows whose unknown outcomes stay unknown. */
export const plain = defineTable('torture', { columns, partitionKey: ['id'] });
/** Rows whose unknown outcomes the library resolves by a token of its own. */
export const tokened = defineTable('torture', { named: 'torture_tokened', columns, partitionKey: ['id'], writeToken: 'token' });
/** Rows whose unknown outcomes it resolves by a number that every write changes. */
export const versioned = defineTable('torture', { named: 'torture_versioned', columns, partitionKey: ['id'], version: 'version' });

export type TortureTable = typeof plain;
export const tables: readonly TortureTable[] = [plain, tokened, versioned];
