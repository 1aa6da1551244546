import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type AnyTable,
  boolean,
  createClient,
  decimal,
  defineTable,
  exists,
  get,
  increment,
  insert,
  int,
  isNull,
  map,
  notExists,
  putEntry,
  removeEntry,
  type Row,
  set,
  text,
  update,
} from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { localDynamoDb, uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';

const address = inject('dynamodb');
const endpoint = isSkipped(address) ? '' : address.endpoint;
const t = defineTable('claims', {
  columns: { id: text(), n: int(), price: decimal(), m: map(text(), int()), tags: set(text()) },
  partitionKey: ['id'],
});
const c = t.columns;
const refusedByServer = { name: 'ValidationException' };
type Item = Record<string, AttributeValue>;

describe.skipIf(isSkipped(address))('what DynamoDB refuses or answers otherwise', () => {
  const client = new DynamoDBClient({ endpoint, ...localDynamoDb });
  const prefix = uniqueName();
  const db = createClient(dynamodb({ client, tableName: (name) => `${prefix}.${name}` }));
  const TableName = `${prefix}.claims`;
  const ready = db.createTable(t);
  afterAll(() => client.destroy());

  async function put(id: string, item: Item = {}): Promise<void> {
    await ready;
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...item } }));
  }
  async function change(id: string, UpdateExpression: string, values?: Item, names?: Record<string, string>): Promise<void> {
    const input = { TableName, Key: { id: { S: id } }, UpdateExpression, ConditionExpression: 'attribute_exists(id)' };
    const placeholders = { ...(values && { ExpressionAttributeValues: values }), ...(names && { ExpressionAttributeNames: names }) };
    await client.send(new UpdateItemCommand({ ...input, ...placeholders }));
  }
  async function stored(id: string): Promise<Item | undefined> {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }));
    return Item;
  }
  const one = { ':v': { N: '1' } };
  const key = { '#k': 'k' };

  describe('R22 entries of maps', () => {
    const putting = update(t, { id: 'absent map' }, { set: { m: putEntry('k', 1) }, if: exists() });

    it('cannot be put into a map that is absent', async () => {
      await put('absent map');
      await expect(change('absent map', 'SET m.#k = :v', one, key)).rejects.toMatchObject(refusedByServer);
      expect(db.explain(putting)).toMatchObject({ verdict: 'refused', alternative: 'emulate: true' });
      expect(await db.execute(putting, { emulate: true })).toEqual({ applied: true });
      expect(await stored('absent map')).toEqual({ id: { S: 'absent map' }, m: { M: { k: { N: '1' } } } });
    });

    it('nor can one expression create the map or add to it', async () => {
      await put('create or add');
      const both = change('create or add', 'SET m = if_not_exists(m, :e), m.#k = :v', { ...one, ':e': { M: {} } }, key);
      await expect(both).rejects.toMatchObject(refusedByServer);
    });

    it('leave an empty map behind, which is not null for the server', async () => {
      await put('last key', { m: { M: { k: { N: '1' } } } });
      await change('last key', 'REMOVE m.#k', undefined, key);
      expect(await stored('last key')).toEqual({ id: { S: 'last key' }, m: { M: {} } });
      await put('last key', { m: { M: { k: { N: '1' } } } });
      const removing = update(t, { id: 'last key' }, { set: { m: removeEntry('k') }, if: exists() });
      expect(db.explain(removing).verdict).toBe('refused');
      expect(await db.execute(removing, { emulate: true })).toEqual({ applied: true });
      expect(await stored('last key')).toEqual({ id: { S: 'last key' } });
    });
  });

  describe('R19 and R17 types', () => {
    const tableOf = (columns: object): AnyTable => defineTable('typed', { columns, partitionKey: ['id'] } as never) as never;

    it('a boolean key cannot be created', async () => {
      const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'BOOL' as never }];
      const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' as const }];
      const input = { TableName: `${prefix}.bool`, BillingMode: 'PAY_PER_REQUEST' as const, KeySchema, AttributeDefinitions };
      await expect(client.send(new CreateTableCommand(input))).rejects.toMatchObject(refusedByServer);
      expect(db.explain(get(tableOf({ id: boolean() }), { id: true })).verdict).toBe('refused');
    });

    it('the keys of a map are text: of the number 1 there would be two', async () => {
      await put('two ones', { m: { M: { '1': { N: '1' }, '1.0': { N: '2' } } } });
      expect(Object.keys((await stored('two ones'))?.['m']?.M ?? {})).toHaveLength(2);
      const keyed = tableOf({ id: text(), m: map(decimal(), int()) });
      expect(db.explain(get(keyed, { id: 'x' }))).toMatchObject({ verdict: 'refused', alternative: 'use text keys' });
    });

    it('there is no set of booleans', async () => {
      await expect(put('booleans', { tags: { BOOLS: [true] } as never })).rejects.toThrow();
      await put('booleans');
      await expect(change('booleans', 'ADD tags :v', { ':v': { L: [{ BOOL: true }] } })).rejects.toMatchObject(refusedByServer);
      expect(db.explain(get(tableOf({ id: text(), s: set(boolean()) }), { id: 'x' })).verdict).toBe('refused');
    });

    it.each([
      ['an empty key of a map', { m: new Map([['', 1]]) }, { m: { M: { '': { N: '1' } } } }],
      ['more than 38 digits', { price: '1'.repeat(39) }, { price: { N: '1'.repeat(39) } }],
      ['more than 9.9E+125', { price: '1e126' }, { price: { N: '1e126' } }],
      ['less than 1E-130', { price: '1e-131' }, { price: { N: '1e-131' } }],
    ] as const)('%s is refused by the server too', async (_, row: Row, item: object) => {
      await expect(put('value', item as Item)).rejects.toMatchObject(refusedByServer);
      expect(db.explain(insert(t, { id: 'value', ...row }, { if: notExists() })).verdict).toBe('refused');
    });

    it('an empty set is refused by the server, and is null here', async () => {
      await expect(put('empty set', { tags: { SS: [] } })).rejects.toMatchObject(refusedByServer);
      expect(await db.insert(t, { id: 'empty set', tags: new Set<string>() }, { if: notExists() })).toEqual({ applied: true });
      expect(await stored('empty set')).toEqual({ id: { S: 'empty set' } });
    });

    /** On AWS as well: paritysuite/dynamodb-conformance issue 82. */
    it('an empty member of a set is a member', async () => {
      await put('empty member', { tags: { SS: ['', 'a'] } });
      expect(await db.get(t, { id: 'empty member' })).toMatchObject({ tags: new Set(['', 'a']) });
      expect(await db.insert(t, { id: 'ours', tags: new Set(['', 'a']) }, { if: notExists() })).toEqual({ applied: true });
      expect(await db.get(t, { id: 'ours' })).toMatchObject({ tags: new Set(['', 'a']) });
    });

    it('several partition columns are refused by the server', async () => {
      const names = ['a', 'b'];
      const input = {
        TableName: `${prefix}.two`,
        BillingMode: 'PAY_PER_REQUEST' as const,
        KeySchema: names.map((AttributeName) => ({ AttributeName, KeyType: 'HASH' as const })),
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      };
      await expect(client.send(new CreateTableCommand(input))).rejects.toMatchObject(refusedByServer);
    });
  });

  describe('R21 sums', () => {
    it('know no range of 32 bits', async () => {
      await put('range', { n: { N: '2147483647' } });
      await expect(db.update(t, { id: 'range' }, { set: { n: increment(1) }, if: exists() })).rejects.toMatchObject({
        code: 'invalid-value',
      });
      await change('range', 'SET n = n + :v', one);
      expect((await stored('range'))?.['n']).toEqual({ N: '2147483648' });
    });

    it('are decimal, where a double has 0.30000000000000004', async () => {
      await put('decimal', { x: { N: '0.1' } });
      await change('decimal', 'SET x = x + :v', { ':v': { N: '0.2' } });
      expect((await stored('decimal'))?.['x']).toEqual({ N: '0.3' });
    });

    it('of nothing are an error after a true condition, or begin at 0 with ADD', async () => {
      await put('nothing');
      await expect(change('nothing', 'SET n = n + :v', one)).rejects.toMatchObject(refusedByServer);
      await change('nothing', 'ADD n :v', one);
      expect((await stored('nothing'))?.['n']).toEqual({ N: '1' });
      await put('nothing');
      const statement = update(t, { id: 'nothing' }, { set: { n: increment(1) }, if: isNull(c.price) });
      expect(await db.execute(statement)).toMatchObject({ applied: false, existing: { n: null } });
    });
  });
});
