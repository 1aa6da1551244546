import { createRequire } from 'node:module';
import type { AuthProviderLike } from '@onlyif/keyspaces';

/** A CommonJS module without types. */
interface Plugin {
  readonly SigV4AuthProvider: new (options: { region?: string; accessKeyId?: string; secretAccessKey?: string }) => AuthProviderLike;
}

/** AWS's plugin as it is found from a module. */
export function loadPlugin(from: string): Plugin {
  return createRequire(from)('aws-sigv4-auth-cassandra-plugin') as Plugin;
}

export const { SigV4AuthProvider } = loadPlugin(import.meta.url);
