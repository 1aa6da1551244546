import {
  and,
  between,
  type Client,
  defineTable,
  deleteRow,
  emulation,
  eq,
  exists,
  insert,
  int,
  isNull,
  ne,
  noneOf,
  notExists,
  oneOf,
  replace,
  text,
  update,
  upsert,
  type WriteNode,
  judge,
  type Row,
  get,
  type AnyTable,
} from '@onlyif/core';
import { randomUUID } from 'node:crypto';
import { checkStatement } from './check-statement.ts';

export const lives = defineTable('lives', {
  columns: { id: text(), mark: text().notNull(), also: int().notNull(), v: int(), w: text() },
  partitionKey: ['id'],
});
export const keysOnly = defineTable('keys_only', { columns: { id: text(), at: int() }, partitionKey: ['id'], clusteringKey: ['at'] });
const c = lives.columns;

/** A life of one row: statements in order, each checked against the reference. */
export interface Life {
  readonly name: string;
  readonly statements: (id: string) => readonly WriteNode[];
}

export const liveStories: readonly Life[] = [
  {
    name: 'R2 update, replace and delete never touch an absent row, whatever holds on nulls',
    statements: (id) => [
      update(lives, { id }, { set: { v: 1 }, if: ne(c.v, 5) }),
      update(lives, { id }, { set: { v: 1 }, if: isNull(c.v) }),
      update(lives, { id }, { set: { v: 1 }, if: noneOf(c.v, [1, 2]) }),
      update(lives, { id }, { set: { v: null }, if: isNull(c.v) }),
      replace(lives, { id, mark: 'm', also: 1 }, { if: ne(c.w, 'x') }),
      deleteRow(lives, { id }, { if: isNull(c.mark) }),
      deleteRow(lives, { id }, { if: { v: null } }),
      update(lives, { id }, { set: { v: 1 }, if: exists() }),
    ],
  },
  {
    name: 'R3 a row born by upsert lives on when its last nullable column is nulled',
    statements: (id) => [
      upsert(lives, { id }, { set: { mark: 'm', also: 1, v: 2 }, if: isNull(c.mark) }),
      upsert(lives, { id }, { set: { mark: 'n', also: 1 }, if: isNull(c.mark) }),
      update(lives, { id }, { set: { v: null, w: null }, if: eq(c.v, 2) }),
      insert(lives, { id, mark: 'x', also: 0 }, { if: notExists() }),
      update(lives, { id }, { set: { w: 'still here' }, if: isNull(c.v) }),
      deleteRow(lives, { id }, { if: exists() }),
      upsert(lives, { id }, { set: { mark: 'again', also: 3 }, if: isNull(c.mark) }),
    ],
  },
  {
    name: 'R3 an upsert on a live row changes only what it names',
    statements: (id) => [
      insert(lives, { id, mark: 'm', also: 1, v: 2, w: 'w' }, { if: notExists() }),
      upsert(lives, { id }, { set: { mark: 'n', also: 1 }, if: eq(c.v, 2) }),
      upsert(lives, { id }, { set: { mark: 'o', also: 1, w: null }, if: ne(c.v, 3) }),
      upsert(lives, { id }, { set: { mark: 'p', also: 1 }, if: eq(c.w, 'w') }),
    ],
  },
  {
    name: 'R6 replace nulls what it leaves out, and the row stays',
    statements: (id) => [
      insert(lives, { id, mark: 'm', also: 1, v: 2, w: 'w' }, { if: notExists() }),
      replace(lives, { id, mark: 'n', also: 2 }, { if: exists() }),
      replace(lives, { id, mark: 'o', also: 2, v: 1 }, { if: ne(c.v, 1) }),
      replace(lives, { id, mark: 'q', also: 2, v: 1 }, { if: eq(c.v, 2) }),
      deleteRow(lives, { id }, { if: eq(c.mark, 'o') }),
      replace(lives, { id, mark: 'r', also: 2 }, { if: exists() }),
    ],
  },
  {
    name: 'R10 a condition that never holds is never applied, and one that always holds is exists()',
    statements: (id) => [
      update(lives, { id }, { set: { v: 1 }, if: noneOf(c.v, []) }),
      insert(lives, { id, mark: 'm', also: 1 }, { if: notExists() }),
      update(lives, { id }, { set: { v: 1 }, if: noneOf(c.v, []) }),
      update(lives, { id }, { set: { v: 3 }, if: oneOf(c.v, []) }),
      update(lives, { id }, { set: { v: 3 }, if: between(c.v, 5, 1) }),
      upsert(lives, { id }, { set: { mark: 'n', also: 1 }, if: and(oneOf(c.v, []), eq(c.mark, 'm')) }),
      deleteRow(lives, { id }, { if: noneOf(c.w, []) }),
    ],
  },
  {
    name: 'a table of key columns only',
    statements: (id) => [
      deleteRow(keysOnly, { id, at: 1 }, { if: exists() }),
      insert(keysOnly, { id, at: 1 }, { if: notExists() }),
      insert(keysOnly, { id, at: 1 }, { if: notExists() }),
      insert(keysOnly, { id, at: 1 }, { if: notExists() }),
      deleteRow(keysOnly, { id, at: 1 }, { if: exists() }),
      insert(keysOnly, { id, at: 1 }, { if: notExists() }),
    ],
  },
];

/** Runs a life on a fresh row. */
export async function checkLife(db: Client, { statements }: Life): Promise<readonly string[]> {
  const problems: string[] = [];
  let before: Row | null = null;
  for (const statement of statements(randomUUID())) {
    problems.push(...(await checkStatement(db, statement, before)).map((problem) => `${statement.kind}: ${problem}`));
    const { verdict, alternative } = db.explain(statement);
    if (verdict !== 'refused' || alternative === emulation) before = judge(statement, before).after;
  }
  return problems;
}

/** `get` of some columns shows those; of a row whose columns are all null, it shows nulls and not `null`. */
export async function checkReads(db: Client): Promise<readonly string[]> {
  const id = randomUUID();
  const read = (columns?: readonly string[], consistency: 'strong' | 'quorum' | 'eventual' = 'strong'): Promise<unknown> =>
    db.execute(get(lives as AnyTable, { id }, { consistency, ...(columns && { columns: columns as never[] }) }));
  const problems: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      problems.push(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
  };
  expect('absent', await read(), null);
  expect('absent, one column', await read(['v']), null);
  await db.execute(insert(lives, { id, mark: 'm', also: 1 }, { if: notExists() }));
  expect('two columns', await read(['v', 'also']), { v: null, also: 1 });
  expect('only null columns', await read(['v', 'w']), { v: null, w: null });
  expect('a key column', await read(['id']), { id });
  for (const consistency of ['strong', 'quorum', 'eventual'] as const)
    expect(consistency, await read(['mark'], consistency), { mark: 'm' });
  return problems;
}
