import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test, vi } from 'vitest';
import { withNode } from './cassandra/cql-probe.ts';
import { startDutyCycle } from './duty-cycle.ts';
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

/** The state of a process as Linux has it: `T` where it is stopped. */
function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 'gone';
}

test('a duty cycle pauses first, takes turns, and leaves the process running, once', () => {
  vi.useFakeTimers();
  const calls: string[] = [];
  const fake = { pause: () => void calls.push('pause'), resume: () => void calls.push('resume') };
  const end = startDutyCycle(fake, { runMs: 30, pausedMs: 10 });
  vi.advanceTimersByTime(39);
  expect(calls).toEqual(['pause', 'resume']);
  vi.advanceTimersByTime(1);
  expect(calls).toEqual(['pause', 'resume', 'pause']);
  end();
  end();
  vi.advanceTimersByTime(100);
  expect(calls).toEqual(['pause', 'resume', 'pause', 'resume']);
  vi.useRealTimers();
});

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

  test('a slow node stands still and runs in turns, and is never left stopped', { timeout: 300_000 }, async (context) => {
    const server = await startCassandra({ nodes: 3 });
    if (isSkipped(server)) return context.skip(server.skipped);
    const node = server.nodes[1];
    if (node === undefined) throw new Error('no second node');
    try {
      const isStopped = (): boolean => stateOf(node.pid) === 'T';
      const end = node.slow({ runMs: 50, pausedMs: 50 });
      await vi.waitUntil(isStopped, { timeout: 5000, interval: 5 });
      await vi.waitUntil(() => !isStopped(), { timeout: 5000, interval: 5 });
      await vi.waitUntil(isStopped, { timeout: 5000, interval: 5 });
      end();
      await vi.waitUntil(() => !isStopped(), { timeout: 5000, interval: 5 });
      await server.settled();

      node.slow({ runMs: 10, pausedMs: 1_000_000 });
      await node.restart();
      expect(isStopped()).toBe(false);
      node.pause();
      end();
      await vi.waitUntil(isStopped, { timeout: 5000, interval: 5 });
      node.slow({ runMs: 10, pausedMs: 1_000_000 });
    } finally {
      await server.stop();
    }
    expect(server.nodes.map(({ pid }) => existsSync(`/proc/${pid}`))).toEqual([false, false, false]);
  });

  test.skipIf(withoutJvm).each([
    ['SIGTERM', 'running'],
    ['SIGINT', 'running'],
    ['SIGKILL', 'running'],
    ['SIGTERM', 'stopped'],
    ['SIGKILL', 'stopped'],
  ] as const)('a launcher ended by %s leaves no server behind that is %s', { timeout: 300_000 }, async (signal, state) => {
    const directory = mkdtempSync(join(tmpdir(), 'onlyif-launcher-'));
    const launcher = spawn(process.execPath, ['--import', 'tsx', main, 'dynamodb'], {
      env: { ...process.env, ONLYIF_DYNAMODB_ENDPOINT: '', ONLYIF_DOCKER: 'off', TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const endpoint = await exported(launcher, 'ONLYIF_DYNAMODB_ENDPOINT');
      expect(await isOpenAt(endpoint)).toBe(true);
      const pids = pidsBelow(directory);
      expect(pids).toHaveLength(1);
      if (state === 'stopped') for (const pid of pids) process.kill(pid, 'SIGSTOP');
      launcher.kill(signal);
      await once(launcher, 'exit');
      await vi.waitUntil(async () => !(await isOpenAt(endpoint)), { timeout: 5000 });
      await vi.waitUntil(() => pids.every((pid) => !existsSync(`/proc/${pid}`)), { timeout: 5000 });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
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

/** The server processes of a launcher whose temporary directory this is. */
function pidsBelow(directory: string): number[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith('onlyif-'))
    .flatMap((name) => readdirSync(join(directory, name, 'pids')).map(Number));
}
