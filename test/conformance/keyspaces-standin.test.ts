import { createRequire } from 'node:module';
import { type AuthProviderLike, type AwsCredentials, keyspaces, type KeyspacesOptions } from '@onlyif/keyspaces';
import { describeAdapter, type KeyspacesStandIn } from '@onlyif/testkit';
import { uniqueName } from '../backends/backends.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { startStandIn } from '../keyspaces/stand-in.ts';
import { sampleTitle, variantSample } from './sampling.ts';

const { SigV4AuthProvider } = createRequire(import.meta.url)('aws-sigv4-auth-cassandra-plugin') as {
  SigV4AuthProvider: new (options: object) => AuthProviderLike;
};

type Signer = Pick<KeyspacesOptions, 'credentials' | 'authProvider'>;

function accessKey({ credentials: [credential] }: KeyspacesStandIn): AwsCredentials {
  if (credential?.kind !== 'access-key') throw new Error('the stand-in has no access key');
  return credential;
}

const signers: { readonly [name: string]: (standIn: KeyspacesStandIn) => Signer } = {
  'the built-in provider': (standIn) => ({ credentials: accessKey(standIn) }),
  'aws-sigv4-auth-cassandra-plugin': (standIn) => ({
    authProvider: new SigV4AuthProvider({ region: standIn.region, ...accessKey(standIn) }),
  }),
};

for (const [name, signer] of Object.entries(signers)) {
  describeAdapter(`Keyspaces' stand-in (not Keyspaces), ${name} (${sampleTitle})`, {
    skipped,
    sample: variantSample,
    open: async () => {
      const standIn = await startStandIn({ peers: 2, activeAfter: 200 });
      const { region, address: endpoint, ca = '', serverName: servername = '' } = standIn;
      const adapter = keyspaces({ region, endpoint, ca, servername, keyspace: uniqueName(), ...signer(standIn) });
      await adapter.createKeyspace();
      const close = async (): Promise<void> => {
        await adapter.dropKeyspace();
        await adapter.close();
        await standIn.close();
      };
      return { adapter, close };
    },
  });
}
