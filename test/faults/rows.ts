import { type Client, defineTable, eq, increment, int, isNull, notExists, or, text } from '@onlyif/core';

export const rows = defineTable('rows', { columns: { id: text(), v: int().notNull(), w: int() }, partitionKey: ['id'] });
export const createRows = 'CREATE TABLE {ks}.rows (id text PRIMARY KEY, v int, w int)';

/** A conditional write of each kind, on a row that is there with `v` 1, or on none. */
export interface Verb {
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** `'false'`: its condition does not hold. `'emulated'`: a strong read comes first, and what certainly did nothing is begun anew. */
  readonly kind: 'native' | 'emulated' | 'false';
  run(db: Client, id: string, call?: { readonly timeoutMs: number }): Promise<unknown>;
}

const { v, w } = rows.columns;

type VerbName =
  | 'insert'
  | 'update'
  | 'increment'
  | 'replace'
  | 'upsert'
  | 'delete'
  | 'update that is emulated'
  | 'update whose condition is false'
  | 'insert of a row that is there';

export const verbs: { readonly [N in VerbName]: Verb } = {
  insert: { kind: 'native', before: undefined, after: 2, run: (db, id, call) => db.insert(rows, { id, v: 2 }, { if: notExists() }, call) },
  update: { kind: 'native', before: 1, after: 2, run: (db, id, call) => db.update(rows, { id }, { set: { v: 2 }, if: { v: 1 } }, call) },
  increment: {
    kind: 'native',
    before: 1,
    after: 2,
    run: (db, id, call) => db.update(rows, { id }, { set: { v: increment(1) }, if: { v: 1 } }, call),
  },
  replace: { kind: 'native', before: 1, after: 2, run: (db, id, call) => db.replace(rows, { id, v: 2 }, { if: { v: 1 } }, call) },
  upsert: {
    kind: 'native',
    before: undefined,
    after: 2,
    run: (db, id, call) => db.upsert(rows, { id }, { set: { v: 2 }, if: isNull(v) }, call),
  },
  delete: { kind: 'native', before: 1, after: undefined, run: (db, id, call) => db.delete(rows, { id }, { if: { v: 1 } }, call) },
  'update that is emulated': {
    kind: 'emulated',
    before: 1,
    after: 2,
    run: (db, id, call) => db.update(rows, { id }, { set: { v: 2 }, if: or(eq(v, 1), eq(w, 9)) }, { ...call, emulate: true }),
  },
  'update whose condition is false': {
    kind: 'false',
    before: 1,
    after: 1,
    run: (db, id, call) => db.update(rows, { id }, { set: { v: 2 }, if: { v: 7 } }, call),
  },
  'insert of a row that is there': {
    kind: 'false',
    before: 1,
    after: 1,
    run: (db, id, call) => db.insert(rows, { id, v: 2 }, { if: notExists() }, call),
  },
};
