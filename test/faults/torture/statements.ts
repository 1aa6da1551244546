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
  /** A version that no row has had, however often those of other writes were raised since. */
  readonly start: number;
}

type One = ReturnType<typeof increment<number>>;

/** What each write leaves in its row: its mark, and a version that the row never had (R43), where the table has one. */
interface Traces {
  /** Of a write that may begin a life of the row. */
  readonly born: { readonly mark: string; readonly version?: number };
  readonly raised: { readonly mark: string; readonly version?: One };
  /** Of a write that pins the version that was seen. */
  readonly next: { readonly mark: string; readonly version?: number | One };
}

type Make = (target: Target & Traces, random: Random) => Statement;

/** Few values, so that conditions often hold. */
const valueOf = (random: Random): number => random.below(4);

const bump: Make = ({ table, key, raised }) => update(table, key, { set: { total: increment(1), ...raised }, if: exists() });
const makers: readonly (readonly [weight: number, Make])[] = [
  [4, ({ table, key, born }, random) => insert(table, { ...key, n: valueOf(random), total: 0, ...born }, { if: notExists() })],
  [4, ({ table, key, raised }, random) => update(table, key, { set: { n: valueOf(random), ...raised }, if: someN(table, random) })],
  [12, ({ table, key, next, seen }, random) => update(table, key, { set: { n: valueOf(random), ...next }, if: asSeen(table, seen) })],
  [3, ({ table, key, raised }, random) => update(table, key, { set: { n: valueOf(random), ...raised }, if: either(table, random) })],
  [2, bump],
  [1, ({ table, key, raised }, random) => update(table, key, { set: { total: increment(1), ...raised }, if: either(table, random) })],
  [2, ({ table, key, born }, random) => replace(table, { ...key, n: valueOf(random), total: 1, ...born }, { if: ne(table.columns.n, 0) })],
  [2, ({ table, key, born }, random) => upsert(table, key, { set: { n: valueOf(random), ...born }, if: isNull(table.columns.total) })],
  [1, ({ table, key }, random) => deleteRow(table, key, { if: someN(table, random) })],
  [1, ({ table, key, seen }) => deleteRow(table, key, { if: asSeen(table, seen) })],
  [0.5, ({ table, key }) => deleteRow(table, key, { if: exists() })],
  [3, ({ table, key }) => get(table, key)],
];

/** The next statement of a client. */
export function nextStatement(target: Target, random: Random): Statement {
  return random.weighted(makers)({ ...target, ...tracesOf(target) }, random);
}

function tracesOf({ table, seen, mark, start }: Target): Traces {
  if (table.version === undefined) return { born: { mark }, raised: { mark }, next: { mark } };
  const one = increment(1);
  const version = seen?.['version'];
  return {
    born: { mark, version: start },
    raised: { mark, version: one },
    next: { mark, version: typeof version === 'number' ? version + 1 : one },
  };
}

type On = Condition<'torture', 'n' | 'total' | 'mark' | 'token' | 'version'>;

function someN({ columns }: TortureTable, random: Random): On {
  return eq(columns.n, valueOf(random));
}

/** On Cassandra a read and a pinned write. */
function either({ columns }: TortureTable, random: Random): On {
  return or(eq(columns.n, valueOf(random)), gt(columns.total, valueOf(random)));
}

/** Only if nobody wrote since; by the evidence, which lets an unknown outcome be resolved for certain, where there is one. */
function asSeen({ columns }: TortureTable, seen: Row | null): On {
  const { token, version, mark } = seen ?? {};
  if (typeof token === 'string') return eq(columns.token, token);
  return typeof version === 'number' ? eq(columns.version, version) : eq(columns.mark, String(mark));
}
