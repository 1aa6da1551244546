import {
  type Condition,
  deleteRow,
  eq,
  exists,
  get,
  gt,
  increment,
  insert,
  isNull,
  ne,
  notExists,
  or,
  replace,
  type Row,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import type { Random } from './random.ts';
import type { TortureTable } from './tables.ts';

/** What a client knows of the row that it is about to change. */
export interface Target {
  readonly table: TortureTable;
  readonly key: { readonly id: string };
  /** As it was last seen by anyone. */
  readonly seen: Row | null;
  /** A text that no other write stores. */
  readonly mark: string;
}

type Make = (target: Target, random: Random) => Statement;

/** Few values, so that conditions often hold. */
const valueOf = (random: Random): number => random.below(4);

const bump: Make = ({ table, key, mark }) => update(table, key, { set: { total: increment(1), mark }, if: exists() });
const makers: readonly (readonly [weight: number, Make])[] = [
  [4, ({ table, key, mark }, random) => insert(table, { ...key, n: valueOf(random), total: 0, mark }, { if: notExists() })],
  [4, ({ table, key, mark }, random) => update(table, key, { set: { n: valueOf(random), mark }, if: someN(table, random) })],
  [8, ({ table, key, mark, seen }, random) => update(table, key, { set: { n: valueOf(random), mark }, if: asSeen(table, seen) })],
  [3, ({ table, key, mark }, random) => update(table, key, { set: { n: valueOf(random), mark }, if: either(table, random) })],
  [2, bump],
  [1, ({ table, key, mark }, random) => update(table, key, { set: { total: increment(1), mark }, if: either(table, random) })],
  [2, ({ table, key, mark }, random) => replace(table, { ...key, n: valueOf(random), total: 1, mark }, { if: ne(table.columns.n, 0) })],
  [2, ({ table, key, mark }, random) => upsert(table, key, { set: { n: valueOf(random), mark }, if: isNull(table.columns.total) })],
  [1, ({ table, key }, random) => deleteRow(table, key, { if: someN(table, random) })],
  [0.5, ({ table, key }) => deleteRow(table, key, { if: exists() })],
  [3, ({ table, key }) => get(table, key)],
];

/** The next statement of a client. */
export function nextStatement(target: Target, random: Random): Statement {
  return random.weighted(makers)(target, random);
}

type On = Condition<'torture', 'n' | 'total' | 'mark' | 'token'>;

function someN({ columns }: TortureTable, random: Random): On {
  return eq(columns.n, valueOf(random));
}

/** On Cassandra a read and a pinned write. */
function either({ columns }: TortureTable, random: Random): On {
  return or(eq(columns.n, valueOf(random)), gt(columns.total, valueOf(random)));
}

/** Only if nobody wrote since; by the write token, which lets an unknown outcome be resolved for certain, where there is one. */
function asSeen({ columns }: TortureTable, seen: Row | null): On {
  const token = seen?.['token'];
  return typeof token === 'string' ? eq(columns.token, token) : eq(columns.mark, String(seen?.['mark']));
}
