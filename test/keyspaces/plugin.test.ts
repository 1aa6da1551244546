import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, defineTable, notExists, text } from '@onlyif/core';
import { keyspaces } from '@onlyif/keyspaces';
import type { auth } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, run } from '../demo/run-cli.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { accessKeyOf, openKeyspaces, type OpenKeyspaces, wayTo } from './backend.ts';
import { keyspacesClient } from './sigv4-client.ts';
import { loadPlugin } from './sigv4-plugin.ts';

const rows = defineTable('rows', { columns: { id: text() }, partitionKey: ['id'] });
const require = createRequire(import.meta.url);
const script = fileURLToPath(new URL('plugin-without-credentials.ts', import.meta.url));

/** As npm does where the application and the plugin ask for different versions: a driver of the plugin's own. */
async function installApart(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'onlyif-plugin-'));
  const modules = dirname(dirname(require.resolve('aws-sdk/package.json')));
  await mkdir(join(place, 'node_modules'));
  for (const name of ['aws-sigv4-auth-cassandra-plugin', 'cassandra-driver'])
    await cp(join(modules, name), join(place, 'node_modules', name), { recursive: true });
  for (const name of ['aws-sdk', 'crypto-js', 'long', 'adm-zip']) await symlink(join(modules, name), join(place, 'node_modules', name));
  return place;
}

describe.skipIf(skipped !== undefined)('aws-sigv4-auth-cassandra-plugin, at the stand-in', () => {
  let open: OpenKeyspaces;
  let apart: string;
  beforeAll(async () => {
    apart = await installApart();
    open = await openKeyspaces();
    await createClient(open.adapter).createTable(rows);
  });
  afterAll(async () => {
    await open?.close();
    await rm(apart, { recursive: true, force: true });
  });

  test('with a copy of cassandra-driver of its own: the driver refuses its provider, the adapter takes it', async () => {
    const { standIn, keyspace } = open;
    const { SigV4AuthProvider } = loadPlugin(join(apart, 'index.js'));
    const authProvider = new SigV4AuthProvider({ region: standIn.region, ...accessKeyOf(standIn) });
    expect(() => keyspacesClient(standIn, { authProvider: authProvider as auth.AuthProvider })).toThrow(/AuthProvider/);
    const adapter = keyspaces({ ...wayTo(standIn), keyspace, authProvider });
    expect(await createClient(adapter).insert(rows, { id: 'apart' }, { if: notExists() })).toEqual({ applied: true });
    await adapter.close();
  });

  function runWithout(...args: readonly string[]): Promise<Ended> {
    const { standIn, keyspace } = open;
    const node = ['--conditions=@onlyif/source', '--import', 'tsx', script, JSON.stringify({ ...wayTo(standIn), keyspace }), ...args];
    return run(process.execPath, node);
  }

  test('without credentials: access-denied, not applied, once its time is over', async () => {
    const { stdout, exitCode } = await runWithout('listening');
    expect(stdout).toMatch(/^unhandled: .*\ntold: access-denied, not-applied: .*gave nothing in 1000 ms/);
    expect(exitCode).toBe(0);
  });
  test('and the rejection that it leaves to nobody ends a process that does not listen for it', async () => {
    const { stdout, stderr, exitCode } = await runWithout();
    expect([stdout, exitCode]).toEqual(['', 1]);
    expect(stderr).toContain('Error: EC2 Metadata');
  });
});
