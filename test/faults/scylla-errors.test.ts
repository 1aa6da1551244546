import { randomUUID } from 'node:crypto';
import { scylla } from '@onlyif/cassandra';
import { createClient, isLWTError, type LWTError } from '@onlyif/core';
import { type ConsistencyName, cqlConsistency, cqlNotation, type CqlProxy, type CqlReply, errorReply } from '@onlyif/testkit';
import { describe, expect, test } from 'vitest';
import { connection, skipped, startProxy } from './proxied-cassandra.ts';
import { verbs } from './rows.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';

const { update } = verbs;
const level = (name: ConsistencyName): Buffer => cqlNotation.short(cqlConsistency[name]);

/** Errors in ScyllaDB's words (exceptions/exceptions.cc), with the fields that it writes (transport/server.cc). */
const scyllaErrors = {
  unavailable: (consistency: ConsistencyName): CqlReply =>
    errorReply(
      0x1000,
      `Cannot achieve consistency level for cl ${consistency}. Requires 2, alive 1`,
      level(consistency),
      cqlNotation.int(2),
      cqlNotation.int(1),
    ),
  writeTimeout: (writeType: string, consistency: ConsistencyName): CqlReply =>
    errorReply(
      0x1100,
      `Operation timed out for app.rows - received only 1 responses from 2 CL=${consistency}.`,
      level(consistency),
      cqlNotation.int(1),
      cqlNotation.int(2),
      cqlNotation.string(writeType),
    ),
  overloaded: (): CqlReply => errorReply(0x1001, 'Too many in flight hints: 10240'),
  /** As `make_rate_limit_error` has it for a client without SCYLLA_RATE_LIMIT_ERROR, such as cassandra-driver. */
  rateLimit: (by: 'coordinator' | 'replicas'): CqlReply =>
    errorReply(0x2300, `Per-partition rate limit reached for write in table app.rows, rejected by ${by}`),
};

interface ScyllaCase {
  readonly reply: CqlReply;
  readonly code: 'unavailable' | 'outcome-unknown';
  /** Whether the server itself gave the write up (R35). */
  readonly answered: boolean;
  /** Whether the server behind did the write before: both, where the error says nothing of it. */
  readonly done: readonly boolean[];
}

const neverStarted = { code: 'unavailable', answered: false, done: [false] } as const;
const open = { code: 'outcome-unknown', done: [true, false] } as const;

const cases: { readonly [name: string]: ScyllaCase } = {
  // service/storage_proxy.cc makes a write timeout of what is unavailable once the round has begun.
  'unavailable at SERIAL': { reply: scyllaErrors.unavailable('SERIAL'), ...neverStarted },
  'unavailable at LOCAL_SERIAL': { reply: scyllaErrors.unavailable('LOCAL_SERIAL'), ...neverStarted },
  'unavailable at QUORUM, the commit level': { reply: scyllaErrors.unavailable('QUORUM'), ...neverStarted },
  'unavailable at LOCAL_QUORUM': { reply: scyllaErrors.unavailable('LOCAL_QUORUM'), ...neverStarted },
  'write timeout CAS': { reply: scyllaErrors.writeTimeout('CAS', 'SERIAL'), ...open, answered: true },
  'write timeout SIMPLE, of the commit': { reply: scyllaErrors.writeTimeout('SIMPLE', 'QUORUM'), ...open, answered: true },
  overloaded: { reply: scyllaErrors.overloaded(), ...open, answered: false },
  // docs/dev/protocol-extensions.md, "Rate limit error": replicas may reject a write that the others take.
  'rate limit, by replicas': { reply: scyllaErrors.rateLimit('replicas'), ...open, answered: false },
  'rate limit, by the coordinator': { reply: scyllaErrors.rateLimit('coordinator'), ...open, answered: false, done: [false] },
};

describe.skipIf(skipped !== undefined)(
  "scylla() on the real Cassandra behind a proxy, not Scylla: errors constructed after ScyllaDB's source",
  () => {
    const on = rowsKeyspace();
    /** What an update comes to whose EXECUTE meets the error. */
    const errorOf = async (proxy: CqlProxy, id: string, reply: CqlReply, forward: boolean): Promise<LWTError> => {
      const db = createClient(scylla({ ...connection(proxy), keyspace: on.keyspace }), { verify: 'off', retry: 'off' });
      try {
        // Connects and prepares.
        await update.run(db, randomUUID());
        proxy.addRule({ match: write, times: 1, do: { kind: 'reply', reply, forward } });
        const error: unknown = await update.run(db, id).catch((thrown: unknown) => thrown);
        if (isLWTError(error)) return error;
        throw new Error(`no LWTError, but ${JSON.stringify(error)}`);
      } finally {
        await db.close();
      }
    };

    describe.each(Object.entries(cases))('%s', (_, { reply, code, answered, done }) => {
      test.each(done)('done before: %s', async (forward) => {
        const id = await on.given(update);
        const proxy = await startProxy();
        const error = await errorOf(proxy, id, reply, forward);
        const outcome = code === 'unavailable' ? 'not-applied' : 'unknown';
        expect([error.code, error.outcome, error.answered, error.retryable]).toEqual([code, outcome, answered, code === 'unavailable']);
        expect([await on.stored(id), proxy.requests(write).length]).toEqual([forward ? update.after : update.before, 2]);
        await proxy.close();
      });
    });
  },
);
