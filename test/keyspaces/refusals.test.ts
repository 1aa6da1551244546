import { cassandraDialect } from '@onlyif/cassandra';
import { type AnyTable, createClient, get, isLWTError, type Statement } from '@onlyif/core';
import { type CqlCompiled, keyspacesDialect, type Undocumented } from '@onlyif/keyspaces';
import type { KeyspacesStandIn } from '@onlyif/testkit';
import type { Client } from 'cassandra-driver';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipped } from '../faults/proxied-cassandra.ts';
import { sequenceKeys, sequencesOn } from '../model/steps.ts';
import { tablePool } from '../model/tables.ts';
import { openKeyspaces, type OpenKeyspaces } from './backend.ts';
import { keyspacesClient } from './sigv4-client.ts';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);
const sequencesOfTable = 25;
const settings: readonly Undocumented[] = [{}, { notNull: true }, { elements: true }, { notNull: true, elements: true }];

/** What a server that takes all of Cassandra's CQL is sent for a statement, where one request says it. */
function asCassandraSaysIt(statement: Statement, keyspace: string): CqlCompiled | undefined {
  try {
    return cassandraDialect({ keyspace }).compile(statement);
  } catch (error) {
    if (isLWTError(error)) return undefined;
    throw error;
  }
}

/** Why the dialect of Keyspaces refuses a statement; undefined where it takes it. */
function refusalOf(statement: Statement, undocumented: Undocumented): string | undefined {
  try {
    keyspacesDialect({ undocumented }).compile(statement);
    return undefined;
  } catch (error) {
    if (isLWTError(error)) return error.message;
    throw error;
  }
}

describe.skipIf(skipped !== undefined)('what the dialect of Keyspaces refuses the stand-in refuses too, and nothing else', () => {
  describe.each(settings)('undocumented: %j', (undocumented) => {
    let open: OpenKeyspaces;
    let standIn: KeyspacesStandIn;
    let raw: Client;
    const tables: AnyTable[] = [];
    beforeAll(async () => {
      open = await openKeyspaces({ allow: undocumented }, { undocumented });
      ({ standIn } = open);
      const db = createClient(open.adapter);
      for (const table of tablePool(seed)) if (isHeld(table)) tables.push((await db.createTable(table), table));
      raw = keyspacesClient(standIn);
    });
    afterAll(async () => {
      await raw?.shutdown();
      await open?.close();
    });

    /** What the service makes of a request: `undefined` where it takes it, or the words of its refusal. */
    async function answerOf({ cql, bytes }: CqlCompiled): Promise<string | undefined> {
      try {
        await raw.execute(cql, bytes as Buffer[], { prepare: true });
        return undefined;
      } catch (error) {
        const { code, message } = error as { readonly code?: number; readonly message: string };
        if (code !== 0x2200) throw error;
        return message;
      }
    }

    test(`random statements of Cassandra's dialect, seed ${seed}`, { timeout: 300_000 }, async () => {
      const counts = { taken: 0, refused: 0 };
      const differences: string[] = [];
      for (const table of tables) {
        const keys = sequenceKeys(table, 'refusals');
        for (const { steps } of fc.sample(sequencesOn(table), { seed, numRuns: sequencesOfTable })) {
          for (const { write, key } of steps) {
            const statement = write(keys[key] ?? {});
            const compiled = asCassandraSaysIt(statement, open.keyspace);
            const refusal = refusalOf(statement, undocumented);
            if (compiled === undefined) continue;
            const answer = await answerOf(compiled);
            counts[answer === undefined ? 'taken' : 'refused']++;
            if ((answer === undefined) !== (refusal === undefined))
              differences.push(`${compiled.cql}\n  dialect: ${refusal ?? 'native'}\n  stand-in: ${answer ?? 'taken'}`);
          }
        }
      }
      expect(differences.slice(0, 5)).toEqual([]);
      expect(counts.taken).toBeGreaterThan(100);
      expect(counts.refused).toBeGreaterThan(10);
    });
  });
});

/** A table that the adapter cannot hold is the conformance suite's to test. */
function isHeld(table: AnyTable): boolean {
  const [key] = sequenceKeys(table, 'any');
  return refusalOf(get(table, key as never), {}) === undefined;
}
