// What it costs to send a write once: the settings of each request to Cassandra, and the middlewares of each command to DynamoDB.
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { cassandra } from '@onlyif/cassandra';
import { createClient, defineTable, int, notExists, text, update } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { Client, types } from 'cassandra-driver';
import { tsImport } from 'tsx/esm/api';
import { median, ratios, repeat, rotated, spread } from './rounds.mjs';

const keyspace = 'onlyif_settings_bench';
const documents = defineTable('documents', { columns: { id: text(), version: int().notNull() }, partitionKey: ['id'] });
/** The condition holds each time, and the row stays as it is. */
const statement = update(documents, { id: 'a' }, { set: { version: 0 }, if: { version: 0 } });
const callsInSlice = 200;
const atATime = 8;

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
    await measureSides({ plain, once, again: plain }, limits).finally(close);
  } finally {
    await server.stop();
  }
}

/** A context as the client gives it to an adapter, without a call around it. */
const context = {
  signal: new AbortController().signal,
  remainingMs: () => 10_000,
  dispatched: () => {},
  native: undefined,
  requestToken: '',
};

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

function applied(answer) {
  if (answer !== true) throw new Error('not applied');
}

async function measureSides(sides, limits) {
  const figures = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (const send of Object.values(sides)) await slice(send);
  await repeat(limits, async (round) => {
    for (const [name, send] of rotated(Object.entries(sides), round)) figures[name].push(await slice(send));
  });
  for (const [what, of] of Object.entries({ 'CPU of this process': 'cpu', [`time, ${atATime} at once`]: 'wall' })) {
    const [plain, once, again] = Object.values(figures).map((each) => each.map((figure) => figure[of]));
    console.log(
      `  ${what.padEnd(22)}${spread(ratios(once, plain)).padEnd(20)} plain/plain ${spread(ratios(again, plain)).padEnd(20)} plain ${median(plain).toFixed(0)} µs, ${plain.length} rounds`,
    );
  }
}

/** Microseconds a write: of this process's CPU, and of time. */
async function slice(send) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const work = async () => {
    for (let i = 0; i < callsInSlice / atATime; i++) await send();
  };
  await Promise.all(Array.from({ length: atATime }, work));
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / callsInSlice, wall: ((performance.now() - started) * 1000) / callsInSlice };
}
