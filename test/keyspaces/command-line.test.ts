import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CqlReply, type CqlRule, decodeRows, encodeRows, type KeyspacesStandInOptions } from '@onlyif/testkit';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { changeSchema, keyspaces } from '../demo/places.ts';
import { type Ended, run, runCli } from '../demo/run-cli.ts';
import { portableTranscript } from '../demo/transcript.ts';
import { skipped } from '../faults/proxied-cassandra.ts';
import { accessKeyOf } from './backend.ts';
import { startStandIn } from './stand-in.ts';

beforeAll(async () => {
  const { exitCode, stderr } = await run(process.execPath, ['scripts/bundle.mjs']);
  expect([exitCode, stderr]).toEqual([0, '']);
});

describe.skipIf(skipped !== undefined)('the command line, at a stand-in for Keyspaces', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** Runs a command with the access key of a stand-in in its environment. */
  async function runAt(options: Partial<KeyspacesStandInOptions>, keyspace: string, ...command: readonly string[]): Promise<Ended> {
    const standIn = await startStandIn(options);
    const place = await mkdtemp(join(tmpdir(), 'onlyif-ca-'));
    closing.push(
      () => standIn.close(),
      () => rm(place, { recursive: true }),
    );
    const ca = join(place, 'ca.pem');
    await writeFile(ca, standIn.ca ?? '');
    const { accessKeyId, secretAccessKey } = accessKeyOf(standIn);
    const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: standIn.region };
    const way = ['--endpoint', standIn.address, '--ca', ca, '--servername', standIn.serverName ?? '', '--keyspace', keyspace];
    return runCli([...command, ...way], { environment });
  }

  test('demo: as in memory, and its keyspace is gone afterwards', async () => {
    const keyspace = uniqueName();
    const { exitCode, stdout, stderr } = await runAt({ peers: 1 }, keyspace, 'demo', '--backend', 'keyspaces');
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(`^Running on Amazon Keyspaces at 127.0.0.1:.*, keyspace ${keyspace}.\n$`),
    ]);
    expect(portableTranscript(stdout)).toBe(portableTranscript((await runCli(['demo'])).stdout));
    expect(await keyspaces()).not.toContain(keyspace);
  });

  const probe = (options: Partial<KeyspacesStandInOptions>, keyspace = uniqueName()): Promise<Ended> =>
    runAt(options, keyspace, 'probe-keyspaces');
  const verdicts = (stdout: string): readonly string[] => stdout.split('\n').filter((line) => line.startsWith('undocumented.'));
  const counted = (stdout: string, start: string): number => stdout.split('\n').filter((line) => line.startsWith(start)).length;

  test('probe-keyspaces: a service that means what Cassandra means holds in all', async () => {
    const keyspace = uniqueName();
    const { exitCode, stdout, stderr } = await probe({ allow: { notNull: true, elements: true } }, keyspace);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Running on')]);
    expect(verdicts(stdout)).toEqual([
      'undocumented.notNull: held in all that was asked, in this Region, today.',
      'undocumented.elements: held in all that was asked, in this Region, today.',
    ]);
    expect([counted(stdout, 'holds'), counted(stdout, 'DIFFERS')]).toEqual([49, 0]);
    expect(await keyspaces()).not.toContain(keyspace);
  });

  test('probe-keyspaces: what the service does not take is told in its words, setting by setting', async () => {
    const { exitCode, stdout, stderr } = await probe({ allow: { elements: true } });
    expect(exitCode, stderr).toBe(0);
    expect(verdicts(stdout)).toEqual([
      'undocumented.notNull: leave it off.',
      'undocumented.elements: held in all that was asked, in this Region, today.',
    ]);
    expect(stdout).toMatch(/^REFUSED {2}n is not null, n = 1: refused \(.+\), mark is 'before'; expected: applied, mark is 'after'$/m);
  });

  test('probe-keyspaces: a service that means something else differs', async () => {
    // A fake of one: whatever `m[k] = v` did, it says that it did not.
    const denying = (reply: CqlReply): CqlReply => {
      const told = decodeRows(reply);
      return told === undefined ? reply : encodeRows({ columns: told.columns.slice(0, 1), rows: [[Buffer.of(0)]] });
    };
    const rule: CqlRule = { match: { opcode: 'EXECUTE', cql: / IF "m"\[\?\] = \?/ }, do: { kind: 'edit-reply', edit: denying } };
    const { stdout } = await probe({ allow: { notNull: true, elements: true }, rules: [rule] });
    expect(verdicts(stdout)[1]).toBe('undocumented.elements: leave it off.');
    const differing = stdout.split('\n').filter((line) => line.startsWith('DIFFERS'));
    expect(differing).toEqual([
      `DIFFERS  m["k"] = 1, m = {'k': 1}, l = [1]: not applied, mark is 'after'; expected: applied, mark is 'after'`,
    ]);
  });

  test('without credentials that are let in: exit code 1, and the reason', async () => {
    const { exitCode, stdout, stderr } = await runAt({ now: () => Date.now() + 3_600_000 }, uniqueName(), 'probe-keyspaces');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('code     access-denied');
  });

  test('a keyspace that was there stays', async () => {
    const keyspace = uniqueName();
    await changeSchema(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`);
    closing.push(() => changeSchema(`DROP KEYSPACE ${keyspace}`));
    const { exitCode } = await probe({ allow: { notNull: true, elements: true } }, keyspace);
    expect(exitCode).toBe(0);
    expect(await keyspaces()).toContain(keyspace);
  });
});
