import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { localDynamoDb } from '../backends/backends.ts';
import { withNode } from '../servers/cassandra/cql-probe.ts';
import { isSkipped } from '../servers/server.ts';

/** A server that the demo runs on, as its options name it, and what it holds. */
export interface Place {
  readonly name: string;
  /** Why it is not there; its tests are then skipped. */
  readonly skipped: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** The names of all tables. */
  tables(): Promise<readonly string[]>;
}

/** The options as the command line takes them. */
export function argumentsOf({ options }: Place): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Which of these tables are there. */
export async function remaining(place: Place, names: Iterable<string>): Promise<readonly string[]> {
  const live = await place.tables();
  return Array.from(names).filter((name) => live.includes(name));
}

export const memoryPlace: Place = { name: 'memory', skipped: undefined, options: { backend: 'memory' }, tables: async () => [] };

const cassandraAddress = inject('cassandra');
const dynamoDbAddress = inject('dynamodb');

export const cassandraPlace: Place = isSkipped(cassandraAddress)
  ? missing('cassandra', cassandraAddress.skipped)
  : {
      name: 'cassandra',
      skipped: undefined,
      options: {
        backend: 'cassandra',
        'contact-points': cassandraAddress.contactPoints.join(','),
        'local-data-center': cassandraAddress.localDataCenter,
      },
      tables: () => cqlNames('SELECT table_name AS name FROM system_schema.tables'),
    };

export const dynamoDbPlace: Place = isSkipped(dynamoDbAddress)
  ? missing('dynamodb', dynamoDbAddress.skipped)
  : {
      name: 'dynamodb',
      skipped: undefined,
      options: { backend: 'dynamodb', endpoint: dynamoDbAddress.endpoint },
      tables: () => listTables(dynamoDbAddress.endpoint),
    };

export const keyspaces = (): Promise<readonly string[]> => cqlNames('SELECT keyspace_name AS name FROM system_schema.keyspaces');

/** Runs a schema statement on Cassandra. */
export async function changeSchema(cql: string): Promise<void> {
  await withNode(contactPoint(), (client) => client.execute(cql));
}

function cqlNames(cql: string): Promise<readonly string[]> {
  return withNode(contactPoint(), async (client) => {
    const { rows } = await client.execute(cql, [], { fetchSize: 5000 });
    return rows.map((row) => String(row['name']));
  });
}

function contactPoint(): string {
  return isSkipped(cassandraAddress) ? '' : (cassandraAddress.contactPoints[0] ?? '');
}

async function listTables(endpoint: string): Promise<readonly string[]> {
  const client = new DynamoDBClient({ endpoint, ...localDynamoDb });
  const names: string[] = [];
  for await (const page of paginateListTables({ client }, {})) names.push(...(page.TableNames ?? []));
  client.destroy();
  return names;
}

function missing(name: string, skipped: string): Place {
  return { name, skipped, options: {}, tables: () => Promise.reject(new Error(skipped)) };
}
