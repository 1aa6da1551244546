import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  and,
  bigint,
  type Condition,
  createClient,
  decimal,
  defineTable,
  double,
  eq,
  exists,
  gte,
  increment,
  int,
  isNotNull,
  isNull,
  list,
  ne,
  noneOf,
  notExists,
  replace,
  size,
  text,
  update,
} from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { localDynamoDb, uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';

const address = inject('dynamodb');
const endpoint = isSkipped(address) ? '' : address.endpoint;

describe.skipIf(isSkipped(address))('DynamoDB beside other writers', () => {
  const client = new DynamoDBClient({ endpoint, ...localDynamoDb });
  const prefix = uniqueName();
  const adapter = dynamodb({ client, tableName: (name) => `${prefix}.${name}` });
  const db = createClient(adapter);
  const items = defineTable('items', {
    columns: { id: text(), mark: text().notNull(), n: int(), x: double(), b: bigint() },
    partitionKey: ['id'],
  });
  const TableName = `${prefix}.items`;
  const ready = db.createTable(items);
  afterAll(() => client.destroy());

  it('R6 replace keeps attributes that the definition does not name, an index key among them', async () => {
    const indexed = defineTable('indexed', { columns: { id: text(), n: int(), m: int() }, partitionKey: ['id'] });
    const name = `${prefix}.indexed`;
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'gsi1pk', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          { IndexName: 'gsi1', KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } },
        ],
      }),
    );
    await client.send(
      new PutItemCommand({
        TableName: name,
        Item: { id: { S: 'a' }, n: { N: '1' }, m: { N: '2' }, gsi1pk: { S: 'kept' }, ttl: { N: '9' } },
      }),
    );
    expect(await db.execute(replace(indexed, { id: 'a', n: 5 }, { if: exists() }))).toEqual({ applied: true });
    const { Item } = await client.send(new GetItemCommand({ TableName: name, Key: { id: { S: 'a' } }, ConsistentRead: true }));
    expect(Item).toEqual({ id: { S: 'a' }, n: { N: '5' }, gsi1pk: { S: 'kept' }, ttl: { N: '9' } });
    await db.verifyTable(indexed);
  });

  it('R7 an update that only removes never leaves a ghost behind', async () => {
    await ready;
    const statement = update(items, { id: 'ghost' }, { set: { n: null, x: null }, if: isNull(items.columns.n) });
    expect(await db.execute(statement)).toEqual({ applied: false, existing: null, source: 'decision' });
    const naive = new UpdateItemCommand({
      TableName,
      Key: { id: { S: 'naive' } },
      UpdateExpression: 'REMOVE n',
      ConditionExpression: 'attribute_not_exists(n)',
    });
    await client.send(naive);
    const found = async (id: string): Promise<unknown> =>
      (await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }))).Item;
    expect(await found('ghost')).toBeUndefined();
    // DynamoDB Local creates one; without the guard the library would too.
    expect(await found('naive')).toBeDefined();
  });

  it.each([
    ['a NULL attribute', { NULL: true }],
    ['another attribute type', { S: '1' }],
    ['a fraction', { N: '1.5' }],
    ['a number out of range', { N: '2147483648' }],
  ])('R15 %s in an int column is a schema-mismatch', async (name, n) => {
    await ready;
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: name }, mark: { S: 'm' }, n: n as never } }));
    const failure = { code: 'schema-mismatch', outcome: 'not-applied', message: expect.stringContaining('items.n') };
    await expect(db.get(items, { id: name })).rejects.toMatchObject(failure);
    await expect(db.insert(items, { id: name, mark: 'x' }, { if: notExists() })).rejects.toMatchObject(failure);
  });

  it('R15 a stored NULL attribute and an empty list are null to conditions', async () => {
    await ready;
    const lists = defineTable('items', {
      columns: { id: text(), mark: text().notNull(), n: int(), l: list(text()) },
      partitionKey: ['id'],
    });
    const { n, l } = lists.columns;
    const holds = async (condition: Condition<'items', 'n' | 'l'>): Promise<boolean> => {
      const Item = { id: { S: 'null' }, mark: { S: 'm' }, n: { NULL: true as const }, l: { L: [] } };
      await client.send(new PutItemCommand({ TableName, Item }));
      return (await db.update(lists, { id: 'null' }, { set: { mark: 'x' }, if: condition }, { existing: 'none' })).applied;
    };
    for (const condition of [isNull(n), isNull(l), ne(n, 1), and(isNull(n), isNull(l)), ne(size(l), 0), noneOf(n, [1, 2])])
      expect(await holds(condition)).toBe(true);
    for (const condition of [isNotNull(n), isNotNull(l), eq(n, 0), gte(size(l), 0), and(isNull(n), isNotNull(l))])
      expect(await holds(condition)).toBe(false);
  });

  it('R21 a sum of too many digits is invalid-value, and nothing is written', async () => {
    await ready;
    const sums = defineTable('items', { columns: { id: text(), mark: text().notNull(), d: decimal() }, partitionKey: ['id'] });
    const d = '12345678901234567890123456789012345678';
    await db.insert(sums, { id: 'sum', mark: 'm', d }, { if: notExists() });
    const grow = update(sums, { id: 'sum' }, { set: { d: increment('0.1') }, if: exists() });
    await expect(db.execute(grow)).rejects.toMatchObject({ code: 'invalid-value', outcome: 'not-applied' });
    expect(await db.get(sums, { id: 'sum' }, { columns: ['d'] })).toEqual({ d });
  });

  it('R16 a number with more digits than a double is not rounded', async () => {
    await ready;
    await client.send(
      new PutItemCommand({ TableName, Item: { id: { S: 'digits' }, mark: { S: 'm' }, x: { N: '0.12345678901234567890123' } } }),
    );
    await expect(db.get(items, { id: 'digits' })).rejects.toMatchObject({ code: 'schema-mismatch' });
  });

  it('R4 an item without its notNull attribute contradicts the definition', async () => {
    await ready;
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'born elsewhere' }, n: { N: '1' } } }));
    const failure = { code: 'schema-mismatch', outcome: 'not-applied' };
    await expect(db.update(items, { id: 'born elsewhere' }, { set: { n: 2 }, if: eq(items.columns.n, 5) })).rejects.toMatchObject(failure);
    await expect(db.verifyTable(items, { scan: true })).rejects.toMatchObject({
      ...failure,
      message: expect.stringContaining('born elsewhere'),
    });
  });

  it('an item that grows beyond 400 KB is limit-exceeded, and unchanged', async () => {
    await ready;
    const half = 'x'.repeat(210 * 1024);
    const big = defineTable('items', { columns: { id: text(), mark: text().notNull(), more: text() }, partitionKey: ['id'] });
    await db.insert(big, { id: 'big', mark: half }, { if: notExists() });
    await expect(db.update(big, { id: 'big' }, { set: { more: half }, if: exists() })).rejects.toMatchObject({
      code: 'limit-exceeded',
      outcome: 'not-applied',
    });
    expect(await db.get(big, { id: 'big' }, { columns: ['more'] })).toEqual({ more: null });
  });

  it('a missing table is a schema-mismatch, verified or not', async () => {
    const missing = defineTable('nowhere', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
    const failure = { code: 'schema-mismatch', outcome: 'not-applied' };
    await expect(db.insert(missing, { id: 'x' }, { if: notExists() })).rejects.toMatchObject(failure);
    const unverified = createClient(adapter, { verify: 'off' });
    await expect(unverified.update(missing, { id: 'x' }, { set: { n: 1 }, if: ne(missing.columns.n, 2) })).rejects.toMatchObject(failure);
  });

  it('the capacity that explain states is what DynamoDB Local reports', async () => {
    await ready;
    const sized = defineTable('items', { columns: { id: text(), mark: text().notNull(), more: text() }, partitionKey: ['id'] });
    const units: unknown[] = [];
    const spy = new DynamoDBClient({ endpoint, ...localDynamoDb });
    spy.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        units.push((result.output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity?.CapacityUnits);
        return result;
      },
      { step: 'initialize' },
    );
    const watched = createClient(dynamodb({ client: spy, tableName: (name) => `${prefix}.${name}` }), { verify: 'off' });
    const native = (): Record<string, unknown> => ({ ReturnConsumedCapacity: 'TOTAL' });
    const kilobytes = (n: number): string => 'x'.repeat(n * 1024);
    await watched.insert(sized, { id: 'sized', mark: 'm', more: kilobytes(3) }, { if: notExists() }, { native });
    await watched.update(sized, { id: 'sized' }, { set: { more: 'small' }, if: exists() }, { native });
    await watched.get(sized, { id: 'sized' }, { native });
    await watched.get(sized, { id: 'sized' }, { native, consistency: 'eventual' });
    await watched.delete(sized, { id: 'sized' }, { if: exists() }, { native });
    await watched.get(sized, { id: 'sized' }, { native });
    spy.destroy();
    expect(units).toEqual([4, 4, 1, 0.5, 1, 1]);
    const { cost } = watched.explain(update(sized, { id: 'sized' }, { set: { more: null }, if: exists() }));
    expect(cost?.capacity?.applied).toContain('larger of the item before and after');
  });

  it("leaves a caller's client open, and lets `native` ask for metrics only", async () => {
    await ready;
    const own = createClient(dynamodb({ client, tableName: (name) => `${prefix}.${name}` }));
    const seen: unknown[] = [];
    const spy = new DynamoDBClient({ endpoint, ...localDynamoDb });
    spy.middlewareStack.add(
      (next) => (args) => {
        seen.push(args.input);
        return next(args);
      },
      { step: 'initialize' },
    );
    const watched = createClient(dynamodb({ client: spy, tableName: (name) => `${prefix}.${name}` }), { verify: 'off' });
    const native = (): Record<string, unknown> => ({
      ReturnConsumedCapacity: 'TOTAL',
      ConditionExpression: 'attribute_exists(x)',
      TableName: 'other',
    });
    await watched.update(items, { id: 'none' }, { set: { n: 1 }, if: exists() }, { native });
    expect(seen).toMatchObject([{ TableName, ConditionExpression: 'attribute_exists(#n1)', ReturnConsumedCapacity: 'TOTAL' }]);
    await own.close();
    await watched.close();
    spy.destroy();
    await expect(client.send(new DescribeTableCommand({ TableName }))).resolves.toBeDefined();
  });
});
