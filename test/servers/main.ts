import { parseArgs } from 'node:util';
import { isBackend, type Backend } from './required.ts';
import { isSkipped, type CqlServer, type DynamoDbServer, type Server, type Skipped } from './server.ts';
import { startCassandra } from './start-cassandra.ts';
import { startDynamoDb } from './start-dynamodb.ts';
import { startScylla } from './start-scylla.ts';

const usage = 'main.ts [cassandra] [dynamodb] [scylla] [--nodes 3] [--paxos v1|v2]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { nodes: { type: 'string', default: '1' }, paxos: { type: 'string', default: 'v1' } },
});
const { nodes, paxos } = values;
if (!positionals.every(isBackend) || !/^[1-9]$/.test(nodes) || (paxos !== 'v1' && paxos !== 'v2')) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

interface Started {
  readonly server: Server;
  readonly variables: Readonly<Record<string, string>>;
}

const starters: Readonly<Record<Backend, () => Promise<Started | Skipped>>> = {
  cassandra: async () => cqlVariables('CASSANDRA', await startCassandra({ nodes: Number(nodes), paxosVariant: paxos })),
  scylla: async () => cqlVariables('SCYLLA', await startScylla()),
  dynamodb: async () => dynamoDbVariables(await startDynamoDb()),
};

function cqlVariables(name: 'CASSANDRA' | 'SCYLLA', server: CqlServer | Skipped): Started | Skipped {
  if (isSkipped(server)) return server;
  const variables = {
    [`ONLYIF_${name}_CONTACT_POINTS`]: server.contactPoints.join(','),
    [`ONLYIF_${name}_LOCAL_DATA_CENTER`]: server.localDataCenter,
  };
  return { server, variables };
}

function dynamoDbVariables(server: DynamoDbServer | Skipped): Started | Skipped {
  return isSkipped(server) ? server : { server, variables: { ONLYIF_DYNAMODB_ENDPOINT: server.endpoint } };
}

async function start(backend: Backend): Promise<readonly Started[]> {
  const result = await starters[backend]();
  if (!isSkipped(result)) return [result];
  process.stderr.write(`${backend} skipped: ${result.skipped}\n`);
  return [];
}

// From before the start, so that what is being started is stopped too; and with `on`, since `once` takes its listener away
// first, and testcontainers (through signal-exit) then ends a process in which it finds no other.
const ended = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});

const asked = positionals.filter(isBackend);
const wanted: readonly Backend[] = asked.length > 0 ? asked : ['cassandra', 'dynamodb'];
const started = (await Promise.all(wanted.map(start))).flat();
if (started.length === 0) process.exit(1);

for (const [name, value] of started.flatMap(({ variables }) => Object.entries(variables))) {
  process.stdout.write(`export ${name}=${value}\n`);
}
process.stderr.write('Running until Ctrl-C.\n');
// A pending promise keeps no process alive.
const alive = setInterval(() => {}, 60_000);
await ended;
clearInterval(alive);
await Promise.all(started.map(({ server }) => server.stop()));
