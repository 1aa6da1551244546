import { keyspaces, type KeyspacesAdapter, type KeyspacesOptions } from '@onlyif/keyspaces';
import type { KeyspacesCredential, KeyspacesStandIn, KeyspacesStandInOptions } from '@onlyif/testkit';
import { uniqueName } from '../backends/backends.ts';
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

/** How an adapter is given the way to a stand-in, and its access key. */
export function optionsFor(standIn: KeyspacesStandIn): Pick<KeyspacesOptions, 'region' | 'endpoint' | 'ca' | 'servername' | 'credentials'> {
  const { region, address: endpoint, ca = '', serverName: servername = '' } = standIn;
  return { region, endpoint, ca, servername, credentials: accessKeyOf(standIn) };
}

export async function openKeyspaces(
  at: Partial<KeyspacesStandInOptions> = {},
  options: Partial<KeyspacesOptions> | ((standIn: KeyspacesStandIn) => Partial<KeyspacesOptions>) = {},
): Promise<OpenKeyspaces> {
  const standIn = await startStandIn(at);
  const keyspace = uniqueName();
  const own = typeof options === 'function' ? options(standIn) : options;
  const { credentials, ...way } = optionsFor(standIn);
  const adapter = keyspaces({ ...way, ...(own.authProvider === undefined && credentials ? { credentials } : {}), keyspace, ...own });
  await adapter.createKeyspace();
  const close = async (): Promise<void> => {
    await adapter.dropKeyspace();
    await adapter.close();
    await standIn.close();
  };
  return { standIn, adapter, keyspace, close };
}
