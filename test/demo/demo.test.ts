import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { uniqueName } from '../backends/backends.ts';
import { argumentsOf, cassandraPlace, changeSchema, dynamoDbPlace, keyspaces, memoryPlace, remaining } from './places.ts';
import { run, runCli } from './run-cli.ts';
import { appliedByScene, portableTranscript, requestedTables } from './transcript.ts';

beforeAll(async () => {
  const { exitCode, stderr } = await run(process.execPath, ['scripts/bundle.mjs']);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
});

const inMemory = async (): Promise<string> => portableTranscript((await runCli(['demo'])).stdout);

test('the transcript is the one that was approved', async () => {
  await expect(await inMemory()).toMatchFileSnapshot('./transcript.txt');
});

describe.for([memoryPlace, cassandraPlace, dynamoDbPlace])('demo on $name', (place) => {
  test.skipIf(place.skipped !== undefined)('tells the same as in memory, ends by itself and leaves no table', async () => {
    const { exitCode, stdout, stderr } = await runCli(['demo', ...argumentsOf(place)]);
    expect(exitCode, stderr).toBe(0);
    expect(portableTranscript(stdout)).toBe(await inMemory());
    expect(requestedTables(stdout)).toHaveProperty('size', 6);
    expect(await remaining(place, requestedTables(stdout))).toEqual([]);
  });
});

test('every result is as its scene says', async () => {
  const { stdout } = await runCli(['demo']);
  expect(appliedByScene(stdout)).toEqual({
    'Deploy lock': [true, false, true, true, false],
    'Config entry with a version': [true, true, false],
    'Player profile': [true, false, true, false, true, true, false],
    'Unique e-mail address': [true, false],
    'Status workflow': [true, false, true, true, false],
    'Event logged once': [true, false],
  });
});

test('npm run demo builds and runs it, and passes arguments on', async () => {
  const whole = await run('npm', ['run', '--silent', 'demo']);
  const refused = await run('npm', ['run', '--silent', 'demo', '--', '--backend', 'mysql']);
  expect(whole.exitCode, whole.stderr).toBe(0);
  expect(portableTranscript(whole.stdout)).toBe(await inMemory());
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('Unknown backend mysql');
});

test('two runs on memory print the very same', async () => {
  const [one, other] = await Promise.all([runCli(['demo']), runCli(['demo', '--backend', 'memory'])]);
  expect(one).toEqual(other);
});

describe.skipIf(cassandraPlace.skipped !== undefined)('keyspace of the demo', () => {
  const runIn = (keyspace: string): ReturnType<typeof runCli> => runCli(['demo', ...argumentsOf(cassandraPlace), '--keyspace', keyspace]);

  test('is gone afterwards where the demo made it', async () => {
    const keyspace = uniqueName();
    const { exitCode, stdout } = await runIn(keyspace);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`"${keyspace}"."deploy_locks_`);
    expect(await keyspaces()).not.toContain(keyspace);
  });

  test('stays, without tables, where it was there before', async () => {
    const keyspace = uniqueName();
    await changeSchema(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`);
    onTestFinished(() => changeSchema(`DROP KEYSPACE ${keyspace}`));
    const { exitCode, stdout } = await runIn(keyspace);
    expect(exitCode).toBe(0);
    expect(await keyspaces()).toContain(keyspace);
    expect(await remaining(cassandraPlace, requestedTables(stdout))).toEqual([]);
  });

  test('is onlyif_demo by default', async () => {
    const before = (await keyspaces()).includes('onlyif_demo');
    const { stdout } = await runCli(['demo', ...argumentsOf(cassandraPlace)]);
    expect(stdout).toContain('"onlyif_demo"."deploy_locks_');
    expect((await keyspaces()).includes('onlyif_demo')).toBe(before);
  });

  test('is gone, tables and all, after an interruption', async () => {
    const keyspace = uniqueName();
    const { exitCode } = await runCli(['demo', ...argumentsOf(cassandraPlace), '--keyspace', keyspace], { interrupt: 'SIGINT' });
    expect(exitCode).toBe(130);
    expect(await keyspaces()).not.toContain(keyspace);
  });
});

test('a command line that is not understood ends with exit code 2, and the reason on stderr', async () => {
  expect(await runCli(['demo', '--fast'])).toEqual({ exitCode: 2, stdout: '', stderr: "Unknown option '--fast'. See onlyif --help.\n" });
});

test.skipIf(cassandraPlace.skipped !== undefined)('a data centre that is not there ends with exit code 1', async () => {
  const { exitCode, stderr } = await runCli(['demo', ...argumentsOf(cassandraPlace), '--local-data-center', 'nowhere']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("localDataCenter was configured as 'nowhere'");
});
