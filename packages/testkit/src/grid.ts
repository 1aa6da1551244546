import {
  type AnyTable,
  type Client,
  deleteRow,
  exists,
  insert,
  isNull,
  judge,
  notExists,
  replace,
  type Row,
  type ScalarKind,
  update,
  upsert,
  type WriteNode,
} from '@onlyif/core';
import { checkStatement } from './check-statement.ts';
import { freshKey } from './fresh-key.ts';
import { type AnyCondition, conditionsOn, type NamedCondition } from './operators.ts';
import type { Case } from './run-cases.ts';
import { samples } from './samples.ts';
import { bare, column, guarded } from './tables.ts';

type Verb = 'update' | 'replace' | 'upsert' | 'delete';
const verbs: readonly Verb[] = ['update', 'replace', 'upsert', 'delete'];
const states = ['row absent', 'column null', 'equal', 'smaller', 'greater'] as const;
type State = (typeof states)[number];

/** Every operator × state × verb × table for one column type. */
export function gridCases(db: Client, kind: ScalarKind): readonly Case[] {
  return [guarded, bare].flatMap((table) => {
    const conditions = conditionsOn(kind, column(table, `a_${kind}`), column(table, `b_${kind}`), column(table, 'other'));
    return conditions.flatMap((condition) =>
      states.flatMap((state) => verbs.map((verb) => gridCase(db, table, kind, condition, state, verb))),
    );
  });
}

function gridCase(db: Client, table: AnyTable, kind: ScalarKind, { name, condition }: NamedCondition, state: State, verb: Verb): Case {
  return {
    name: `${table.name}: ${verb} if ${name}, ${state}`,
    run: async () => {
      const key = freshKey(table);
      const before = await putRow(db, table, key, state === 'row absent' ? undefined : columnsIn(kind, state));
      const statement = writeWith(table, kind, key, verb, condition);
      return statement === undefined ? [] : checkStatement(db, statement, before);
    },
  };
}

/** `b` holds the middle value throughout, so that comparisons of two columns meet all states too. */
function columnsIn(kind: ScalarKind, state: Exclude<State, 'row absent'>): Row {
  const { low, middle, high } = samples[kind];
  const a = { 'column null': null, equal: middle, smaller: low, greater: high }[state];
  return { [`a_${kind}`]: a, [`b_${kind}`]: middle };
}

/** Inserts a row and returns it as it is stored; `null` for no columns at all. */
export async function putRow(db: Client, table: AnyTable, key: Row, columns: Row | undefined): Promise<Row | null> {
  if (columns === undefined) return null;
  const guard = table.notNull.length > 0 ? { guard: 'here' } : {};
  const statement = insert(table, { ...key, ...guard, ...columns }, { if: notExists() });
  const { verdict } = db.explain(statement);
  if (verdict === 'refused') throw new Error(`The row of a test was refused: ${JSON.stringify(Object.keys(columns))}`);
  const result = await db.execute(statement);
  if (!result.applied) throw new Error('A fresh key was taken.');
  return judge(statement, null).after;
}

/** The write of a verb under a condition; undefined where the reference itself refuses it (an upsert that always holds). */
function writeWith(table: AnyTable, kind: ScalarKind, key: Row, verb: Verb, condition: AnyCondition): WriteNode | undefined {
  const guard = table.notNull.length > 0 ? { guard: 'set' } : {};
  const set = { other: 7, [`a_${kind}`]: null } as object;
  const options = { if: condition } as never;
  switch (verb) {
    case 'update':
      return update(table, key as never, { set, if: condition });
    case 'replace':
      return replace(table, { ...key, ...guard, other: 8 }, options);
    case 'delete':
      return deleteRow(table, key as never, options);
    case 'upsert':
      return alwaysHolds(table, condition) ? undefined : upsert(table, key as never, { set: { ...guard, other: 9 }, if: condition });
  }
}

function alwaysHolds(table: AnyTable, condition: AnyCondition): boolean {
  try {
    const guard = table.notNull.length > 0 ? { guard: 'x' } : {};
    upsert(table, freshKey(table) as never, { set: { ...guard, other: 1 }, if: condition });
    return false;
  } catch (error) {
    return String(error).includes('always holds');
  }
}

/** `exists()` and `notExists()` on a row that is absent, there, and there with nulls only. */
export function existenceCases(db: Client): readonly Case[] {
  return [guarded, bare].flatMap((table) =>
    ([undefined, {}, { other: 1 }] as const).flatMap((columns) => {
      const guard = table.notNull.length > 0 ? { guard: 'set' } : {};
      const writes: readonly (readonly [string, (key: Row) => WriteNode])[] = [
        ['insert if notExists', (key) => insert(table, { ...key, ...guard, other: 5 }, { if: notExists() })],
        ['update if exists', (key) => update(table, key as never, { set: { other: null }, if: exists() })],
        ['replace if exists', (key) => replace(table, { ...key, ...guard }, { if: exists() })],
        ['delete if exists', (key) => deleteRow(table, key as never, { if: exists() })],
        [
          'upsert if isNull',
          (key) => upsert(table, key as never, { set: { ...guard, other: 6 }, if: isNull(column(table, 'other') as never) }),
        ],
      ];
      return writes.map(([name, write]) => ({
        name: `${table.name}: ${name}, ${columns === undefined ? 'row absent' : JSON.stringify(columns)}`,
        run: async () => {
          const key = freshKey(table);
          return checkStatement(db, write(key), await putRow(db, table, key, columns));
        },
      }));
    }),
  );
}
