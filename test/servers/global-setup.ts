import type { TestProject } from 'vitest/node';
import { isSkipped, type CqlServer, type DynamoDbServer, type How, type Skipped } from './server.ts';
import { borrowServers, returnServers } from './shared-servers.ts';

export interface CqlAddress {
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  readonly version: string;
  readonly how: How;
}

export interface DynamoDbAddress {
  readonly endpoint: string;
  readonly how: How;
}

declare module 'vitest' {
  interface ProvidedContext {
    cassandra: CqlAddress | Skipped;
    scylla: CqlAddress | Skipped;
    dynamodb: DynamoDbAddress | Skipped;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await borrowServers((line) => process.stderr.write(`${line}\n`));
  project.provide('cassandra', cqlAddress(servers.cassandra));
  project.provide('scylla', cqlAddress(servers.scylla));
  project.provide('dynamodb', dynamoDbAddress(servers.dynamodb));
  return returnServers;
}

// Only plain data crosses to the workers.
function cqlAddress(server: CqlServer | Skipped): CqlAddress | Skipped {
  if (isSkipped(server)) return server;
  const { contactPoints, localDataCenter, version, how } = server;
  return { contactPoints, localDataCenter, version, how };
}

function dynamoDbAddress(server: DynamoDbServer | Skipped): DynamoDbAddress | Skipped {
  return isSkipped(server) ? server : { endpoint: server.endpoint, how: server.how };
}
