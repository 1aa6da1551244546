import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test, vi } from 'vitest';
import { withNode } from './cassandra/cql-probe.ts';
import { findJava } from './java.ts';
import { isOpen } from './ports.ts';
import { isSkipped } from './server.ts';
import { startCassandra } from './start-cassandra.ts';
import { startDynamoDb } from './start-dynamodb.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const withoutJvm = isSkipped(await findJava([17]));
const isOpenAt = (address: string): Promise<boolean> => {
  const { hostname, port } = new URL(address);
  return isOpen(hostname, Number(port));
};

describe('launchers of real servers', () => {
  test('DynamoDB Local starts, answers and is gone after stop', { timeout: 300_000 }, async (context) => {
    const server = await startDynamoDb();
    if (isSkipped(server)) return context.skip(server.skipped);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint: server.endpoint, region: 'local', credentials });
    const { TableNames } = await client.send(new ListTablesCommand({}));
    client.destroy();
    await server.stop();
    expect(TableNames).toEqual(expect.any(Array));
    expect(server.how === 'address' || !(await isOpenAt(server.endpoint))).toBe(true);
  });

  test('Cassandra starts with Paxos v2, and its port and directory are gone after stop', { timeout: 300_000 }, async (context) => {
    const server = await startCassandra({ paxosVariant: 'v2' });
    if (isSkipped(server)) return context.skip(server.skipped);
    const [contactPoint = ''] = server.contactPoints;
    const pids = server.nodes.map((node) => node.pid);
    const variant = await withNode(contactPoint, async (client) => {
      const { rows } = await client.execute("SELECT value FROM system_views.settings WHERE name = 'paxos_variant'");
      return rows[0]?.['value'] as string;
    });
    const during = runDirectoriesOf(pids);
    await server.stop();
    expect(server.version).toMatch(/^[45]\./);
    expect(variant).toBe('v2');
    expect(during).toHaveLength(pids.length);
    expect(await isOpenAt(`cql://${contactPoint}`)).toBe(false);
    expect(runDirectoriesOf(pids)).toEqual([]);
  });

  test.skipIf(withoutJvm).each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'a launcher ended by %s leaves no server behind',
    { timeout: 300_000 },
    async (signal) => {
      const launcher = spawn(process.execPath, ['--import', 'tsx', main, 'dynamodb'], {
        env: { ...process.env, ONLYIF_DYNAMODB_ENDPOINT: '', ONLYIF_DOCKER: 'off' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const endpoint = await exported(launcher, 'ONLYIF_DYNAMODB_ENDPOINT');
      expect(await isOpenAt(endpoint)).toBe(true);
      launcher.kill(signal);
      await once(launcher, 'exit');
      await vi.waitUntil(async () => !(await isOpenAt(endpoint)), { timeout: 5000 });
    },
  );
});

/** The value of `name` in the export lines that the launcher prints. */
async function exported(launcher: ChildProcess, name: string): Promise<string> {
  if (launcher.stdout === null) throw new Error('the launcher has no standard output');
  for await (const line of createInterface(launcher.stdout)) {
    const prefix = `export ${name}=`;
    if (line.startsWith(prefix)) return line.slice(prefix.length);
  }
  throw new Error(`the launcher ended without ${name}`);
}

/** The run directories in which one of these processes is entered. */
function runDirectoriesOf(pids: readonly number[]): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('onlyif-cassandra-'))
    .flatMap((name) => pids.filter((pid) => entered(name).includes(String(pid))).map(() => name));
}

function entered(name: string): string[] {
  try {
    return readdirSync(`${tmpdir()}/${name}/pids`);
  } catch {
    return [];
  }
}
