import { cassandra } from '@onlyif/cassandra';
import { keyspaces } from '@onlyif/keyspaces';
import { describeAdapter } from '@onlyif/testkit';
import cassandraDriver from 'cassandra-driver';
import { inject } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';
import { sampleTitle, variantSample } from './sampling.ts';

const address = inject('cassandra');

/** What the adapter of Keyspaces sends, judged by Cassandra; tables are made by the adapter of Cassandra. */
describeAdapter(`the adapter of Keyspaces on Cassandra, which is not Keyspaces (${sampleTitle})`, {
  skipped: isSkipped(address) ? address.skipped : undefined,
  sample: variantSample,
  open: async () => {
    if (isSkipped(address)) throw new Error(address.skipped);
    const { contactPoints, localDataCenter } = address;
    const client = new cassandraDriver.Client({ contactPoints: [...contactPoints], localDataCenter, encoding: { map: Map, set: Set } });
    const keyspace = uniqueName();
    const maker = cassandra({ client, keyspace });
    await maker.createKeyspace();
    const adapter = Object.assign(keyspaces({ client, keyspace }), { tables: maker.tables });
    const close = async (): Promise<void> => {
      await maker.dropKeyspace();
      await client.shutdown();
    };
    return { adapter, close };
  },
});
