// What the adapter of Amazon Keyspaces costs beside the driver, both with TLS through the stand-in, which is no Keyspaces;
// and what the ways to sign take to load and to install.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient, defineTable, int, notExists, text, update } from '@onlyif/core';
import { keyspaces } from '@onlyif/keyspaces';
import { Client, policies, types } from 'cassandra-driver';
import { tsImport } from 'tsx/esm/api';
import { repeat, rotated, spread } from './rounds.mjs';
import { applied, context, measureSides } from './side-by-side.mjs';

const require = createRequire(import.meta.url);
const keyspace = 'onlyif_keyspaces_bench';
const documents = defineTable('documents', { columns: { id: text(), version: int().notNull() }, partitionKey: ['id'] });
/** The condition holds each time, and the row stays as it is. */
const statement = update(documents, { id: 'a' }, { set: { version: 0 }, if: { version: 0 } });

export async function measureKeyspaces({ seconds, rounds }) {
  await measureCost({ seconds: seconds / 2, rounds });
  measureSize();
  await measureLoading({ seconds: seconds / 2, rounds });
}

async function measureCost(limits) {
  const { startCassandra } = await tsImport('../test/servers/start-cassandra.ts', import.meta.url);
  const server = await startCassandra();
  if ('skipped' in server) return console.log(`skipped: ${server.skipped}`);
  const child = spawn(process.execPath, [fileURLToPath(new URL('keyspaces-stand-in.mjs', import.meta.url)), server.contactPoints[0]], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface(child.stdout), 'line');
    console.log(`Keyspaces: one conditional write with TLS through the stand-in, before Cassandra ${server.version}`);
    await compare(JSON.parse(line), limits);
  } finally {
    child.stdin.end();
    await once(child, 'exit');
    await server.stop();
  }
}

async function compare({ address, region, ca, serverName, credentials: [key] }, limits) {
  const adapter = keyspaces({ region, endpoint: address, ca, servername: serverName, credentials: key, keyspace });
  const driver = new Client({
    contactPoints: [address],
    localDataCenter: region,
    protocolOptions: { port: Number(address.split(':').at(-1)), maxVersion: 4 },
    authProvider: new (require('aws-sigv4-auth-cassandra-plugin').SigV4AuthProvider)({ region, ...key }),
    sslOptions: { ca: [ca], servername: serverName, rejectUnauthorized: true },
    pooling: { coreConnectionsPerHost: { 0: 2, 1: 1, 2: 0 } },
    policies: { loadBalancing: new policies.loadBalancing.RoundRobinPolicy() },
  });
  const db = createClient(adapter);
  try {
    await adapter.createKeyspace();
    await db.createTable(documents);
    await db.insert(documents, { id: 'a', version: 0 }, { if: notExists() });
    await driver.connect();
    const compiled = adapter.dialect.compile(statement);
    const usual = { prepare: true, consistency: types.consistencies.localQuorum };
    await measureSides(
      {
        driver: async () => applied((await driver.execute(compiled.cql, compiled.bytes, usual)).rows[0]['[applied]']),
        'adapter alone': async () => applied((await adapter.execute(compiled, context)).applied),
        'db.update': async () => applied((await db.update(documents, { id: 'a' }, { set: { version: 0 }, if: { version: 0 } })).applied),
      },
      limits,
    );
    await adapter.dropKeyspace();
  } finally {
    await Promise.all([driver.shutdown(), db.close()]);
  }
}

const plugin = 'aws-sigv4-auth-cassandra-plugin';
const chain = '@aws-sdk/credential-providers';

/** Installed, in MiB: the packages with all that they depend on, each counted once. */
function measureSize() {
  const closures = {
    'cassandra-driver': ['cassandra-driver'],
    [`it and ${chain}, for the built-in provider`]: ['cassandra-driver', chain],
    [`it and ${plugin}`]: ['cassandra-driver', plugin],
  };
  console.log('\nInstalled, in MiB, and packages:');
  for (const [name, roots] of Object.entries(closures)) {
    const folders = closureOf(roots);
    const bytes = [...folders].reduce((sum, folder) => sum + sizeOf(folder), 0);
    console.log(`  ${name.padEnd(72)}${(bytes / 1024 / 1024).toFixed(1).padStart(6)}${String(folders.size).padStart(5)}`);
  }
}

function closureOf(names, from = import.meta.url, found = new Set()) {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (folder === undefined || found.has(folder)) continue;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    closureOf(Object.keys(dependencies), join(folder, 'index.js'), found);
  }
  return found;
}

function folderOf(name, from) {
  const paths = createRequire(from).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((folder) => statSync(join(folder, 'package.json'), { throwIfNoEntry: false }));
}

/** Without packages inside of it, which are counted by themselves. */
function sizeOf(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? sizeOf(path) : statSync(path).size;
  }
  return bytes;
}

const load = (name) => `await import('${import.meta.resolve(name)}');`;
const driverModule = `await import('${require.resolve('cassandra-driver')}');`;
const programs = {
  bare: '',
  'bare again': '',
  '@onlyif/keyspaces': load('@onlyif/keyspaces'),
  'cassandra-driver': driverModule,
  [`cassandra-driver and ${chain}`]: `${driverModule}${load(chain)}`,
  [`cassandra-driver and ${plugin}`]: `${driverModule}await import('${require.resolve(plugin)}');`,
};

async function measureLoading(limits) {
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  await repeat(limits, (round) => {
    for (const name of rotated(Object.keys(programs), round)) times[name].push(spawned(programs[name]));
  });
  console.log(`\nLoading, in ms over a process that does nothing (${spread(times.bare, 0)} ms), ${times.bare.length} rounds:`);
  for (const name of Object.keys(programs).slice(1))
    console.log(
      `  ${name.padEnd(56)}${spread(
        times[name].map((ms, i) => ms - times.bare[i]),
        0,
      )}`,
    );
}

function spawned(code) {
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - before;
}
