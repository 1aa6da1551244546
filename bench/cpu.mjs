// The CPU time of building and compiling one conditional update, by us, by hand and by others. No network.
import { cassandraDialect } from '@onlyif/cassandra';
import { and, eq, gte, lt, ne, oneOf, or, update } from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { cqlBytes, cqlValues, dynamoDbInput } from './by-hand.mjs';
import { asJson, asJsonOfPlainData, changes, key, orders, wanted } from './order.mjs';
import { byElectroDb, byMapper, byMapperWithEncoding, byToolbox } from './peers.mjs';
import { median, ratios, repeat, rotated, spread } from './rounds.mjs';

const cassandra = cassandraDialect({ keyspace: 'shop' });
const dynamodb = dynamodbDialect();
const { version, status, total, locked_until } = orders.columns;

function statement() {
  const conditions = [
    eq(version, wanted.version),
    oneOf(status, wanted.statuses),
    gte(total, wanted.total),
    lt(locked_until, wanted.lockedBefore),
  ];
  return update(orders, key, { set: changes(), if: and(...conditions) });
}

/** 30 nodes: ten triples of an AND, an ordering and an inequality; as members of one AND they are 21 for CQL. */
const triples = (join) => Array.from({ length: 10 }, (_, i) => join(gte(total, i), ne(version, i)));
const nested = () => update(orders, key, { set: changes(), if: or(...triples(and)) });
const flat = () => update(orders, key, { set: changes(), if: and(...triples(and)) });

const cases = [
  { name: 'JSON.stringify of the same data', run: asJson },
  { name: 'JSON.stringify once more (raw against raw)', run: asJson },
  { name: 'JSON.stringify, dates being text already', run: asJsonOfPlainData },
  { name: 'by hand: CQL and JavaScript values', run: cqlValues },
  { name: 'by hand: CQL and bytes', run: cqlBytes },
  { name: 'by hand: DynamoDB input', run: dynamoDbInput },
  { name: 'onlyif: the statement alone', run: statement },
  { name: 'onlyif: CQL and bytes', run: () => cassandra.compile(statement()), aim: 0.8 },
  { name: 'onlyif: DynamoDB input', run: () => dynamodb.compile(statement()), aim: 0.7 },
  { name: 'onlyif: CQL of a 30-node condition', run: () => cassandra.compile(flat()) },
  { name: 'onlyif: DynamoDB input of a 30-node condition', run: () => dynamodb.compile(nested()) },
  { name: 'driver Mapper: CQL and JavaScript values', run: byMapper },
  { name: 'driver Mapper and encoder: CQL and bytes', run: byMapperWithEncoding },
  { name: 'ElectroDB: params(), not marshalled', run: byElectroDb },
  { name: 'DynamoDB-Toolbox: params(), not marshalled', run: byToolbox },
];

const sliceMs = 40;
const warmUpMs = 400;

export async function measureCpu(limits) {
  console.log('CPU: one update of a 12-column row that sets four columns under four conditions joined by AND.');
  console.log('JSON.stringify gets the whole row (three dates, tags, address), the four columns set and the values of the condition.\n');
  for (const { run } of cases) await microseconds(run, warmUpMs);
  const times = new Map(cases.map(({ name }) => [name, []]));
  await repeat(limits, async (round) => {
    for (const { name, run } of rotated(cases, round)) times.get(name).push(await microseconds(run, sliceMs));
  });
  print(times);
}

/** What was made last: a result that nobody sees might not be made at all. */
const seen = { last: undefined };

async function microseconds(run, ms) {
  const isAsync = run() instanceof Promise;
  const start = performance.now();
  const end = start + ms;
  let calls = 0;
  let now = start;
  while (now < end) {
    for (let i = 0; i < 100; i++) seen.last = isAsync ? await run() : run();
    calls += 100;
    now = performance.now();
  }
  return ((now - start) * 1000) / calls;
}

function print(times) {
  const [yardstick] = times.values();
  console.log(`${'median of '.padStart(39)}${String(yardstick.length).padEnd(6)}     µs   to JSON.stringify, quartiles`);
  for (const { name, aim } of cases) {
    const taken = times.get(name);
    const ratio = spread(ratios(taken, yardstick)).padEnd(20);
    console.log(`${name.padEnd(44)}${median(taken).toFixed(2).padStart(8)}   ${ratio}${aim === undefined ? '' : `  aim: at most ${aim}`}`);
  }
  const against = ratios(times.get('onlyif: CQL and bytes'), times.get('driver Mapper and encoder: CQL and bytes'));
  console.log(`\nonlyif CQL to Mapper and encoder: ${spread(against)}  aim: below 1`);
}
