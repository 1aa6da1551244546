import { type KeyspacesStandIn, type KeyspacesStandInOptions, startKeyspacesStandIn } from '@onlyif/testkit';
import type { Client } from 'cassandra-driver';
import { uniqueName } from '../backends/backends.ts';
import { connection, plainClient } from '../faults/proxied-cassandra.ts';

/** A stand-in for Keyspaces in front of one node of the real Cassandra, whose tables are ACTIVE at once. */
export function startStandIn(options: Partial<KeyspacesStandInOptions> = {}): Promise<KeyspacesStandIn> {
  const [target = ''] = connection().contactPoints;
  return startKeyspacesStandIn({ target, activeAfter: 0, ...options });
}

/** A keyspace as Keyspaces makes it, with statements run in it, for whose tables `{ks}` stands. */
export async function makeKeyspace(client: Client, ...statements: readonly string[]): Promise<string> {
  const keyspace = uniqueName();
  await client.execute(`CREATE KEYSPACE ${keyspace} WITH REPLICATION = {'class': 'SingleRegionStrategy'}`, [], { prepare: false });
  for (const statement of statements) await client.execute(statement.replaceAll('{ks}', keyspace), [], { prepare: false });
  return keyspace;
}

/** Straight in the Cassandra behind: the stand-in may be gone by then. */
export async function dropKeyspaces(...keyspaces: readonly string[]): Promise<void> {
  const direct = plainClient();
  for (const keyspace of keyspaces) await direct.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
  await direct.shutdown();
}
