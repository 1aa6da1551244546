import { type Client, defineTable, int, isNull, notExists, text } from '@onlyif/core';

export const rows = defineTable('rows', { columns: { id: text(), v: int().notNull(), w: int() }, partitionKey: ['id'] });
export const createRows = 'CREATE TABLE {ks}.rows (id text PRIMARY KEY, v int, w int)';

/** One conditional write of each kind, on a row that is there with `v` 1, or on none; its condition holds, once. */
export interface Verb {
  readonly before: number | undefined;
  readonly after: number | undefined;
  run(db: Client, id: string, call?: { readonly timeoutMs: number }): Promise<unknown>;
}

export const verbs: { readonly [N in 'insert' | 'update' | 'replace' | 'upsert' | 'delete']: Verb } = {
  insert: { before: undefined, after: 2, run: (db, id, call) => db.insert(rows, { id, v: 2 }, { if: notExists() }, call) },
  update: { before: 1, after: 2, run: (db, id, call) => db.update(rows, { id }, { set: { v: 2 }, if: { v: 1 } }, call) },
  replace: { before: 1, after: 2, run: (db, id, call) => db.replace(rows, { id, v: 2 }, { if: { v: 1 } }, call) },
  upsert: {
    before: undefined,
    after: 2,
    run: (db, id, call) => db.upsert(rows, { id }, { set: { v: 2 }, if: isNull(rows.columns.v) }, call),
  },
  delete: { before: 1, after: undefined, run: (db, id, call) => db.delete(rows, { id }, { if: { v: 1 } }, call) },
};
