import { type AnyTable, type Client, defineTable, eq, insert, int, judge, notExists, text, update } from '@onlyif/core';
import { checkStatement } from './check-statement.ts';

/** Reserved words, quotes, upper case, unicode, and attempts to leave the place of a name. */
export const strangeNames: readonly string[] = [
  'select',
  'Mixed Case',
  'UPPER',
  'upper',
  'a"b',
  "a'b",
  'semi;colon',
  '#n0',
  ':v0',
  'dot.ted',
  'br[0]',
  'naïve',
  '列',
  '😀',
  '"; DROP TABLE "x',
  'status',
  'IF',
  'keys',
  'get',
];

function definition(): Record<string, ReturnType<typeof text>> {
  return Object.fromEntries(strangeNames.map((native, i) => [`c${i}`, text().named(native)]));
}

/** A table whose every column has a strange name in the database. */
export const strange: AnyTable = defineTable('Strange_1', {
  columns: { ...definition(), pk: text().named('PRIMARY "KEY"'), ck: int().named('ck;--'), guard: text().notNull().named('not null') },
  partitionKey: ['pk'],
  clusteringKey: ['ck'],
}) as never;

/** A table whose columns keep those names in code as well. */
export const strangeInCode: AnyTable = defineTable('strange_2', {
  columns: { ...Object.fromEntries(strangeNames.map((name) => [name, text()])), id: text() },
  partitionKey: ['id'],
}) as never;

/** Writes, conditions and rejections through every strange name, with values that look like syntax. */
export async function checkNames(db: Client, table: AnyTable): Promise<readonly string[]> {
  const key = table === strange ? { pk: 'p', ck: 1 } : { id: '"; --' };
  const values = Object.fromEntries(table.regular.map(({ name }, i) => [name, `'";#:v${i}--`]));
  const row = insert(table, { ...key, ...values }, { if: notExists() });
  const problems = [...(await checkStatement(db, row, null))];
  let before = judge(row, null).after;
  for (const { name } of table.regular) {
    const column = table.columns[name] as never;
    const missed = update(table, key as never, { set: { [name]: 'never' }, if: eq(column, 'other') });
    problems.push(...(await checkStatement(db, missed, before)));
    const hit = update(table, key as never, { set: { [name]: `${name}'"` }, if: eq(column, values[name] as never) });
    problems.push(...(await checkStatement(db, hit, before)));
    before = judge(hit, before).after;
  }
  return problems;
}
