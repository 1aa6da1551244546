import { readFileSync } from 'node:fs';
import {
  boolean,
  decimal,
  defineTable,
  deleteRow,
  eq,
  exists,
  get,
  insert,
  int,
  isNull,
  lt,
  notExists,
  or,
  replace,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { liveStories } from '../../packages/testkit/src/rows.ts';
import { root } from './pages.ts';
import { type VerdictRow, verdictTable } from './verdicts.ts';

const t = defineTable('items', { columns: { id: text(), guard: text().notNull(), a: int() }, partitionKey: ['id'] });
const bare = defineTable('bare', { columns: { id: text(), a: int() }, partitionKey: ['id'] });
const key = { id: 'x' };

const suite = readFileSync(`${root}packages/testkit/src/describe-adapter.ts`, 'utf8');
const grid = named('every operator, state and verb');
const existence = `${grid} › ${named('exists and notExists')}`;
const here = 'the generator of this page';

/** A title that the conformance suite gives to a group or a test. */
function named(title: string): string {
  if (!suite.includes(`('${title}'`)) throw new Error(`The conformance suite has no ${title}.`);
  return title;
}

function story(start: string): string {
  const found = liveStories.find(({ name }) => name.startsWith(start));
  if (found === undefined) throw new Error(`The conformance suite has no story ${start}.`);
  return `${named('rows')} › ${found.name}`;
}

const composite = defineTable('composite', { columns: { p: text(), q: text(), n: int() }, partitionKey: ['p', 'q'] });
const clustered = defineTable('clustered', {
  columns: { p: text(), q: text(), r: text() },
  partitionKey: ['p'],
  clusteringKey: ['q', 'r'],
});
const booleanKey = defineTable('boolean_key', { columns: { p: boolean(), n: int() }, partitionKey: ['p'] });
const decimalKey = defineTable('decimal_key', { columns: { p: decimal(), n: int() }, partitionKey: ['p'] });
const shared = defineTable('shared', { columns: { p: text(), q: text(), s: text().static() }, partitionKey: ['p'], clusteringKey: ['q'] });

const statementRows: readonly VerdictRow[] = [
  { construct: '`insert` if `notExists()`', statements: [insert(bare, key, { if: notExists() })], test: existence },
  {
    construct: '`update`, `replace`, `delete` if `exists()`',
    statements: [
      update(bare, key, { set: { a: 1 }, if: exists() }),
      replace(bare, key, { if: exists() }),
      deleteRow(bare, key, { if: exists() }),
    ],
    test: existence,
  },
  {
    construct: '`update`, `replace`, `delete` whose condition holds on nulls; the table has a `notNull` column',
    statements: [
      update(t, key, { set: { a: 1 }, if: isNull(t.columns.a) }),
      replace(t, { ...key, guard: 'g' }, { if: isNull(t.columns.a) }),
      deleteRow(t, key, { if: isNull(t.columns.a) }),
    ],
    test: story('R2'),
  },
  {
    construct: 'the same; the table has none',
    statements: [
      update(bare, key, { set: { a: 1 }, if: isNull(bare.columns.a) }),
      replace(bare, key, { if: isNull(bare.columns.a) }),
      deleteRow(bare, key, { if: isNull(bare.columns.a) }),
    ],
    test: `${grid}, cases of the table \`bare\``,
  },
  {
    construct: 'a condition that `IF` cannot say and that holds on nulls; the table has none, so that nothing can be pinned',
    statements: [update(bare, key, { set: { a: 1 }, if: or(isNull(bare.columns.a), lt(bare.columns.a, 5)) })],
    test: `${grid}, cases of the table \`bare\``,
  },
  {
    construct: '`upsert`; the table has a `notNull` column',
    statements: [
      upsert(t, key, { set: { guard: 'g' }, if: isNull(t.columns.guard) }),
      upsert(t, key, { set: { guard: 'g' }, if: eq(t.columns.a, 1) }),
    ],
    test: story('R3 a row'),
  },
  {
    construct: '`upsert` that may create; the table has none',
    statements: [upsert(bare, key, { set: { a: 1 }, if: isNull(bare.columns.a) })],
    test: `${grid}, cases of the table \`bare\``,
  },
  {
    construct: '`get`',
    statements: (['strong', 'quorum', 'eventual'] as const).map((consistency) => get(t, key, { consistency })),
    test: `${named('rows')} › ${named('get shows the columns asked for, at every consistency')}`,
  },
  { construct: 'several partition key columns', statements: [get(composite, { p: 'x', q: 'y' })], test: here },
  { construct: 'several clustering key columns', statements: [get(clustered, { p: 'x', q: 'y', r: 'z' })], test: here },
  { construct: '`boolean` key column', statements: [get(booleanKey, { p: true })], test: here },
  { construct: '`decimal`, `float`, `double` in the partition key', statements: [get(decimalKey, { p: '1' })], test: here },
  { construct: 'any statement on a table with static columns', statements: [get(shared, { p: 'x', q: 'y' })], test: here },
];

/** Statements and keys: their verdicts. */
export function statementTable(): string {
  return verdictTable('construct', statementRows, () => '');
}
