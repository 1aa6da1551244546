import { cassandra, cassandraDialect, type CassandraVersion, scylla, scyllaDialect } from '@onlyif/cassandra';
import { createClient, defineTable, isLWTError, text } from '@onlyif/core';
import { describe, expect, test } from 'vitest';

const t = defineTable('t', { columns: { id: text(), v: text() }, partitionKey: ['id'] });

/** A stub of a server of some release that has the table as it is defined. */
function serverOf(release: string) {
  const answers: readonly (readonly [RegExp, readonly object[]])[] = [
    [/release_version/, [{ release_version: release }]],
    [
      /system_schema\.columns/,
      [
        { column_name: 'id', type: 'text', kind: 'partition_key', position: 0 },
        { column_name: 'v', type: 'text', kind: 'regular', position: -1 },
      ],
    ],
  ];
  return {
    execute: async (cql: string) => ({ rows: (answers.find(([asked]) => asked.test(cql))?.[1] ?? []) as Record<string, unknown>[] }),
    shutdown: async () => undefined,
  };
}

async function codeOf(verification: Promise<unknown>): Promise<string> {
  const error: unknown = await verification.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return 'verified';
  if (!isLWTError(error)) throw error;
  return error.code;
}

describe('verification refuses a server that is older than the version of the adapter', () => {
  const releases: readonly (readonly [release: string, version: CassandraVersion, code: string])[] = [
    ['5.0.8', '5.0', 'verified'],
    ['5.0', '5.0', 'verified'],
    ['5.0-beta1', '5.0', 'verified'],
    ['5.1.0-SNAPSHOT', '5.0', 'verified'],
    ['10.0.0', '5.0', 'verified'],
    ['4.1.11', '5.0', 'unsupported'],
    ['4.1.11', '4.1', 'verified'],
    ['4.0.20', '4.1', 'unsupported'],
    ['3.11.19', '4.0', 'unsupported'],
    // Serial reads are linearizable from 3.11.10 on: CASSANDRA-12126.
    ['3.11.9', '3.11', 'unsupported'],
    ['3.11.10', '3.11', 'verified'],
    ['3.0.24', '3.11', 'unsupported'],
  ];
  test.each(releases)('a server %s, version %s: %s', async (release, version, code) => {
    expect(await codeOf(createClient(cassandra({ client: serverOf(release), keyspace: 'app', version })).verifyTable(t))).toBe(code);
  });
  test('ScyllaDB, which calls itself Cassandra 3.0.8, is not compared', async () => {
    expect(await codeOf(createClient(scylla({ client: serverOf('3.0.8'), keyspace: 'app' })).verifyTable(t))).toBe('verified');
  });
});

test('R35 a strong read is taken to close what was given up only where every release of the version does so', () => {
  const closes = (['3.11', '4.0', '4.1', '5.0'] as const).map((version) => cassandraDialect({ version }).capabilities.readCloses);
  expect(closes).toEqual([false, true, true, true]);
  expect(scyllaDialect().capabilities.readCloses).toBe(true);
});
