import { cassandra, type CassandraAdapter, type CassandraOptions } from '@onlyif/cassandra';
import { type ClientOptions, policies } from 'cassandra-driver';
import { uniqueName } from '../backends/backends.ts';
import { findJava } from '../servers/java.ts';
import { type CassandraNode, type CassandraServer, isSkipped } from '../servers/server.ts';
import { startCassandra } from '../servers/start-cassandra.ts';

/** Why there is no cluster of processes here; its tests are then skipped. */
const java = await findJava([11, 17]);
export const withoutCluster: string | undefined = isSkipped(java) ? java.skipped : undefined;

export const paxosVariants = ['v1', 'v2'] as const;
export type PaxosVariant = (typeof paxosVariants)[number];

/** Three real nodes, and a keyspace with a copy of every row on each. */
export interface Cluster {
  readonly server: CassandraServer;
  readonly keyspace: string;
  /** How to connect with a driver of one's own; a node that comes back is used again within half a second. */
  readonly connection: Pick<ClientOptions, 'contactPoints' | 'localDataCenter' | 'protocolOptions' | 'policies'>;
  readonly node: (index: 0 | 1 | 2) => CassandraNode;
  /** An adapter on the keyspace, which `close` closes too. */
  adapter(options?: Partial<CassandraOptions>): CassandraAdapter;
  /** Lets every node run again, restarts those that were killed, and waits until they see each other. */
  readonly heal: () => Promise<void>;
  close(): Promise<void>;
}

export async function openCluster(paxosVariant: PaxosVariant): Promise<Cluster> {
  const server = await startCassandra({ nodes: 3, paxosVariant });
  if (isSkipped(server)) throw new Error(server.skipped);
  const keyspace = uniqueName();
  const connection = {
    contactPoints: [...server.contactPoints],
    localDataCenter: server.localDataCenter,
    // The nodes share a port, which the driver is not told of those that it finds by itself.
    protocolOptions: { port: Number(server.contactPoints[0]?.split(':')[1]) },
    policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(500) },
  };
  const adapters: CassandraAdapter[] = [];
  const adapter = (options: Partial<CassandraOptions> = {}): CassandraAdapter => {
    const opened = cassandra({ ...(options.client === undefined ? connection : {}), keyspace, ...options });
    adapters.push(opened);
    return opened;
  };
  const close = async (): Promise<void> => {
    await Promise.all(adapters.map((opened) => opened.close()));
    await server.stop();
  };
  try {
    await adapter().createKeyspace({ class: 'SimpleStrategy', replication_factor: 3 });
  } catch (error) {
    await close();
    throw error;
  }
  return { server, keyspace, connection, node: (index) => nodeOf(server, index), adapter, heal: () => heal(server), close };
}

function nodeOf({ nodes }: CassandraServer, index: number): CassandraNode {
  const node = nodes[index];
  if (node === undefined) throw new Error(`there is no node ${index}`);
  return node;
}

async function heal(server: CassandraServer): Promise<void> {
  for (const node of server.nodes) {
    if (node.running) node.resume();
    else await node.restart();
  }
  await server.settled();
}
