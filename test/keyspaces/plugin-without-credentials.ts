// Run as a process of its own by `plugin.test.ts`: the plugin of AWS, where there are no credentials to be found.
import { createClient, defineTable, isLWTError, notExists, text } from '@onlyif/core';
import { keyspaces, type KeyspacesOptions } from '@onlyif/keyspaces';
import { SigV4AuthProvider } from './sigv4-plugin.ts';

const [way = '{}', listening = ''] = process.argv.slice(2);
const rows = defineTable('rows', { columns: { id: text() }, partitionKey: ['id'] });

// The plugin handles no failure to find credentials (lib/sigv4-auth-provider.js), which by default ends a process.
if (listening === 'listening') process.on('unhandledRejection', (error) => report('unhandled', error));

const { region, ...options } = JSON.parse(way) as KeyspacesOptions & { readonly region: string };
const authProvider = new SigV4AuthProvider({ region });
const db = createClient(keyspaces({ ...options, region, authProvider, credentialsTimeoutMs: 1_000 }), { verify: 'off' });
try {
  await db.insert(rows, { id: 'a' }, { if: notExists() }, { timeoutMs: 20_000 });
} catch (error) {
  report('told', isLWTError(error) ? `${error.code}, ${error.outcome}: ${error.message}` : error);
}
await db.close();

function report(name: string, what: unknown): void {
  process.stdout.write(`${name}: ${String(what)}\n`);
}
