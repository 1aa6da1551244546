// What it costs to send a write once: the settings of each request to Cassandra, and the middlewares of each command to DynamoDB.
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { cassandra } from '@onlyif/cassandra';
import { createClient, defineTable, int, notExists, text, update } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { Client, types } from 'cassandra-driver';
import { tsImport } from 'tsx/esm/api';
import { applied, context, measureSides } from './side-by-side.mjs';

const keyspace = 'onlyif_settings_bench';
const documents = defineTable('documents', { columns: { id: text(), version: int().notNull() }, partitionKey: ['id'] });
/** The condition holds each time, and the row stays as it is. */
const statement = update(documents, { id: 'a' }, { set: { version: 0 }, if: { version: 0 } });

export async function measureSettings({ seconds, rounds }) {
  console.log(
    'Settings: one conditional write by the driver or SDK as it is usually sent, and by the adapter alone, which lets it go out once:',
  );
  console.log('on Cassandra by the options of each request, on DynamoDB by middlewares of each command. Above 1 it costs more.');
  const { startCassandra } = await tsImport('../test/servers/start-cassandra.ts', import.meta.url);
  const { startDynamoDb } = await tsImport('../test/servers/start-dynamodb.ts', import.meta.url);
  await withServer(startCassandra, cassandraSides, { seconds: seconds / 2, rounds });
  await withServer(startDynamoDb, dynamoDbSides, { seconds: seconds / 2, rounds });
}

async function withServer(start, open, limits) {
  const server = await start();
  if ('skipped' in server) return console.log(`\nskipped: ${server.skipped}`);
  try {
    const { name, plain, once, close } = await open(server);
    console.log(`\n${name}`);
    await measureSides({ plain, 'sent once': once }, limits).finally(close);
  } finally {
    await server.stop();
  }
}

async function cassandraSides({ contactPoints, localDataCenter, version }) {
  const client = new Client({ contactPoints, localDataCenter, encoding: { map: Map, set: Set } });
  await client.connect();
  const adapter = cassandra({ client, keyspace });
  await adapter.createKeyspace();
  await prepare(adapter);
  const compiled = adapter.dialect.compile(statement);
  const { cql, bytes } = compiled;
  const { quorum, serial } = types.consistencies;
  const usual = { prepare: true, consistency: quorum, serialConsistency: serial };
  const close = async () => {
    await adapter.dropKeyspace();
    await client.shutdown();
  };
  const plain = async () => applied((await client.execute(cql, bytes, usual)).rows[0]['[applied]']);
  const once = async () => applied((await adapter.execute(compiled, context)).applied);
  return { name: `Cassandra ${version}`, plain, once, close };
}

async function dynamoDbSides({ endpoint }) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  const adapter = dynamodb({ client });
  await prepare(adapter);
  const compiled = adapter.dialect.compile(statement);
  const [input] = compiled.requests;
  const plain = () => client.send(new UpdateItemCommand(input), { abortSignal: context.signal });
  const once = async () => applied((await adapter.execute(compiled, context)).applied);
  const close = async () => {
    await createClient(adapter).dropTable(documents);
    client.destroy();
  };
  return { name: 'DynamoDB Local', plain, once, close };
}

async function prepare(adapter) {
  const db = createClient(adapter);
  await db.dropTable(documents);
  await db.createTable(documents);
  await db.insert(documents, { id: 'a', version: 0 }, { if: notExists() });
}
