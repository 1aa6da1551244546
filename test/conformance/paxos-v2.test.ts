import { cassandra } from '@onlyif/cassandra';
import { describeAdapter } from '@onlyif/testkit';
import { uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';
import { startCassandra } from '../servers/start-cassandra.ts';
import { sampleTitle, variantSample } from './sampling.ts';

/** Paxos v1 is Cassandra's default and what the other suites run on; v2 needs a server of its own. */
const server = await startCassandra({ paxosVariant: 'v2' });

describeAdapter(`cassandra with Paxos v2 (${sampleTitle})`, {
  skipped: isSkipped(server) ? server.skipped : undefined,
  sample: variantSample,
  open: async () => {
    if (isSkipped(server)) throw new Error(server.skipped);
    const { localDataCenter } = server;
    const adapter = cassandra({ contactPoints: [...server.contactPoints], localDataCenter, keyspace: uniqueName() });
    await adapter.createKeyspace();
    const close = async (): Promise<void> => {
      await adapter.close();
      await server.stop();
    };
    return { adapter, close };
  },
});
