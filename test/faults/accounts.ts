import { defineTable, int, text } from '@onlyif/core';

/** A table whose unknown outcomes can be found out. */
export const accounts = defineTable('accounts', {
  columns: { id: text(), balance: int(), version: int(), token: text(), mark: text().notNull() },
  partitionKey: ['id'],
  writeToken: 'token',
  version: 'version',
});
