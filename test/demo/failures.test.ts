import { type Client, defineTable, insert, int, isLWTError, notExists, text } from '@onlyif/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeFailure } from '../../packages/cli/src/describe-failure.ts';
import { describeResult } from '../../packages/cli/src/describe-result.ts';
import { openBackend } from '../../packages/cli/src/open-backend.ts';
import { parseBackend } from '../../packages/cli/src/parse-backend.ts';
import { runCommand } from '../../packages/cli/src/run-command.ts';
import { runDemo } from '../../packages/cli/src/run-demo.ts';
import type { Scene, Stage } from '../../packages/cli/src/scene.ts';
import type { Terminal } from '../../packages/cli/src/terminal.ts';
import { uniqueName } from '../backends/backends.ts';
import { cassandraPlace, changeSchema, dynamoDbPlace, keyspaces, memoryPlace, type Place, remaining } from './places.ts';
import { requestedTables } from './transcript.ts';

const counters = defineTable('counters', { columns: { id: text(), n: int().notNull() }, partitionKey: ['id'] });

function scene(play: (stage: Stage) => Promise<void>): Scene {
  return { title: 'One', about: 'One scene.', tables: [counters], play };
}

/** Writes a row, then one that no int column can hold. */
const failing = scene(async ({ db, show }) => {
  await show.write('A row.', insert(counters, { id: 'a', n: 1 }, { if: notExists() }));
  await db.insert(counters, { id: 'b', n: 2 ** 31 }, { if: notExists() });
});

function record(): Terminal & { readonly printed: string[]; readonly notes: string[] } {
  const printed: string[] = [];
  const notes: string[] = [];
  const out = (line: string): void => void printed.push(line);
  const err = (line: string): void => void notes.push(line);
  return { out, err, printed, notes, environment: {}, signal: new AbortController().signal };
}

function open({ options }: Place, keyspace?: string): ReturnType<typeof openBackend> {
  return openBackend(parseBackend({ ...options, ...(keyspace === undefined ? {} : { keyspace }) }), {});
}

describe.for([memoryPlace, cassandraPlace, dynamoDbPlace])('a scene that fails on $name', (place) => {
  test.skipIf(place.skipped !== undefined)('is told with code, outcome and message, and its tables are gone', async () => {
    const terminal = record();
    const keyspace = place === cassandraPlace ? uniqueName() : undefined;
    const error: unknown = await runDemo(open(place, keyspace), terminal, [failing]).catch((thrown: unknown) => thrown);
    expect(isLWTError(error)).toBe(true);
    expect(describeFailure(error).slice(0, 3)).toEqual(['The command failed:', '  code     invalid-value', '  outcome  not-applied']);
    expect(describeFailure(error)[3]).toMatch(/^ {2}message {2}counters\.n/);
    const tables = requestedTables(terminal.printed.join('\n'));
    expect(tables).toHaveProperty('size', 1);
    expect(await remaining(place, tables)).toEqual([]);
    if (keyspace !== undefined) expect(await keyspaces()).not.toContain(keyspace);
  });
});

test.skipIf(cassandraPlace.skipped !== undefined)('a keyspace stays while others have tables in it', async () => {
  const keyspace = uniqueName();
  onTestFinished(() => changeSchema(`DROP KEYSPACE ${keyspace}`));
  const others = defineTable('others', { columns: { id: text() }, partitionKey: ['id'] });
  const terminal = record();
  await runDemo(open(cassandraPlace, keyspace), terminal, [scene(async ({ db }: { db: Client }) => db.createTable(others))]);
  expect(terminal.notes).toContain(`Keyspace ${keyspace} stays: there are other tables in it.`);
  expect(await keyspaces()).toContain(keyspace);
});

test.for([
  [['--backend', 'cassandra', '--contact-points', '127.0.0.1:9', '--local-data-center', 'datacenter1']],
  [['--backend', 'dynamodb', '--endpoint', 'http://127.0.0.1:9']],
] as const)('a server that is not there: exit code 1, %j', async ([args]) => {
  const terminal = record();
  expect(await runCommand(['demo', ...args], terminal)).toBe(1);
  expect(terminal.printed).toEqual([]);
  expect(terminal.notes.join('\n')).toMatch(/ {2}code {5}unavailable\n {2}outcome {2}not-applied\n {2}message {2}.*ECONNREFUSED/);
});

test('a row is printed in the order of its columns', () => {
  const result = { applied: false, source: 'read', existing: { n: 1, id: 'a' } } as const;
  expect(describeResult(counters, result)).toBe("{ applied: false, existing: { id: 'a', n: 1 }, source: 'read' }");
});

const cassandraArgs = ['--backend', 'cassandra', '--contact-points', 'a', '--local-data-center', 'b'];

test.for<[string[], string]>([
  [[], 'A command is missing'],
  [['play'], 'Unknown command play.'],
  [['toString'], 'Unknown command toString.'],
  [['--fast'], 'Unknown option --fast.'],
  [['demo', '--fast'], "Unknown option '--fast'."],
  [['demo', 'fast'], "Unexpected argument 'fast'."],
  [['demo', '--backend'], "Option '--backend <value>' argument missing."],
  [['demo', '--backend', 'mysql'], 'Unknown backend mysql; there are memory, cassandra, keyspaces, dynamodb.'],
  [['demo', '--backend', 'toString'], 'Unknown backend toString'],
  [['demo', '--keyspace', 'k'], '--keyspace is not an option of --backend memory.'],
  [['demo', '--backend', 'cassandra'], 'needs --contact-points'],
  [['demo', ...cassandraArgs.slice(0, 4)], 'needs --local-data-center'],
  [['demo', ...cassandraArgs.with(3, 'a,')], '--contact-points is host:port'],
  [['demo', ...cassandraArgs.with(3, 'a:x')], '--contact-points is host:port'],
  [['demo', ...cassandraArgs.with(5, '')], '--local-data-center is empty.'],
  [['demo', ...cassandraArgs, '--keyspace', 'a b'], 'keyspace is 1 to 48 letters'],
  [['demo', '--backend', 'keyspaces', '--region', 'nowhere'], '"nowhere" is no AWS Region.'],
  [['demo', '--backend', 'keyspaces', '--region', 'eu-west-1', '--endpoint', 'a:b'], 'endpoint is a host, or host:port'],
  [['probe-keyspaces', '--region', 'eu-west-1', '--ca', 'no/such/file.pem'], '--ca cannot be read: ENOENT'],
  [['probe-keyspaces', '--backend', 'keyspaces'], "Unknown option '--backend'."],
  [['probe-keyspaces', '--keyspace', ''], '--keyspace is empty.'],
  [['demo', '--backend', 'dynamodb'], 'needs --endpoint'],
  [['demo', '--backend', 'dynamodb', '--endpoint', 'localhost:8000'], '--endpoint is a URL'],
])('not understood: exit code 2, %j', async ([args, message]) => {
  const terminal = record();
  expect(await runCommand(args, terminal)).toBe(2);
  expect(terminal.printed).toEqual([]);
  expect(terminal.notes.join('\n')).toContain(message);
});

test.for([
  [['--help'], 'Usage: onlyif <command>'] as const,
  [['demo', '--help'], 'Usage: onlyif demo'] as const,
  [['probe-keyspaces', '--help'], 'Usage: onlyif probe-keyspaces'] as const,
])('help goes to stdout: %j', async ([args, usage]) => {
  const terminal = record();
  expect(await runCommand(args, terminal)).toBe(0);
  expect(terminal.printed.join('\n')).toContain(usage);
  expect(terminal.notes).toEqual([]);
});
