import { cassandraDialect, scyllaDialect } from '@onlyif/cassandra';
import {
  type AnyTable,
  boolean,
  decimal,
  defineTable,
  deleteRow,
  type Dialect,
  eq,
  exists,
  type Explanation,
  get,
  insert,
  int,
  isNull,
  notExists,
  portability,
  replace,
  type Statement,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { memoryDialect } from '@onlyif/memory';
import { conditionsOn, type NamedCondition } from '../../packages/testkit/src/operators.ts';
import { liveStories } from '../../packages/testkit/src/rows.ts';
import { versionOf } from '../servers/versions.ts';
import { table } from './generated.ts';

const columns = { id: text(), guard: text().notNull(), a: int(), b: int(), other: int() };
const t = defineTable('items', { columns, partitionKey: ['id'] });
const texts = defineTable('items', { columns: { ...columns, a: text(), b: text() }, partitionKey: ['id'] });
const bare = defineTable('bare', { columns: { id: text(), a: int() }, partitionKey: ['id'] });
const key = { id: 'x' };

const dialects: readonly Dialect[] = [memoryDialect(), cassandraDialect(), scyllaDialect(), dynamodbDialect()];
const imageVersion = versionOf('SCYLLA_IMAGE').split(':')[1];
const header = [
  'memory',
  `Cassandra ${versionOf('CASSANDRA_VERSION')}`,
  `ScyllaDB ${imageVersion}`,
  `DynamoDB Local ${versionOf('DYNAMODB_LOCAL_VERSION')}`,
  'proven by',
];

/** What is written in code, and the cases of the conformance suite that run it. */
const constructs: readonly (readonly [construct: string, ...cases: string[]])[] = [
  ['`eq(a, v)`', 'eq', 'not(ne)'],
  ['`ne(a, v)`', 'ne', 'not(eq)', 'and(ne, isNull of another)'],
  ['`lt lte gt gte (a, v)`', 'lt', 'lte', 'gt', 'gte', 'and(gte, lt)'],
  ['`between(a, lo, hi)`', 'between', 'between of one'],
  ['`between` with lo > hi, `oneOf(a, [])`', 'between upside down', 'oneOf of none'],
  ['`oneOf(a, vs)`', 'oneOf', 'oneOf of one', 'not(noneOf)'],
  ['`noneOf(a, vs)`', 'noneOf', 'not(oneOf)'],
  ['`noneOf(a, [])`', 'noneOf of none'],
  ['`isNull(a)`', 'isNull', 'not(isNotNull)'],
  ['`isNotNull(a)`', 'isNotNull', 'not(isNull)'],
  ['`beginsWith(a, prefix)`', 'beginsWith', 'beginsWith of itself', 'beginsWith nothing'],
  ['`and(p, q)`', 'and(ne, isNotNull)', 'and(isNull, isNotNull)', 'not(or(eq, isNull))'],
  ['a column and itself', 'eq of itself', 'ne of itself', 'lte of itself', 'gt of itself'],
  ['`or(p, q)`', 'or(eq, isNull)', 'or(isNull, isNotNull)', 'not(and(eq, isNull of another))'],
  ['`not` of an ordering, `between` or `beginsWith`', 'not(lt)', 'not(gte)', 'not(between)', 'not(beginsWith)'],
  [
    'two columns',
    'eq of two columns',
    'ne of two columns',
    'not(eq of two columns)',
    'lt of two columns',
    'gte of two columns',
    'not(lt of two columns)',
  ],
];

/** Every operator of the suite, in an update of a table with a `notNull` column: its verdict, and what is sent. */
export function conditionTable(): string {
  const known = suiteCases();
  const reasons = new Reasons();
  const rows = constructs.map(([construct, ...cases]) => {
    const explained = cases.map((name) => {
      const found = known.get(name);
      if (found === undefined) throw new Error(`The conformance suite has no case ${name}.`);
      known.delete(name);
      return portability(found, dialects);
    });
    const cells = dialects.map((_, i) =>
      conditionCell(
        explained.map((verdicts) => verdicts[i] as Explanation),
        reasons,
      ),
    );
    return [construct, ...cells, cases.map((name) => `\`${name}\``).join(', ')];
  });
  if (known.size > 0) throw new Error(`These cases of the suite stand in no row: ${[...known.keys()].join('; ')}.`);
  return `${table(['condition', ...header], rows)}\n\n${reasons.list()}`;
}

/** An update under each condition that the suite runs, by the name of its case; integers have no prefixes, text has. */
function suiteCases(): Map<string, Statement> {
  return new Map([...casesOn(texts, 'text'), ...casesOn(t, 'int')]);
}

function casesOn(on: AnyTable, kind: 'int' | 'text'): readonly (readonly [name: string, statement: Statement])[] {
  const { a, b, other } = on.columns;
  if (a === undefined || b === undefined || other === undefined) throw new Error('A column is missing.');
  return conditionsOn(kind, a, b, other).map(({ name, condition }) => [name, updateIf(on, condition)]);
}

function updateIf(on: AnyTable, condition: NamedCondition['condition']): Statement {
  return update(on, key as never, { set: { other: 1 }, if: condition } as never);
}

/** The reasons of refusals, numbered in the order of their first use. */
class Reasons {
  readonly #texts: string[] = [];

  cell({ reason = '', alternative = '' }: Explanation): string {
    const text = `${reason} Instead: ${alternative}.`;
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `refused (${this.#texts.indexOf(text) + 1})`;
  }

  list(): string {
    return this.#texts.map((text, i) => `${i + 1}. ${text}`).join('\n');
  }
}

/** One word for all cases of a construct, and the condition of the first as it is sent. */
function conditionCell(explanations: readonly Explanation[], reasons: Reasons): string {
  const [verdict, ...others] = new Set(explanations.map((explanation) => explanation.verdict));
  const [first] = explanations;
  if (verdict === undefined || first === undefined || others.length > 0) throw new Error('The cases of one row differ in their verdict.');
  if (verdict === 'refused') return reasons.cell(first);
  const sent = sentCondition(first.requests[0]);
  return sent === '' ? verdict : `${verdict}: \`${sent}\``;
}

function sentCondition(request: object | undefined): string {
  const { cql, ConditionExpression, ExpressionAttributeNames } = { ...request } as Record<string, unknown>;
  if (typeof cql === 'string') return cql.slice(cql.indexOf(' IF ') + 1).replaceAll('"', '');
  if (typeof ConditionExpression !== 'string') return '';
  const names = ExpressionAttributeNames as Record<string, string>;
  return ConditionExpression.replaceAll(/#n\d+/g, (alias) => names[alias] ?? alias).replaceAll(/:v\d+/g, '?');
}

interface StatementRow {
  readonly construct: string;
  readonly statements: readonly Statement[];
  readonly test: string;
}

const grid = 'every operator, state and verb';
const existence = `${grid} › exists and notExists`;
const here = 'the generator of this page';

function story(start: string): string {
  const found = liveStories.find(({ name }) => name.startsWith(start));
  if (found === undefined) throw new Error(`The conformance suite has no story ${start}.`);
  return `rows › ${found.name}`;
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

const statementRows: readonly StatementRow[] = [
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
    test: 'rows › get shows the columns asked for, at every consistency',
  },
  { construct: 'several partition key columns', statements: [get(composite, { p: 'x', q: 'y' })], test: here },
  { construct: 'several clustering key columns', statements: [get(clustered, { p: 'x', q: 'y', r: 'z' })], test: here },
  { construct: '`boolean` key column', statements: [get(booleanKey, { p: true })], test: here },
  { construct: '`decimal`, `float`, `double` in the partition key', statements: [get(decimalKey, { p: '1' })], test: here },
  { construct: 'any statement on a table with static columns', statements: [get(shared, { p: 'x', q: 'y' })], test: here },
];

/** Statements and keys: their verdicts. */
export function statementTable(): string {
  const reasons = new Reasons();
  const rows = statementRows.map(({ construct, statements, test }) => {
    const explained = statements.map((statement) => portability(statement, dialects));
    const cells = dialects.map((_, i) =>
      statementCell(
        explained.map((verdicts) => verdicts[i] as Explanation),
        reasons,
      ),
    );
    return [construct, ...cells, test];
  });
  return `${table(['construct', ...header], rows)}\n\n${reasons.list()}`;
}

function statementCell(explanations: readonly Explanation[], reasons: Reasons): string {
  const [cell, ...others] = new Set(explanations.map((explanation) => explanation.verdict));
  const [first] = explanations;
  if (cell === undefined || first === undefined || others.length > 0) throw new Error('The statements of one row differ in their verdict.');
  return cell === 'refused' ? reasons.cell(first) : cell;
}
