import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../demo/run-cli.ts';
import { connection, skipped } from './proxied-cassandra.ts';
import { rowsKeyspace } from './rows-keyspace.ts';

const script = fileURLToPath(new URL('end-by-itself.ts', import.meta.url));

describe.skipIf(skipped !== undefined)('after faults, on the real Cassandra and on fakes', () => {
  const on = rowsKeyspace();

  test('a process ends by itself once client and proxy are closed, without an unhandled rejection', async () => {
    const { contactPoints, localDataCenter } = connection();
    const [target = ''] = contactPoints;
    const node = ['--conditions=@onlyif/source', '--import', 'tsx', '--unhandled-rejections=strict'];
    const { stdout, stderr, exitCode } = await run(process.execPath, [...node, script, target, localDataCenter, on.keyspace]);
    expect([stderr, stdout.trim().split('\n'), exitCode]).toEqual([
      '',
      [
        'reply dropped: outcome-unknown: unknown',
        'request held for ever: outcome-unknown: unknown',
        'request held for an hour: outcome-unknown: unknown',
        'connection lost: outcome-unknown: unknown',
        'reply cut short: outcome-unknown: unknown',
        'a server that says nothing: unavailable: not-applied',
        'a server that hangs up: unavailable: not-applied',
        'a server of something else: unavailable: not-applied',
      ],
      0,
    ]);
  });
});
