// The update of order.mjs by other libraries, each with its shape cached where it caches.
import { Encoder, mapping, types } from 'cassandra-driver';
import { Entity as ToolboxEntity } from 'dynamodb-toolbox/entity';
import { UpdateItemCommand } from 'dynamodb-toolbox/entity/actions/update';
import { item, list, map, number, string } from 'dynamodb-toolbox/schema';
import { Table } from 'dynamodb-toolbox/table';
import electrodb from 'electrodb';
import { changes, key, wanted } from './order.mjs';

const { dataTypes, ResultSet } = types;
const textList = { code: dataTypes.list, info: { code: dataTypes.text, info: null } };
const columns = Object.entries({
  tenant_id: 'text',
  order_id: 'text',
  status: 'text',
  version: 'int',
  total: 'double',
  currency: 'text',
  customer_id: 'text',
  created_at: 'timestamp',
  updated_at: 'timestamp',
  locked_until: 'timestamp',
  tags: 'text',
  address: 'text',
}).map(([name, type]) => ({ name, type: { code: dataTypes[type], info: null } }));
const columnsByName = Object.fromEntries(columns.map((column) => [column.name, column]));

/** The driver's Mapper on a stub client, which keeps what `encode` makes of the last request. */
function stubbedMapper(encode) {
  const answer = new ResultSet({ rows: [], flags: {}, meta: { columns: null } }, 'stub', {}, null, 1, false);
  const table = { name: 'orders', partitionKeys: [columns[0]], clusteringKeys: [columns[1]], columns, columnsByName };
  const client = {
    keyspace: 'shop',
    connect: async () => {},
    log: () => {},
    metadata: { getTable: async () => table, getMaterializedView: async () => null },
    execute: async (query, parameters) => {
      client.sent = encode(query, parameters);
      return answer;
    },
  };
  return new mapping.Mapper(client, { models: { Order: { tables: ['orders'] } } }).forModel('Order');
}

const { q } = mapping;

function updateByMapper(mapper) {
  const { version, statuses, total, lockedBefore } = wanted;
  const when = { version, status: q.in_(statuses), total: q.gte(total), locked_until: q.lt(lockedBefore) };
  return mapper.update({ ...key, ...changes() }, { when });
}

const mapper = stubbedMapper((query, parameters) => ({ query, parameters }));

/** `Mapper.update(…, { when })`: text and JavaScript values, which the driver has still to encode. */
export function byMapper() {
  return updateByMapper(mapper);
}

const encoder = new Encoder(4, {});
const hints = new Map();
const encodingMapper = stubbedMapper((query, parameters) => {
  let types = hints.get(query);
  if (types === undefined) hints.set(query, (types = parameterTypes(query)));
  return { query, parameters: parameters.map((value, i) => encoder.encode(value, types[i])) };
});

/** What the driver knows of a prepared statement: the types of its parameters. */
function parameterTypes(query) {
  const markers = query.matchAll(/"?(\w+)"? (=|<|>=|IN) \?/g);
  return Array.from(markers, ([, name, relation]) => (relation === 'IN' ? textList : columnsByName[name].type));
}

/** The same, with the values encoded by the driver's own encoder. */
export function byMapperWithEncoding() {
  return updateByMapper(encodingMapper);
}

const text = { type: 'string' };
const numeric = { type: 'number' };
const electro = new electrodb.Entity(
  {
    model: { entity: 'order', version: '1', service: 'shop' },
    attributes: {
      tenant_id: { ...text, required: true },
      order_id: { ...text, required: true },
      status: text,
      version: numeric,
      total: numeric,
      currency: text,
      customer_id: text,
      created_at: numeric,
      updated_at: numeric,
      locked_until: numeric,
      tags: { type: 'list', items: text },
      address: { type: 'map', properties: { street: text, city: text, zip: text, country: text } },
    },
    indexes: { primary: { pk: { field: 'pk', composite: ['tenant_id'] }, sk: { field: 'sk', composite: ['order_id'] } } },
  },
  { table: 'orders' },
);

/** DynamoDB holds dates as numbers. */
function dynamoDbChanges() {
  const { updated_at, ...rest } = changes();
  return { ...rest, updated_at: updated_at.getTime() };
}

/** ElectroDB has no IN: two equalities joined by OR. Values are still to be marshalled. */
export function byElectroDb() {
  const { version, statuses, total, lockedBefore } = wanted;
  return electro
    .update(key)
    .set(dynamoDbChanges())
    .where((a, o) =>
      [
        o.eq(a.version, version),
        `(${o.eq(a.status, statuses[0])} OR ${o.eq(a.status, statuses[1])})`,
        o.gte(a.total, total),
        o.lt(a.locked_until, lockedBefore.getTime()),
      ].join(' AND '),
    )
    .params();
}

const toolboxTable = new Table({
  name: 'orders',
  partitionKey: { name: 'tenant_id', type: 'string' },
  sortKey: { name: 'order_id', type: 'string' },
});
const toolbox = new ToolboxEntity({
  name: 'Order',
  table: toolboxTable,
  timestamps: false,
  entityAttribute: false,
  schema: item({
    tenant_id: string().key(),
    order_id: string().key(),
    status: string().optional(),
    version: number().optional(),
    total: number().optional(),
    currency: string().optional(),
    customer_id: string().optional(),
    created_at: number().optional(),
    updated_at: number().optional(),
    locked_until: number().optional(),
    tags: list(string()).optional(),
    address: map({ street: string(), city: string(), zip: string(), country: string() }).optional(),
  }),
});

/** Values are still to be marshalled. */
export function byToolbox() {
  const { version, statuses, total, lockedBefore } = wanted;
  const condition = {
    and: [
      { attr: 'version', eq: version },
      { attr: 'status', in: statuses },
      { attr: 'total', gte: total },
      { attr: 'locked_until', lt: lockedBefore.getTime() },
    ],
  };
  return toolbox
    .build(UpdateItemCommand)
    .item({ ...key, ...dynamoDbChanges() })
    .options({ returnValuesOnConditionFalse: 'ALL_OLD', condition })
    .params();
}
