import { cassandraDialect, scyllaDialect } from '@onlyif/cassandra';
import {
  and,
  beginsWith,
  between,
  blob,
  boolean,
  decimal,
  defineTable,
  deleteRow,
  type Dialect,
  double,
  eq,
  exists,
  type Explanation,
  get,
  insert,
  int,
  isNotNull,
  isNull,
  lt,
  ne,
  noneOf,
  not,
  notExists,
  oneOf,
  or,
  portability,
  replace,
  type Statement,
  text,
  update,
  upsert,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { keyspacesDialect } from '@onlyif/keyspaces';
import { memoryDialect } from '@onlyif/memory';
import { describe, expect, test } from 'vitest';

const dialects = {
  cassandra: cassandraDialect({ keyspace: 'app' }),
  scylla: scyllaDialect({ keyspace: 'app' }),
  keyspaces: keyspacesDialect({ keyspace: 'app' }),
  dynamodb: dynamodbDialect(),
  memory: memoryDialect(),
} as const satisfies Record<string, Dialect>;
type Name = keyof typeof dialects;
type Verdicts = Readonly<Record<Name, Explanation['verdict']>>;

type Verdict = Explanation['verdict'];
const verdicts = (cassandra: Verdict, scylla: Verdict, keyspaces: Verdict, dynamodb: Verdict): Verdicts => ({
  cassandra,
  scylla,
  keyspaces,
  dynamodb,
  memory: 'native',
});
const everywhere = verdicts('native', 'native', 'native', 'native');
/** What needs `IN` or `!= null`, where it may be a guard. */
const emulatedOnKeyspaces = verdicts('native', 'native', 'emulated', 'native');
const notInCql = verdicts('refused', 'refused', 'refused', 'native');
const emulatedInCql = verdicts('emulated', 'emulated', 'emulated', 'native');
const notOnDynamoDb = verdicts('native', 'native', 'native', 'refused');
const onCassandraOnly = verdicts('native', 'native', 'refused', 'refused');
const nowhere: Verdicts = { cassandra: 'refused', scylla: 'refused', keyspaces: 'refused', dynamodb: 'refused', memory: 'refused' };

const marked = defineTable('marked', {
  columns: { id: text(), mark: text().notNull(), n: int(), m: int(), b: blob() },
  partitionKey: ['id'],
});
const bare = defineTable('bare', { columns: { id: text(), n: int(), m: int() }, partitionKey: ['id'] });
const shared = defineTable('shared', {
  columns: { id: text(), at: int(), s: int().static(), n: int() },
  partitionKey: ['id'],
  clusteringKey: ['at'],
});
const pair = defineTable('pair', { columns: { a: text(), b: text(), n: int() }, partitionKey: ['a', 'b'] });
const flagged = defineTable('flagged', { columns: { id: boolean(), n: int() }, partitionKey: ['id'] });
const priced = defineTable('priced', { columns: { id: decimal(), n: int() }, partitionKey: ['id'] });
const dashed = defineTable('dashed-name', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const short = defineTable('ab', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const real = defineTable('real', { columns: { id: text(), f: double() }, partitionKey: ['id'] });
const c = marked.columns;
const key = { id: 'x' };
const on = (condition: unknown): Statement => update(marked, key, { set: { m: 1 }, if: condition as never });
const onBare = (condition: unknown): Statement => update(bare, key, { set: { m: 1 }, if: condition as never });

/** Verdicts where emulation counts, which is the default. */
const constructs: readonly (readonly [name: string, statement: Statement, verdicts: Verdicts])[] = [
  ['insert', insert(marked, { id: 'x', mark: 'm' }, { if: notExists() }), everywhere],
  ['update, exists', on(exists()), everywhere],
  ['replace', replace(marked, { id: 'x', mark: 'm' }, { if: exists() }), everywhere],
  ['delete', deleteRow(marked, key, { if: exists() }), everywhere],
  ['upsert', upsert(marked, key, { set: { mark: 'm' }, if: isNull(c.mark) }), everywhere],
  ['get', get(marked, key), everywhere],
  ['eq', on(eq(c.n, 1)), everywhere],
  ['ne', on(ne(c.n, 1)), emulatedOnKeyspaces],
  ['lt', on(lt(c.n, 1)), everywhere],
  ['isNull', on(isNull(c.n)), emulatedOnKeyspaces],
  ['isNotNull', on(isNotNull(c.n)), emulatedOnKeyspaces],
  ['oneOf', on(oneOf(c.n, [1, 2])), emulatedOnKeyspaces],
  ['noneOf', on(noneOf(c.n, [1, 2])), emulatedOnKeyspaces],
  ['between', on(between(c.n, 1, 2)), everywhere],
  ['beginsWith of text', on(beginsWith(c.mark, 'a')), everywhere],
  ['beginsWith of bytes', on(beginsWith(c.b, Uint8Array.of(1))), everywhere],
  ['and', on(and(eq(c.n, 1), ne(c.m, 2))), everywhere],
  ['or', on(or(eq(c.n, 1), eq(c.m, 2))), emulatedInCql],
  ['R9 not of an ordering', on(not(lt(c.n, 1))), emulatedInCql],
  ['R9 not of between', on(not(between(c.n, 1, 2))), emulatedInCql],
  ['R9 not of eq, of isNull, of oneOf', on(and(not(eq(c.n, 1)), not(isNull(c.m)), not(oneOf(c.n, [2, 3])))), emulatedOnKeyspaces],
  ['R9 not of or', on(not(or(eq(c.n, 1), isNull(c.m)))), emulatedOnKeyspaces],
  ['two columns', on(eq(c.n, c.m)), emulatedInCql],
  ['or, of which one may hold on nulls, without a notNull column', onBare(or(eq(bare.columns.n, 1), isNull(bare.columns.m))), notInCql],
  ['or that only a row fulfils, without a notNull column', onBare(or(eq(bare.columns.n, 1), eq(bare.columns.m, 1))), emulatedInCql],
  ['R11 or of isNull and values', on(or(isNull(c.n), oneOf(c.n, [1, 2]))), emulatedOnKeyspaces],
  ['R10 what never holds', on(oneOf(c.n, [])), emulatedOnKeyspaces],
  ['R2 a condition that nulls fulfil, without a notNull column', onBare(ne(bare.columns.n, 1)), notInCql],
  ['R1 a condition that only a row fulfils, without one', onBare(eq(bare.columns.n, 1)), everywhere],
  ['R3 an upsert that may create, without one', upsert(bare, key, { set: { n: 1 }, if: isNull(bare.columns.n) }), notInCql],
  ['R24 static columns', update(shared, { id: 'x', at: 1 }, { set: { n: 1 }, if: exists() }), nowhere],
  ['a composite partition key', insert(pair, { a: 'x', b: 'y' }, { if: notExists() }), notOnDynamoDb],
  ['R17 a boolean key', insert(flagged, { id: true }, { if: notExists() }), notOnDynamoDb],
  ['R17 a decimal partition key', insert(priced, { id: '1' }, { if: notExists() }), notInCql],
  ['a table name with a dash', get(dashed, key), notInCql],
  ['a table name of two letters', get(short, key), notOnDynamoDb],
  ['a double that DynamoDB cannot hold', insert(real, { id: 'x', f: 5e-324 }, { if: notExists() }), notOnDynamoDb],
  ['a key of 3,000 bytes', get(bare, { id: 'x'.repeat(3000) }), onCassandraOnly],
];

describe('verdicts', () => {
  test.each(constructs)('%s', (_, statement, expected) => {
    const found = portability(statement, Object.values(dialects)).map(({ dialect, verdict }) => [dialect, verdict]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });
  test.each(constructs)('%s, with { emulate: false }', (_, statement, expected) => {
    const found = portability(statement, Object.values(dialects), { emulate: false }).map(({ dialect, verdict }) => [dialect, verdict]);
    const native = Object.entries(expected).map(([dialect, verdict]) => [dialect, verdict === 'emulated' ? 'refused' : verdict]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(native));
  });
  const requests = { native: 1, emulated: 2, refused: 0 } as const;
  test.each([true, false])('a refusal has a reason, the others have requests and a cost, with { emulate: %s }', (emulate) => {
    for (const explanation of portability(
      constructs.map(([, statement]) => statement),
      Object.values(dialects),
      { emulate },
    )) {
      const refused = explanation.verdict === 'refused';
      const count = requests[explanation.verdict];
      expect(explanation.portable).toBe(!refused);
      expect([explanation.requests.length, explanation.roundTrips]).toEqual([count, count]);
      expect([explanation.reason === undefined, explanation.cost === undefined]).toEqual([!refused, refused]);
      expect(Object.isFrozen(explanation)).toBe(true);
    }
  });
});

describe('portability', () => {
  const [first, second]: readonly [Statement, Statement] = [on(eq(c.n, 1)), deleteRow(marked, key, { if: exists() })];
  const statements = [first, second];
  test('gives one explanation for each statement and dialect, in that order', () => {
    const found = portability(statements, [dialects.dynamodb, dialects.cassandra]);
    expect(found.map(({ dialect, statement }) => [dialect, statement.kind])).toEqual([
      ['dynamodb', 'update'],
      ['cassandra', 'update'],
      ['dynamodb', 'delete'],
      ['cassandra', 'delete'],
    ]);
    expect(found.map(({ statement }) => statement)).toEqual([first, first, second, second]);
  });
  test('takes one statement, no statement and no dialect', () => {
    expect(portability(first, [dialects.memory])).toHaveLength(1);
    expect(portability([], Object.values(dialects))).toEqual([]);
    expect(portability(statements, [])).toEqual([]);
  });
  test('shows the exact requests', () => {
    const [cql, item, row] = portability(first, [dialects.cassandra, dialects.dynamodb, dialects.memory]);
    expect(cql?.requests).toEqual([{ cql: 'UPDATE "app"."marked" SET "m" = ? WHERE "id" = ? IF "n" = ?', parameters: [1, 'x', 1] }]);
    expect(item?.requests).toMatchObject([{ TableName: 'marked', UpdateExpression: 'SET #n0 = :v0' }]);
    expect(row?.requests).toEqual([{ verb: 'update', table: 'marked', key, set: { m: 1 }, if: 'n = 1' }]);
  });
});
