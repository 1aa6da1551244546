import { cassandraDialect, scylla } from '@onlyif/cassandra';
import type { Compiled, Dialect } from '@onlyif/core';
import { describeAdapter, startCqlProxy } from '@onlyif/testkit';
import cassandraDriver from 'cassandra-driver';
import { describe, expect, inject, test } from 'vitest';
import { scyllaShapes } from '../backends/scylla-shapes.ts';
import { uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';
import { sampleTitle, variantSample } from './sampling.ts';

const address = inject('cassandra');

/**
 * It is Cassandra that judges here, and Cassandra orders map entries by the wrong type (R14): what its dialect does not trust
 * is refused on ScyllaDB's shapes too.
 */
function judgedBy<C extends Compiled>(judge: Dialect, dialect: Dialect<C>): Dialect<C> {
  return {
    ...dialect,
    compile(statement, options) {
      judge.compile(statement, options);
      return dialect.compile(statement, options);
    },
  };
}

describeAdapter(`Scylla shapes (proxy, not Scylla) (${sampleTitle})`, {
  skipped: isSkipped(address) ? address.skipped : undefined,
  sample: variantSample,
  open: async () => {
    if (isSkipped(address)) throw new Error(address.skipped);
    const [target = ''] = address.contactPoints;
    const proxy = await startCqlProxy({ target, intercept: scyllaShapes() });
    const keyspace = uniqueName();
    const made = scylla({ contactPoints: [proxy.address], localDataCenter: address.localDataCenter, keyspace });
    const adapter = Object.assign(made, { dialect: judgedBy(cassandraDialect({ keyspace }), made.dialect) });
    await adapter.createKeyspace();
    const close = async (): Promise<void> => {
      await adapter.dropKeyspace();
      await adapter.close();
      await proxy.close();
    };
    return { adapter, close };
  },
});

describe.skipIf(isSkipped(address))('the shapes themselves (docs/kb/lwt-differences.rst of ScyllaDB)', () => {
  /** `[applied]` and the columns, in their order; the row is there with `a` 1 and `b` null, or is not. */
  const cases: readonly (readonly [cql: string, there: boolean, answer: Readonly<Record<string, unknown>>])[] = [
    ['UPDATE "t" SET "a" = ? WHERE "id" = ? IF "b" = null AND "a" = 1', true, { '[applied]': true, a: 1, b: null }],
    ['UPDATE "t" SET "a" = ? WHERE "id" = ? IF "b" = null AND "a" = 9', true, { '[applied]': false, a: 1, b: null }],
    ['UPDATE "t" SET "a" = ? WHERE "id" = ? IF "b" = 5 AND "a" = 1', false, { '[applied]': false, a: null, b: null }],
    ['UPDATE "t" SET "a" = ? WHERE "id" = ? IF "b" = null', false, { '[applied]': true, b: null }],
    ['UPDATE "t" SET "a" = ? WHERE "id" = ? IF EXISTS', true, { '[applied]': true, id: 'x', a: 1, b: null }],
    ['UPDATE "t" SET "a" = ? WHERE "id" = ? IF EXISTS', false, { '[applied]': false, id: null, a: null, b: null }],
    ['INSERT INTO "t" ("a", "id") VALUES (?, ?) IF NOT EXISTS', false, { '[applied]': true, id: null, a: null, b: null }],
    ['INSERT INTO "t" ("a", "id") VALUES (?, ?) IF NOT EXISTS', true, { '[applied]': false, id: 'x', a: 1, b: null }],
  ];
  test.each(cases)('%s (%s)', async (cql, there, answer) => {
    if (isSkipped(address)) return;
    const [target = ''] = address.contactPoints;
    const { localDataCenter } = address;
    const proxy = await startCqlProxy({ target, intercept: scyllaShapes() });
    const client = new cassandraDriver.Client({ contactPoints: [proxy.address], localDataCenter });
    const table = `${uniqueName()}.t`;
    const [keyspace = ''] = table.split('.');
    try {
      await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`);
      await client.execute(`CREATE TABLE ${table} (id text PRIMARY KEY, a int, b int)`);
      if (there) await client.execute(`INSERT INTO ${table} (id, a) VALUES ('x', 1)`);
      const { rows, columns } = await client.execute(cql.replace('"t"', `"${keyspace}"."t"`), [3, 'x'], { prepare: true });
      expect([{ ...rows[0] }, columns.map(({ name }) => name)]).toEqual([answer, Object.keys(answer)]);
    } finally {
      await client.execute(`DROP KEYSPACE ${keyspace}`);
      await client.shutdown();
      await proxy.close();
    }
  });
});
