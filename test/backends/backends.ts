import { randomBytes } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { cassandra, type CassandraOptions, scylla } from '@onlyif/cassandra';
import type { Adapter } from '@onlyif/core';
import { dynamodb, type DynamoDbOptions } from '@onlyif/dynamodb';
import { memory } from '@onlyif/memory';
import { inject } from 'vitest';
import { isSkipped } from '../servers/server.ts';

/** One backend as the tests see it. */
export interface Backend {
  readonly name: string;
  /** Why it is not there; its tests are then skipped. */
  readonly skipped: string | undefined;
  /** An adapter with an empty place of its own for tables. */
  open(): Promise<OpenBackend>;
}

export interface OpenBackend {
  readonly adapter: Adapter;
  /** Removes the place and closes the adapter. */
  close(): Promise<void>;
}

export const memoryBackend: Backend = {
  name: 'memory',
  skipped: undefined,
  open: async () => {
    const adapter = memory();
    return { adapter, close: () => adapter.close() };
  },
};

/** Cassandra at the address that the test run was given; `options` may bring a client or other levels. */
export function cassandraBackend(name = 'cassandra', options: Partial<CassandraOptions> = {}): Backend {
  return cqlBackend(name, inject('cassandra'), (address) =>
    cassandra(options.client === undefined ? { ...address, ...options } : { keyspace: address.keyspace, ...options }),
  );
}

export function scyllaBackend(): Backend {
  return cqlBackend('scylla', inject('scylla'), (address) => scylla(address));
}

type CqlAddress = ReturnType<typeof inject<'cassandra'>>;
type Connect = (options: { contactPoints: string[]; localDataCenter: string; keyspace: string }) => ReturnType<typeof cassandra>;

function cqlBackend(name: string, address: CqlAddress, connect: Connect): Backend {
  if (isSkipped(address)) return missing(name, address.skipped);
  const { localDataCenter } = address;
  const contactPoints = [...address.contactPoints];
  return {
    name,
    skipped: undefined,
    open: async () => {
      const adapter = connect({ contactPoints, localDataCenter, keyspace: uniqueName() });
      await adapter.createKeyspace();
      const close = async (): Promise<void> => {
        await adapter.dropKeyspace();
        await adapter.close();
      };
      return { adapter, close };
    },
  };
}

/** What DynamoDB Local takes for an account. */
export const localDynamoDb = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** DynamoDB Local at the address that the test run was given; `makeOptions` may bring a client of another kind. */
export function dynamodbBackend(
  name = 'dynamodb',
  makeOptions: (endpoint: string) => DynamoDbOptions = (endpoint) => ({ endpoint, ...localDynamoDb }),
): Backend {
  const address = inject('dynamodb');
  if (isSkipped(address)) return missing(name, address.skipped);
  return {
    name,
    skipped: undefined,
    open: async () => {
      const prefix = uniqueName();
      const adapter = dynamodb({ ...makeOptions(address.endpoint), tableName: (table) => `${prefix}.${table}` });
      const close = async (): Promise<void> => {
        await dropTables(address.endpoint, `${prefix}.`);
        await adapter.close();
      };
      return { adapter, close };
    },
  };
}

async function dropTables(endpoint: string, prefix: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...localDynamoDb });
  try {
    for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
      for (const TableName of TableNames.filter((name) => name.startsWith(prefix)))
        await client.send(new DeleteTableCommand({ TableName }));
    }
  } finally {
    client.destroy();
  }
}

function missing(name: string, skipped: string): Backend {
  return { name, skipped, open: () => Promise.reject(new Error(skipped)) };
}

export function uniqueName(): string {
  return `onlyif_${randomBytes(8).toString('hex')}`;
}

/** Every backend that a suite runs on, one after the other. */
export function allBackends(): readonly Backend[] {
  return [memoryBackend, cassandraBackend(), dynamodbBackend(), scyllaBackend()];
}
