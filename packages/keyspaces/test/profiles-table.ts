import { defineTable, int, json, list, map, set, text, timestamp } from '@onlyif/core';

/** The table of the AWS article on lightweight transactions, without its static columns, with collections added. */
export const profiles = defineTable('account_user_profile', {
  columns: {
    account_id: text(),
    profile_id: text(),
    name: text().notNull(),
    playing_time: int(),
    modify_time: timestamp(),
    profile_version: text(),
    tags: set(text()),
    steps: list(int()),
    limits: map(text(), int()),
    doc: json(),
  },
  partitionKey: ['account_id'],
  clusteringKey: ['profile_id'],
});

/** A table without a notNull column. */
export const bare = defineTable('bare', { columns: { id: text(), v: int(), w: int() }, partitionKey: ['id'] });
