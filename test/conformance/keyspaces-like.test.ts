import { keyspacesDialect } from '@onlyif/keyspaces';
import { memory } from '@onlyif/memory';
import { describeAdapter } from '@onlyif/testkit';

/** What Keyspaces refuses, refused in memory: by its dialect, not by the service. */
describeAdapter('memory like keyspaces', {
  open: async () => {
    const adapter = memory({ like: keyspacesDialect() });
    return { adapter, close: () => adapter.close() };
  },
});
