import { cassandraDialect } from '@onlyif/cassandra';
import {
  blob,
  type Client,
  createClient,
  defineTable,
  type Dialect,
  eq,
  exists,
  get,
  insert,
  int,
  isLWTError,
  isNull,
  json,
  type LWTError,
  ne,
  notExists,
  or,
  text,
  timestamp,
  update,
} from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { memory, memoryDialect } from '@onlyif/memory';
import { describe, expect, test } from 'vitest';

const t = defineTable('things', {
  columns: { id: text(), n: int(), m: int(), raw: blob(), at: timestamp(), doc: json<{ list: number[] }>() },
  partitionKey: ['id'],
});
const c = t.columns;
const key = { id: 'x' };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function rejectionOf(promise: Promise<unknown>): Promise<LWTError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (isLWTError(error)) return error;
  throw new Error(`no LWTError, but ${String(error)}`);
}

describe('seed and statements', () => {
  test('seeded rows are there, whole, and are no statements', async () => {
    const adapter = memory();
    adapter.seed(t, [{ id: 'x', n: 1 }, { id: 'y' }]);
    expect(adapter.statements).toEqual([]);
    const db = createClient(adapter);
    expect(await db.get(t, key)).toEqual({ id: 'x', n: 1, m: null, raw: null, at: null, doc: null });
    expect(await db.get(t, { id: 'y' }, { columns: ['n', 'id'] })).toEqual({ n: null, id: 'y' });
    expect(await db.get(t, { id: 'z' })).toBeNull();
  });
  test('a seed replaces a row, and is checked', () => {
    const adapter = memory();
    adapter.seed(t, [{ id: 'x', n: 1 }]);
    expect(() => adapter.seed(t, [{ id: 'x', n: 1.5 }])).toThrow(expect.objectContaining({ code: 'invalid-value' }) as Error);
  });
  test('statements keeps what was executed, in order', async () => {
    const adapter = memory();
    const db = createClient(adapter);
    const statements = [insert(t, { id: 'x' }, { if: notExists() }), update(t, key, { set: { n: 1 }, if: exists() }), get(t, key)] as const;
    for (const statement of statements) await db.execute(statement as never);
    expect(adapter.statements).toEqual(statements);
  });
});

describe('rows are nobody else’s', () => {
  const fresh = async (): Promise<Client> => {
    const db = createClient(memory());
    await db.insert(t, { id: 'x', raw: bytes(1, 2), at: new Date(5), doc: { list: [1] } }, { if: notExists() });
    return db;
  };
  const stored = { id: 'x', n: null, m: null, raw: bytes(1, 2), at: new Date(5), doc: { list: [1] } };

  test('what get returned can be changed without changing the store', async () => {
    const db = await fresh();
    const row = await db.get(t, key);
    row?.raw?.fill(9);
    row?.at?.setTime(9);
    row?.doc?.list.push(9);
    expect(await db.get(t, key)).toEqual(stored);
  });
  test('what a rejection returned can be changed without changing the store', async () => {
    const db = await fresh();
    const result = await db.update(t, key, { set: { n: 1 }, if: eq(c.n, 5) });
    if (result.applied || result.source === 'unavailable') throw new Error('it was not rejected');
    result.existing?.raw?.fill(9);
    result.existing?.at?.setTime(9);
    expect(await db.get(t, key)).toEqual(stored);
  });
  test('what a statement holds can be executed twice', async () => {
    const db = createClient(memory());
    const statement = insert(t, { id: 'x', raw: bytes(1, 2) }, { if: notExists() });
    await db.execute(statement);
    const row = await db.get(t, key);
    row?.raw?.fill(9);
    await db.delete(t, key, { if: exists() });
    await db.execute(statement);
    expect((await db.get(t, key))?.raw).toEqual(bytes(1, 2));
  });
});

describe('keys', () => {
  const wide = defineTable('wide', {
    columns: { a: text(), b: text(), raw: blob(), n: int() },
    partitionKey: ['a', 'b'],
    clusteringKey: ['raw'],
  });
  test('are told apart column by column, bytes by value', async () => {
    const db = createClient(memory());
    const keys = [
      { a: 'a', b: 'bc', raw: bytes(1) },
      { a: 'ab', b: 'c', raw: bytes(1) },
      { a: 'a', b: 'bc', raw: bytes(1, 0) },
      { a: '1:a', b: 'b', raw: bytes(1) },
    ];
    for (const [n, one] of keys.entries()) expect(await db.insert(wide, { ...one, n }, { if: notExists() })).toEqual({ applied: true });
    for (const [n, one] of keys.entries()) expect((await db.get(wide, { ...one, raw: Uint8Array.from(one.raw) }))?.n).toBe(n);
  });
});

