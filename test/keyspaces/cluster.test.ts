import cassandraDriver, { type Client } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, openCluster, withoutCluster } from '../faults/cluster.ts';
import { keyspacesClient } from './sigv4-client.ts';
import { startStandIn } from './stand-in.ts';

const { policies, types } = cassandraDriver;
const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing;

describe.skipIf(withoutCluster !== undefined)('a stand-in for Keyspaces in front of one of three real nodes', () => {
  let cluster: Cluster;
  let second: Client;
  beforeAll(async () => {
    cluster = await openCluster('v1');
    const [, address = ''] = cluster.connection.contactPoints ?? [];
    // A client that asks the second node alone, which learns of definitions after the first.
    const loadBalancing = new AllowListPolicy(new RoundRobinPolicy(), [address]);
    second = new cassandraDriver.Client({ ...cluster.connection, contactPoints: [address], policies: { loadBalancing } });
  });
  afterAll(async () => {
    await second?.shutdown();
    await cluster?.close();
  });

  test('an ACTIVE table is on every node, and so is a change once it is answered', async () => {
    const [target = ''] = cluster.connection.contactPoints ?? [];
    const standIn = await startStandIn({ target, replicationFactor: 3 });
    const client = keyspacesClient(standIn);
    const define = (cql: string): Promise<unknown> => client.execute(cql, [], { prepare: false });
    const rows = async (cql: string): Promise<readonly cassandraDriver.types.Row[]> =>
      (await client.execute(cql, [], { prepare: false })).rows;
    const applied = async (cql: string): Promise<unknown> =>
      (await second.execute(cql, [], { consistency: types.consistencies.localQuorum })).first()['[applied]'];
    await define(`CREATE KEYSPACE k WITH REPLICATION = {'class': 'SingleRegionStrategy'}`);
    while ((await rows(`SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = 'k'`)).length === 0);
    for (let i = 0; i < 5; i++) {
      await define(`CREATE TABLE k.t${i} (id int PRIMARY KEY, v int)`);
      const status = `SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = 'k' AND table_name = 't${i}'`;
      while ((await rows(status))[0]?.['status'] !== 'ACTIVE');
      expect(await applied(`INSERT INTO k.t${i} (id, v) VALUES (1, 1) IF NOT EXISTS`)).toBe(true);
      await define(`ALTER TABLE k.t${i} ADD w int`);
      expect(await applied(`UPDATE k.t${i} SET w = 1 WHERE id = 1 IF v = 1`)).toBe(true);
    }
    await client.shutdown();
    await standIn.close();
  });
});
