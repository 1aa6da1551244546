import { describeAdapter } from '@onlyif/testkit';
import cassandraDriver, { type ClientOptions } from 'cassandra-driver';
import { inject } from 'vitest';
import { cassandraBackend } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';
import { sampleTitle, variantSample } from './sampling.ts';

const local = cassandraBackend(`cassandra at LOCAL_SERIAL (${sampleTitle})`, { serialConsistency: 'LOCAL_SERIAL' });
describeAdapter(local.name, { ...local, sample: variantSample });

const { Client, policies } = cassandraDriver;

/** Takes every error for an empty answer, which the driver's `wasApplied()` then calls applied. */
class IgnoreErrors extends policies.retry.RetryPolicy {
  override onReadTimeout(): never {
    return ignore;
  }
  override onWriteTimeout(): never {
    return ignore;
  }
  override onUnavailable(): never {
    return ignore;
  }
  override onRequestError(): never {
    return ignore;
  }
}

/** `RetryPolicy.retryDecision.ignore`, which the driver's types lack. */
const ignore = { decision: 2 } as never;

const clients: { readonly [name: string]: Partial<ClientOptions> } = {
  'every number a bigint': { encoding: { useBigIntAsLong: true, useBigIntAsVarint: true, map: Map, set: Set } },
  'shared buffers, undefined as null': { encoding: { copyBuffer: false, useUndefinedAsUnset: false, map: Map } },
  'hostile defaults': {
    encoding: { map: Map },
    queryOptions: { isIdempotent: true, consistency: 1, serialConsistency: 9, prepare: false, fetchSize: 1 },
    policies: {
      retry: new IgnoreErrors(),
      speculativeExecution: new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(1, 2),
    },
  },
};

const address = inject('cassandra');
for (const [name, options] of Object.entries(clients)) {
  const title = `cassandra, a caller's client with ${name} (${sampleTitle})`;
  if (isSkipped(address)) {
    describeAdapter(title, cassandraBackend(title));
    continue;
  }
  describeAdapter(title, {
    sample: variantSample,
    open: async () => {
      const client = new Client({ contactPoints: [...address.contactPoints], localDataCenter: address.localDataCenter, ...options });
      const opened = await cassandraBackend(title, { client: client }).open();
      const close = async (): Promise<void> => {
        await opened.close();
        await client.shutdown();
      };
      return { ...opened, close };
    },
  });
}
