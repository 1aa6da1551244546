import { keyspaces, type KeyspacesAdapter, type KeyspacesOptions } from '@onlyif/keyspaces';
import type { KeyspacesCredential, KeyspacesStandIn, KeyspacesStandInOptions } from '@onlyif/testkit';
import { type Backend, uniqueName } from '../backends/backends.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { SigV4AuthProvider } from './sigv4-plugin.ts';
import { startStandIn } from './stand-in.ts';

/** The adapter of Keyspaces at a stand-in of its own, with a keyspace of its own. */
export interface OpenKeyspaces {
  readonly standIn: KeyspacesStandIn;
  readonly adapter: KeyspacesAdapter;
  readonly keyspace: string;
  close(): Promise<void>;
}

export type AccessKey = Extract<KeyspacesCredential, { kind: 'access-key' }>;

export function accessKeyOf({ credentials: [credential] }: KeyspacesStandIn): AccessKey {
  if (credential?.kind !== 'access-key') throw new Error('the stand-in has no access key');
  return credential;
}

/** How an adapter is told the way to a stand-in. */
export function wayTo(standIn: KeyspacesStandIn): Pick<KeyspacesOptions, 'region' | 'endpoint' | 'ca' | 'servername'> {
  const { region, address: endpoint, ca, serverName: servername } = standIn;
  return { region, endpoint, ca, servername };
}

/** Who signs in, of the standIn's access key. */
export type Signer = (standIn: KeyspacesStandIn) => Pick<KeyspacesOptions, 'credentials' | 'authProvider'>;

export const builtIn: Signer = (standIn) => ({ credentials: accessKeyOf(standIn) });

export const signers: { readonly [name: string]: Signer } = {
  'the built-in provider': builtIn,
  'aws-sigv4-auth-cassandra-plugin': (standIn) => ({
    authProvider: new SigV4AuthProvider({ region: standIn.region, ...accessKeyOf(standIn) }),
  }),
};

/** The stand-in as one of the backends. */
export const keyspacesBackend: Backend = { name: "Keyspaces' stand-in (not Keyspaces)", skipped, open: () => openKeyspaces() };

export async function openKeyspaces(
  at: Partial<KeyspacesStandInOptions> = {},
  options: Partial<KeyspacesOptions> = {},
  signer: Signer = builtIn,
): Promise<OpenKeyspaces> {
  const standIn = await startStandIn(at);
  const keyspace = uniqueName();
  const adapter = keyspaces({ ...wayTo(standIn), ...signer(standIn), keyspace, ...options });
  await adapter.createKeyspace();
  const close = async (): Promise<void> => {
    await adapter.dropKeyspace();
    await adapter.close();
    await standIn.close();
  };
  return { standIn, adapter, keyspace, close };
}
