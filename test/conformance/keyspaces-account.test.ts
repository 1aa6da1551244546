import { keyspaces } from '@onlyif/keyspaces';
import { describeAdapter } from '@onlyif/testkit';
import { vi } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { sampleTitle, variantSample } from './sampling.ts';

const region = process.env['ONLYIF_KEYSPACES_REGION'];
/** Such as that of a VPC endpoint. */
const endpoint = process.env['ONLYIF_KEYSPACES_ENDPOINT'];

// Each table takes the service up to a minute.
vi.setConfig({ testTimeout: 30 * 60_000, hookTimeout: 60 * 60_000 });

/** On a real account, with the credentials that the machine has: only where somebody asks for it, and pays. */
describeAdapter(`Amazon Keyspaces (${sampleTitle})`, {
  skipped: region === undefined ? 'ONLYIF_KEYSPACES_REGION is not set' : undefined,
  sample: variantSample,
  open: async () => {
    if (region === undefined) throw new Error('no region');
    const adapter = keyspaces({ region, keyspace: uniqueName(), ...(endpoint === undefined ? {} : { endpoint }) });
    await adapter.createKeyspace();
    const close = async (): Promise<void> => {
      await adapter.dropKeyspace();
      await adapter.close();
    };
    return { adapter, close };
  },
});
