import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../demo/run-cli.ts';
import { connection, skipped } from '../faults/proxied-cassandra.ts';

const script = fileURLToPath(new URL('close-by-itself.ts', import.meta.url));

describe.skipIf(skipped !== undefined || process.platform !== 'linux')('a stand-in for Keyspaces', () => {
  test('leaves no handle: a process ends by itself once it is closed', async () => {
    const [target = ''] = connection().contactPoints;
    const node = ['--conditions=@onlyif/source', '--import', 'tsx', '--unhandled-rejections=strict'];
    const { stdout, stderr, exitCode } = await run(process.execPath, [...node, script, target]);
    expect([stderr, stdout.trim().split('\n'), exitCode]).toEqual(['', ['asked: 1', 'held: OperationTimedOutError', 'closed: false'], 0]);
  });
});
