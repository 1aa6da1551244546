import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Ended, run } from '../demo/run-cli.ts';
import { connection, skipped } from '../faults/proxied-cassandra.ts';
import { rowsKeyspace } from '../faults/rows-keyspace.ts';
import { openPlaces } from './exit-places.ts';

function runScript(name: string, ...args: readonly string[]): Promise<Ended> {
  const node = ['--conditions=@onlyif/source', '--import', 'tsx', '--unhandled-rejections=strict'];
  return run(process.execPath, [...node, fileURLToPath(new URL(name, import.meta.url)), ...args]);
}

describe.skipIf(skipped !== undefined || process.platform !== 'linux')('a stand-in for Keyspaces', () => {
  test('leaves no handle: a process ends by itself once it is closed', async () => {
    const [target = ''] = connection().contactPoints;
    const { stdout, stderr, exitCode } = await runScript('close-by-itself.ts', target);
    expect([stderr, stdout.trim().split('\n'), exitCode]).toEqual(['', ['asked: 1', 'held: OperationTimedOutError', 'closed: false'], 0]);
  });
});

describe.skipIf(skipped !== undefined || process.platform !== 'linux')('the adapter of Keyspaces, after faults', () => {
  const on = rowsKeyspace();
  test('a process ends by itself once its clients are closed, without an unhandled rejection', async () => {
    const places = await openPlaces();
    try {
      const list = JSON.stringify(places.map(({ place }) => place));
      const { stdout, stderr, exitCode } = await runScript('adapter-end-by-itself.ts', on.keyspace, list);
      const lines = places.map(({ place, told }) => `${place.name}: ${told}`);
      expect([stderr, stdout.trim().split('\n'), exitCode], stdout).toEqual(['', lines, 0]);
      expect(places.filter(({ isMet }) => !isMet()).map(({ place }) => place.name)).toEqual([]);
    } finally {
      for (const { close } of places) await close();
    }
  });
});