describe('like', () => {
  const dialects: Readonly<Record<'cassandra' | 'dynamodb', Dialect>> = { cassandra: cassandraDialect(), dynamodb: dynamodbDialect() };
  const composite = defineTable('composite', { columns: { a: text(), b: text(), n: int() }, partitionKey: ['a', 'b'] });
  const refused = {
    cassandra: [update(t, key, { set: { n: 1 }, if: or(eq(c.n, 1), eq(c.m, 1)) }), update(t, key, { set: { n: 1 }, if: ne(c.n, 1) })],
    dynamodb: [insert(composite, { a: 'x', b: 'y' }, { if: notExists() }), insert(t, { id: 'x'.repeat(3000) }, { if: notExists() })],
  } as const;

  test.each(['cassandra', 'dynamodb'] as const)('%s refuses with the very error of the dialect, and nothing happens', async (name) => {
    const like = dialects[name];
    const adapter = memory({ like });
    const db = createClient(adapter);
    for (const statement of refused[name]) {
      const { code, message, alternative, outcome } = await rejectionOf(Promise.reject(thrownBy(() => like.compile(statement))));
      const error = await rejectionOf(db.execute(statement as never));
      expect(error).toMatchObject({ code, message, alternative, outcome, dialect: name, statement });
      expect(await createClient(memory(), { verify: 'off' }).execute(statement as never)).toHaveProperty('applied');
    }
    expect(adapter.statements).toEqual([]);
  });
  test('what the dialect takes runs by the reference semantics', async () => {
    const db = createClient(memory({ like: dialects.cassandra }));
    expect(await db.insert(t, { id: 'x', n: 1 }, { if: notExists() })).toEqual({ applied: true });
    expect(await db.update(t, key, { set: { n: 2 }, if: eq(c.n, 1) })).toEqual({ applied: true });
    expect((await db.get(t, key))?.n).toBe(2);
  });
});

function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

describe('tableName', () => {
  test('names the table in requests, and keeps tables apart', async () => {
    const adapter = memory({ tableName: (name) => `test_${name}` });
    const db = createClient(adapter);
    expect(db.explain(update(t, key, { set: { n: 1 }, if: { n: null } })).requests).toEqual([
      { verb: 'update', table: 'test_things', key, set: { n: 1 }, if: 'n is null' },
    ]);
    const one = defineTable('one', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
    const another = defineTable('another', { columns: { id: text(), n: int() }, partitionKey: ['id'], named: 'one' });
    await db.insert(one, { id: 'x', n: 7 }, { if: notExists() });
    expect(await db.get(another, key)).toEqual({ id: 'x', n: 7 });
    await db.dropTable(one);
    expect(await db.get(another, key)).toBeNull();
  });
});

describe('concurrency', () => {
  test('of a hundred claims at once, one is applied', async () => {
    const db = createClient(memory());
    const results = await Promise.all(Array.from({ length: 100 }, (_, n) => db.insert(t, { id: 'x', n }, { if: notExists() })));
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
  });
  test('a hundred increments by compare and set lose none', async () => {
    const adapter = memory();
    adapter.seed(t, [{ id: 'x', n: 0 }]);
    const db = createClient(adapter);
    const increment = async (): Promise<void> => {
      for (;;) {
        const n = (await db.get(t, key))?.n ?? 0;
        if ((await db.update(t, key, { set: { n: n + 1 }, if: { n } })).applied) return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    expect((await db.get(t, key))?.n).toBe(20);
  });
  test('every statement takes a turn of the event loop', async () => {
    const db = createClient(memory(), { verify: 'off' });
    let turns = 0;
    const count = setImmediate(() => turns++);
    await db.get(t, key);
    clearImmediate(count);
    expect(turns).toBe(1);
  });
});

describe('verification', () => {
  test('another definition of a table that is there is a schema-mismatch', async () => {
    const db = createClient(memory());
    await db.insert(t, { id: 'x' }, { if: notExists() });
    const other = defineTable('things', { columns: { id: text(), n: text() }, partitionKey: ['id'] });
    expect(await rejectionOf(db.insert(other, { id: 'x' }, { if: notExists() }))).toMatchObject({
      code: 'schema-mismatch',
      outcome: 'not-applied',
    });
  });
});

test('R24 a table with static columns is unsupported here too', () => {
  const shared = defineTable('shared', {
    columns: { id: text(), at: int(), s: int().static(), n: int() },
    partitionKey: ['id'],
    clusteringKey: ['at'],
  });
  const statement = update(shared, { id: 'x', at: 1 }, { set: { n: 1 }, if: isNull(shared.columns.n) });
  for (const dialect of [memoryDialect(), cassandraDialect(), dynamodbDialect()])
    expect(() => dialect.compile(statement)).toThrow(
      expect.objectContaining({ code: 'unsupported', alternative: expect.any(String) as string }) as Error,
    );
});
