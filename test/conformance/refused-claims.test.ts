import { cassandra, type CassandraAdapter, type CqlClient, type CqlResult } from '@onlyif/cassandra';
import {
  type AnyTable,
  beginsWith,
  between,
  type Client,
  type Condition,
  type ConditionName,
  contains,
  createClient,
  decimal,
  defineTable,
  deleteRow,
  double,
  entry,
  eq,
  exists,
  get,
  gt,
  increment,
  insert,
  int,
  isNotNull,
  isNull,
  judge,
  list,
  lt,
  lte,
  map,
  ne,
  noneOf,
  not,
  notExists,
  or,
  prepend,
  type Row,
  set,
  size,
  smallint,
  text,
  update,
  upsert,
  uuid,
  varint,
} from '@onlyif/core';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';

const address = inject('cassandra');
const t = defineTable('claims', {
  columns: {
    id: text(),
    n: int(),
    m: int(),
    small: smallint(),
    big: varint(),
    price: decimal(),
    s: text(),
    tags: set(text()),
    steps: list(text()),
    byUuid: map(uuid(), text()).named('by_uuid'),
    byInt: map(int(), text()).named('by_int'),
    ints: map(text(), int()),
    prices: map(text(), decimal()),
    rates: map(double(), int()),
    guard: text().notNull(),
  },
  partitionKey: ['id'],
});
const bare = defineTable('bare_claims', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const c = t.columns;
const [one, two] = ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'] as const;
type Verdict = ReturnType<Client['explain']>['verdict'];
type AnyIf = Condition<'claims', ConditionName<typeof t>>;

/** Text as one would write it, the condition that it stands for, and what the library does with that instead. */
const notInTheGrammar: readonly (readonly [rule: string, naive: string, condition: AnyIf, verdict: Verdict])[] = [
  ['or', "n = 5 OR s = 'x'", or(eq(c.n, 5), eq(c.s, 'x')), 'refused'],
  ['parentheses', "(n = 5 AND s = 'x')", or(eq(c.n, 5), eq(c.s, 'x')), 'refused'],
  ['not', 'NOT n < 5', not(lt(c.n, 5)), 'refused'],
  ['not(contains)', "tags NOT CONTAINS 'x'", not(contains(c.tags, 'x')), 'refused'],
  ['a column on the right', 'n = m', eq(c.n, c.m), 'refused'],
  ['a column on the right of an order', 'n < m', lt(c.n, c.m), 'refused'],
  ['size', 'size(tags) = 2', eq(size(c.tags), 2), 'refused'],
  ['between', 'n BETWEEN 1 AND 9', between(c.n, 1, 9), 'native'],
  ['noneOf', 'n NOT IN (6)', noneOf(c.n, [6, 7]), 'native'],
  ['isNotNull', 'n IS NOT NULL', isNotNull(c.n), 'native'],
  ['beginsWith', "s LIKE 'a%'", beginsWith(c.s, 'a'), 'native'],
  ['R2 IF EXISTS beside a condition', 'EXISTS AND n = null', isNull(c.n), 'native'],
];

/** What is stored, a condition that is refused, and the text that one would take for it. */
const otherAnswers: readonly (readonly [rule: string, stored: Row, condition: AnyIf, naive: string])[] = [
  ['R9 not(lt) is not >=: null', {}, not(lt(c.n, 5)), 'n >= 5'],
  ['R9 not(lte) is not >: null', {}, not(lte(c.n, 5)), 'n > 5'],
  ['R9 not(gt) is not <=: null', {}, not(gt(c.n, 5)), 'n <= 5'],
  ['R9 not(beginsWith) is not <: null', {}, not(beginsWith(c.s, 'b')), "s < 'b'"],
  [
    'R14 an entry under a uuid key equals another value',
    { byUuid: new Map([[one, 'x']]) },
    eq(entry(c.byUuid, one), 'y'),
    `by_uuid[${one}] = 'y'`,
  ],
  [
    'R14 an entry under an int key is ordered by signed bytes',
    { byInt: new Map([[1, 'é']]) },
    gt(entry(c.byInt, 1), 'a'),
    "by_int[1] > 'a'",
  ],
  ['R14 an entry under a text key is ordered as text', { ints: new Map([['a', -1]]) }, lt(entry(c.ints, 'a'), 0), "ints['a'] < 0"],
  [
    'R14 an entry that is a decimal is compared by its bytes',
    { prices: new Map([['a', '1']]) },
    eq(entry(c.prices, 'a'), '1.00'),
    "prices['a'] = 1.00",
  ],
];

describe.skipIf(isSkipped(address))('what Cassandra refuses or answers otherwise', () => {
  const keyspace = uniqueName();
  let adapter: CassandraAdapter;
  let db: Client;
  let raw: CqlClient;
  const cql = (naive: string): Promise<CqlResult> => raw.execute(naive.replaceAll('$', keyspace), [], { prepare: false });
  /** The server's own word on a conditional write. */
  const isApplied = async (naive: string): Promise<unknown> => (await cql(naive)).rows?.[0]?.['[applied]'];
  const syntaxError = { code: 0x2000 };
  const invalid = { code: 0x2200 };

  beforeAll(async () => {
    if (isSkipped(address)) return;
    adapter = cassandra({ contactPoints: [...address.contactPoints], localDataCenter: address.localDataCenter, keyspace });
    await adapter.createKeyspace();
    db = createClient(adapter);
    await db.createTable(t);
    await db.createTable(bare);
    raw = adapter.client as CqlClient;
  });
  afterAll(async () => {
    await adapter?.dropKeyspace();
    await adapter?.close();
  });

  async function put(columns: Row): Promise<Row> {
    const statement = insert(t, { id: randomUUID(), guard: 'here', ...columns }, { if: notExists() });
    expect(await db.execute(statement)).toEqual({ applied: true });
    return judge(statement, null).after ?? {};
  }

  describe('a syntax error', () => {
    it.each(notInTheGrammar)('%s: IF %s', async (_, naive, condition, verdict) => {
      const { id } = await put({ n: 5 });
      await expect(cql(`UPDATE $.claims SET m = 1 WHERE id = '${String(id)}' IF ${naive}`)).rejects.toMatchObject(syntaxError);
      const statement = update(t, { id: String(id) }, { set: { m: 1 }, if: condition });
      expect(db.explain(statement).verdict).toBe(verdict);
      expect(db.explain(statement, { emulate: true }).verdict).toBe(verdict === 'refused' ? 'emulated' : verdict);
    });

    it('R2 nor can a batch put IF EXISTS beside a condition on the same row', async () => {
      const both = "UPDATE $.claims SET n = 1 WHERE id = 'x' IF EXISTS; UPDATE $.claims SET m = 1 WHERE id = 'x' IF n = null;";
      await expect(cql(`BEGIN BATCH ${both} APPLY BATCH`)).rejects.toMatchObject(invalid);
    });
  });

  describe('another answer', () => {
    it.each(otherAnswers)('%s', async (_, stored, condition, naive) => {
      const row = await put(stored);
      const id = String(row['id']);
      const statement = update(t, { id }, { set: { m: 1 }, if: condition });
      expect(db.explain(statement)).toMatchObject({ verdict: 'refused', alternative: 'emulate: true' });
      const { applied } = judge(statement, row);
      expect(await isApplied(`UPDATE $.claims SET small = 1 WHERE id = '${id}' IF ${naive}`)).toBe(!applied);
      expect((await db.execute(statement, { emulate: true })).applied).toBe(applied);
    });

    it('R14 an entry under a double key is a server error', async () => {
      const row = await put({ rates: new Map([[1, 1]]) });
      const id = String(row['id']);
      await expect(cql(`UPDATE $.claims SET m = 1 WHERE id = '${id}' IF rates[1.0] = 1`)).rejects.toMatchObject({ code: 0 });
      const statement = update(t, { id }, { set: { m: 1 }, if: eq(entry(c.rates, 1), 1) });
      expect(db.explain(statement).verdict).toBe('refused');
      expect(await db.execute(statement, { emulate: true })).toEqual({ applied: true });
    });

    it('R14 under a uuid key an entry differs from no value of its first bytes', async () => {
      const row = await put({ byUuid: new Map([[two, 'x']]) });
      const statement = update(t, { id: String(row['id']) }, { set: { m: 1 }, if: ne(entry(c.byUuid, two), 'y') });
      expect(await isApplied(`UPDATE $.claims SET m = 1 WHERE id = '${String(row['id'])}' IF by_uuid[${two}] != 'y'`)).toBe(false);
      expect(await db.execute(statement, { emulate: true })).toEqual({ applied: true });
    });
  });

  describe('rows', () => {
    it('R2 without a guard isNull creates the row, and a delete of nothing is applied', async () => {
      expect(await isApplied("UPDATE $.bare_claims SET n = 1 WHERE id = 'made' IF n = null")).toBe(true);
      expect(await db.get(bare, { id: 'made' })).toEqual({ id: 'made', n: 1 });
      expect(await isApplied("DELETE FROM $.bare_claims WHERE id = 'absent' IF n = null")).toBe(true);
      const condition = { if: isNull(bare.columns.n) };
      for (const statement of [update(bare, { id: 'x' }, { set: { n: 1 }, ...condition }), deleteRow(bare, { id: 'x' }, condition)])
        expect(db.explain(statement, { emulate: true })).toMatchObject({
          verdict: 'refused',
          alternative: expect.stringContaining('notNull'),
        });
    });

    it('R3 a row that an UPDATE made vanishes with its last value', async () => {
      expect(await isApplied("UPDATE $.bare_claims SET n = 1 WHERE id = 'born' IF n = null")).toBe(true);
      expect(await isApplied("UPDATE $.bare_claims SET n = null WHERE id = 'born' IF n = 1")).toBe(true);
      expect(await db.get(bare, { id: 'born' })).toBeNull();
      expect(db.explain(upsert(bare, { id: 'x' }, { set: { n: 1 }, if: isNull(bare.columns.n) })).verdict).toBe('refused');
    });

    it.each([
      ['decimal', decimal(), '1.0', '1.00', '1'],
      ['double', double(), '0.0', '-0.0', 0],
    ] as const)('R17 equal %s values are two partitions', async (kind, spec, a, b, value) => {
      await cql(`CREATE TABLE $.by_${kind} (id ${kind} PRIMARY KEY, n int)`);
      for (const key of [a, b]) expect(await isApplied(`INSERT INTO $.by_${kind} (id, n) VALUES (${key}, 1) IF NOT EXISTS`)).toBe(true);
      const table = defineTable(`by_${kind}`, { columns: { id: spec as never, n: int() }, partitionKey: ['id'] }) as never as AnyTable;
      expect(db.explain(get(table, { id: value }))).toMatchObject({
        verdict: 'refused',
        reason: expect.stringContaining('partition'),
      });
    });
  });

  describe('R21 increments', () => {
    it.each([
      ['int', 'n', 2147483647, increment(1), '-2147483648'],
      ['smallint', 'small', 32767, increment(1), '-32768'],
    ] as const)('an %s wraps, and says applied', async (_, column, value, by, wrapped) => {
      const row = await put({ [column]: value });
      const id = String(row['id']);
      const statement = update(t, { id }, { set: { [column]: by }, if: exists() });
      await expect(db.execute(statement)).rejects.toMatchObject({ code: 'invalid-value', outcome: 'not-applied' });
      expect(await db.execute(get(t, { id }))).toEqual(row);
      expect(await isApplied(`UPDATE $.claims SET ${column} = ${column} + 1 WHERE id = '${id}' IF guard = 'here'`)).toBe(true);
      expect(String((await cql(`SELECT ${column} FROM $.claims WHERE id = '${id}'`)).rows?.[0]?.[column])).toBe(wrapped);
    });

    it('null stays null and a row stays absent, and both say applied', async () => {
      const row = await put({});
      const id = String(row['id']);
      expect(await isApplied(`UPDATE $.claims SET n = n + 1 WHERE id = '${id}' IF guard = 'here'`)).toBe(true);
      expect(await isApplied("UPDATE $.claims SET n = n + 1 WHERE id = 'absent' IF guard = null")).toBe(true);
      expect(await db.execute(get(t, { id }))).toEqual(row);
      const statement = update(t, { id }, { set: { n: increment(1) }, if: exists() });
      expect(await db.execute(statement)).toEqual({ applied: false, existing: row, source: 'read' });
    });

    it('n - ? is refused, which a negative step would need', async () => {
      await expect(cql("UPDATE $.claims SET n = n - 1 WHERE id = 'x' IF n = 1")).rejects.toMatchObject(invalid);
      const { id } = await put({ n: 5 });
      expect(await db.update(t, { id: String(id) }, { set: { n: increment(-1) }, if: exists() })).toEqual({ applied: true });
    });

    it('a varint has no bound, so that a sum may be stored that no row can hold', async () => {
      const most = 10n ** 1000n - 1n;
      const row = await put({ big: most });
      const id = String(row['id']);
      const statement = update(t, { id }, { set: { big: increment(1n) }, if: exists() });
      expect(db.explain(statement).verdict).toBe('refused');
      await expect(db.execute(statement, { emulate: true })).rejects.toMatchObject({ code: 'invalid-value', outcome: 'not-applied' });
      expect(await isApplied(`UPDATE $.claims SET big = big + 1 WHERE id = '${id}' IF guard = 'here'`)).toBe(true);
      await expect(db.execute(get(t, { id }))).rejects.toMatchObject({ code: 'schema-mismatch' });
    });
  });

  /** Its place is made of the coordinator's clock (apache/cassandra, cql3/terms/Lists.java, `Prepender`): one coordinator shows nothing. */
  it('R23 prepend is emulated, and gives what one coordinator gives', async () => {
    const row = await put({ steps: ['c'] });
    const id = String(row['id']);
    const statement = update(t, { id }, { set: { steps: prepend('a', 'b') }, if: exists() });
    expect(db.explain(statement)).toMatchObject({ verdict: 'refused', reason: expect.stringContaining('clock') });
    expect(await db.execute(statement, { emulate: true })).toEqual({ applied: true });
    expect(await isApplied(`UPDATE $.claims SET steps = ['x', 'y'] + steps WHERE id = '${id}' IF guard = 'here'`)).toBe(true);
    expect(await db.execute(get(t, { id }))).toEqual({ ...row, steps: ['x', 'y', 'a', 'b', 'c'] });
  });
});
