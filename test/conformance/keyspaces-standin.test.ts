import { describeAdapter } from '@onlyif/testkit';
import { skipped } from '../faults/proxied-cassandra.ts';
import { openKeyspaces, signers } from '../keyspaces/backend.ts';
import { sampleTitle, variantSample } from './sampling.ts';

for (const [name, signer] of Object.entries(signers)) {
  describeAdapter(`Keyspaces' stand-in (not Keyspaces), ${name} (${sampleTitle})`, {
    skipped,
    sample: variantSample,
    open: () => openKeyspaces({ peers: 2, activeAfter: 200 }, {}, signer),
  });
}
