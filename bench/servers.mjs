// The same conditional write through the adapter and by hand, on real servers that run as long as this does.
import { tsImport } from 'tsx/esm/api';
import { median, ratios, repeat, rotated, spread } from './rounds.mjs';
import { cassandraSides, dynamoDbSides } from './sides.mjs';

const workers = 8;
const callsOfWorker = 25;
const callsInTurn = 40;
const warmUpSeconds = 6;

/** By the names of the calls; `emulated` only where the database cannot say the condition. */
const outcomes = { bump: 'applied', miss: 'refused', emulated: 'emulated' };
/** Throughput and latency of each outcome. */
const measuresOfServer = 6;

export async function measureServers({ seconds, rounds }) {
  console.log('Servers: a version bump through the adapter and by hand, with the same client, levels and conditions.');
  console.log(
    `Throughput of ${workers} callers at a time, and median latency of calls one by one; above 1 the adapter is faster. Aim: 0.97.`,
  );
  console.log('An emulated bump is a serial read and a pinned write on both sides; aim: 0.91, for 1.1 times the cost.');
  console.log('A refused bump shows the columns of the condition, which the answer of Cassandra holds: no read follows.');
  console.log(
    'What the adapter does besides: it checks and decodes values, bounds the whole call, and on DynamoDB stops a second attempt.',
  );
  const { startCassandra } = await tsImport('../test/servers/start-cassandra.ts', import.meta.url);
  const { startDynamoDb } = await tsImport('../test/servers/start-dynamodb.ts', import.meta.url);
  await withServer(startCassandra, cassandraSides, { seconds: seconds / 2, rounds });
  await withServer(startDynamoDb, dynamoDbSides, { seconds: seconds / 2, rounds });
}

async function withServer(start, openSides, limits) {
  const server = await start();
  if ('skipped' in server) return console.log(`\nskipped: ${server.skipped}`);
  try {
    const sides = await openSides(server);
    console.log(`\n${sides.name}`);
    await measureSides(sides, { ...limits, seconds: limits.seconds / measuresOfServer }).finally(sides.close);
  } finally {
    await server.stop();
  }
}

async function measureSides({ raw, onlyif, create }, limits) {
  const contenders = await Promise.all(
    Object.entries({ raw, onlyif, again: raw }).map(async ([name, side]) => ({ name, side, rows: await createRows(name, create) })),
  );
  await repeat({ seconds: warmUpSeconds, rounds: Infinity }, () => inTurn(contenders, (contender) => throughput(contender, 'bump')));
  for (const [verb, outcome] of Object.entries(outcomes)) {
    if (raw[verb] === undefined) continue;
    const calls = await measureRounds(contenders, limits, (order) => inTurn(order, (contender) => throughput(contender, verb)));
    report(`${outcome}, throughput`, calls, calls.onlyif, calls.raw, 'calls/s');
    const latencies = await measureRounds(contenders, limits, (order) => oneByOne(order, verb));
    report(`${outcome}, latency`, latencies, latencies.raw, latencies.onlyif, 'ms');
  }
}

function createRows(name, create) {
  const rows = Array.from({ length: workers }, (_, i) => ({ id: `${name}-${i}`, version: 0 }));
  return Promise.all(rows.map(async (row) => (await create(row.id), row)));
}

/** One figure for each contender and round. */
async function measureRounds(contenders, limits, measure) {
  const figures = { raw: [], onlyif: [], again: [] };
  await repeat(limits, async (round) => {
    const measured = await measure(rotated(contenders, round));
    for (const [name, figure] of measured) figures[name].push(figure);
  });
  return figures;
}

async function inTurn(contenders, measure) {
  const measured = [];
  for (const contender of contenders) measured.push([contender.name, await measure(contender)]);
  return measured;
}

async function call({ side }, verb, row) {
  await side[verb](row.id, row.version);
  if (verb !== 'miss') row.version++;
}

/** Calls a second, each worker having a row of its own. */
async function throughput(contender, verb) {
  const started = performance.now();
  const work = async (row) => {
    for (let i = 0; i < callsOfWorker; i++) await call(contender, verb, row);
  };
  await Promise.all(contender.rows.map(work));
  return (workers * callsOfWorker * 1000) / (performance.now() - started);
}

/** The median milliseconds of single calls, the contenders taking turns. */
async function oneByOne(contenders, verb) {
  const taken = new Map(contenders.map(({ name }) => [name, []]));
  for (let i = 0; i < callsInTurn; i++) {
    for (const contender of rotated(contenders, i)) {
      const started = performance.now();
      await call(contender, verb, contender.rows[0]);
      taken.get(contender.name).push(performance.now() - started);
    }
  }
  return Array.from(taken, ([name, times]) => [name, median(times)]);
}

function report(what, { raw, again }, above, below, unit) {
  const ratio = spread(ratios(above, below)).padEnd(20);
  const noise = spread(ratios(again, raw)).padEnd(20);
  console.log(
    `  ${what.padEnd(22)}${ratio} raw/raw ${noise} raw ${median(raw).toFixed(unit === 'ms' ? 2 : 0)} ${unit}, ${raw.length} rounds`,
  );
}
