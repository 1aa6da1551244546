import { requiredBackends, type Backend } from './required.ts';
import { isSkipped, type CassandraServer, type CqlServer, type DynamoDbServer, type Server, type Skipped } from './server.ts';
import { startCassandra } from './start-cassandra.ts';
import { startDynamoDb } from './start-dynamodb.ts';
import { startScylla } from './start-scylla.ts';

export interface Servers {
  readonly cassandra: CassandraServer | Skipped;
  readonly dynamodb: DynamoDbServer | Skipped;
  readonly scylla: CqlServer | Skipped;
  stop(): Promise<void>;
}

/** Starts all backends at once, and says of each how that went; throws if one that is required is not there. */
export async function startServers(report: (line: string) => void): Promise<Servers> {
  const required = requiredBackends();
  const starting = {
    cassandra: reported('cassandra', startCassandra, report),
    dynamodb: reported('dynamodb', startDynamoDb, report),
    scylla: reported('scylla', startScylla, report),
  };
  const stop = async (): Promise<void> => {
    const outcomes = await Promise.allSettled(Object.values(starting));
    const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    await Promise.all(started.flatMap((server) => (isSkipped(server) ? [] : [server.stop()])));
  };
  try {
    const [cassandra, dynamodb, scylla] = await Promise.all([starting.cassandra, starting.dynamodb, starting.scylla]);
    const servers = { cassandra, dynamodb, scylla, stop };
    for (const backend of required) assertStarted(backend, servers[backend]);
    return servers;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function reported<S extends Server>(
  backend: Backend,
  start: () => Promise<S | Skipped>,
  report: (line: string) => void,
): Promise<S | Skipped> {
  const before = performance.now();
  const result = await start();
  const ms = Math.round(performance.now() - before);
  report(`${backend}: ${describeOutcome(result)} (${ms} ms)`);
  return result;
}

function describeOutcome(result: Server | Skipped): string {
  if (isSkipped(result)) return `skipped: ${result.skipped}`;
  const unused = (result.passedOver ?? []).filter((reason) => !reason.endsWith('is not set'));
  return [`by ${result.how}`, ...unused].join('; not by ');
}

function assertStarted(backend: Backend, result: Server | Skipped): void {
  if (isSkipped(result)) throw new Error(`${backend} is required and could not be started: ${result.skipped}`);
}
