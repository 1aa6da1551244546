import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cassandra } from '@onlyif/cassandra';
import { type Client, type ClientOptions, createClient } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { type CqlFault, type Gate, type HttpFault, startHttpProxy } from '@onlyif/testkit';
import { inject } from 'vitest';
import { localDynamoDb, uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';
import { connection, makeKeyspace, plainClient, skipped, startProxy } from './proxied-cassandra.ts';

/** What can happen to the next conditional write, on every backend. */
export type WriteFault = 'request lost' | 'reply lost' | 'delivered twice' | Gate;

/** Where another process finds the same database and tables. */
export type FaultyAddress =
  | { readonly kind: 'cassandra'; readonly contactPoints: string[]; readonly localDataCenter: string; readonly keyspace: string }
  | { readonly kind: 'dynamodb'; readonly endpoint: string; readonly prefix: string };

/** A real database behind a proxy. */
export interface FaultyBackend {
  /** Around the proxy. */
  readonly address: FaultyAddress;
  /** A client whose requests go through the proxy. */
  client(options?: ClientOptions): Client;
  /** A client that goes around the proxy. */
  readonly direct: Client;
  /** The next conditional write meets this; resolves once the proxy has done it. A gate holds the request until it is opened. */
  next(fault: WriteFault): Promise<void>;
  /** Until every request that was held up has been answered by the server. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface FaultyBackendName {
  readonly name: string;
  readonly skipped: string | undefined;
  open(): Promise<FaultyBackend>;
}

export const faultyCassandra: FaultyBackendName = { name: 'cassandra', skipped, open: openCassandra };

const dynamodbAddress = inject('dynamodb');
export const faultyDynamoDb: FaultyBackendName = {
  name: 'dynamodb',
  skipped: isSkipped(dynamodbAddress) ? dynamodbAddress.skipped : undefined,
  open: openDynamoDb,
};

async function openCassandra(): Promise<FaultyBackend> {
  const [proxy, plain] = [await startProxy(), plainClient()];
  const keyspace = await makeKeyspace(plain);
  const clients: Client[] = [];
  const make = (through: boolean, options: ClientOptions = {}): Client => {
    const db = createClient(cassandra({ ...connection(through ? proxy : undefined), keyspace }), options);
    clients.push(db);
    return db;
  };
  let held: Promise<unknown> = Promise.resolve();
  const faultOf = (fault: WriteFault): CqlFault => {
    if (fault === 'request lost') return { kind: 'disconnect', how: 'reset', when: 'before' };
    if (fault === 'reply lost') return { kind: 'disconnect', how: 'reset', when: 'after' };
    return fault === 'delivered twice' ? { kind: 'duplicate-request' } : { kind: 'hold-request', until: fault };
  };
  return {
    address: { kind: 'cassandra', ...connection(), keyspace },
    client: (options) => make(true, options),
    direct: make(false),
    next: async (fault) => {
      proxy.clearRules();
      const rule = proxy.addRule({ match: { opcode: 'EXECUTE', conditional: true }, times: 1, do: faultOf(fault) });
      await rule.whenHit();
      held = rule.whenAnswered();
    },
    settled: async () => void (await held),
    close: async () => {
      for (const db of clients) await db.close();
      await proxy.close();
      await plain.execute(`DROP KEYSPACE ${keyspace}`);
      await plain.shutdown();
    },
  };
}

async function openDynamoDb(): Promise<FaultyBackend> {
  if (isSkipped(dynamodbAddress)) throw new Error(dynamodbAddress.skipped);
  const { endpoint } = dynamodbAddress;
  const proxy = await startHttpProxy({ target: endpoint });
  const prefix = uniqueName();
  const clients: Client[] = [];
  const make = (at: string, options: ClientOptions = {}): Client => {
    const client = new DynamoDBClient({ endpoint: at, ...localDynamoDb, maxAttempts: 5 });
    const db = createClient(dynamodb({ client, tableName: (name) => `${prefix}.${name}` }), options);
    clients.push(db);
    return db;
  };
  const faultOf = (fault: WriteFault): HttpFault => {
    if (fault === 'request lost') return { kind: 'cut-request', by: 'reset' };
    if (fault === 'reply lost') return { kind: 'cut-reply', by: 'reset' };
    return fault === 'delivered twice' ? { kind: 'duplicate-request' } : { kind: 'delay-request', until: fault };
  };
  return {
    address: { kind: 'dynamodb', endpoint, prefix },
    client: (options) => make(proxy.endpoint, options),
    direct: make(endpoint),
    next: async (fault) => {
      proxy.clear();
      proxy.setRules([{ match: { operation: /^(Put|Update|Delete)Item$/ }, times: 1, do: faultOf(fault) }]);
      await proxy.arrived(1);
    },
    settled: () => proxy.settled(),
    close: async () => {
      for (const db of clients) (db.adapter.client as DynamoDBClient).destroy();
      await proxy.close();
    },
  };
}
