import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, notExists } from '@onlyif/core';
import cassandraDriver from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notWritten, unknown } from './cassandra-fault-cases.ts';
import { told, type Told } from './outcome.ts';
import { plainClient, skipped } from './proxied-cassandra.ts';
import { rows } from './rows.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';

const inFlight = 33_500;

/** What is used of the driver's errors. */
interface NativeError {
  readonly isSocketError?: boolean;
  readonly requestNotWritten?: boolean;
  readonly innerError?: unknown;
  readonly innerErrors?: { readonly [host: string]: NativeError };
}

/** An insert that was not answered. */
interface Lost {
  readonly id: string;
  readonly told: Told;
  readonly cause: NativeError;
  /** The length of its frame, as the driver's tracker has it: 0 where none was made. */
  readonly length: number;
}

/** How far an insert can have got, as the driver shows it, and what is told of it. */
const stages: { readonly [stage: string]: { readonly is: (lost: Lost) => boolean; readonly told: Told } } = {
  'without a stream id': { is: ({ cause, length }) => cause.isSocketError === true && length === 0, told: notWritten },
  'queued at the socket, and no other host': {
    is: ({ cause: { innerErrors = {} } }) => Object.values(innerErrors).some(({ requestNotWritten }) => requestNotWritten === true),
    told: notWritten,
  },
  written: { is: ({ cause, length }) => cause.isSocketError === true && length > 0, told: unknown },
};

describe.skipIf(skipped !== undefined)(`${inFlight} inserts in flight to the real Cassandra, for 32,768 stream ids`, () => {
  const on = rowsKeyspace();
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    // Traces would take most of the time.
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  test.each([
    ['RST', 'reset', true],
    ['FIN', 'end', false],
  ] as const)('then %s: what is told at each stage is true', async (_, how, hasInner) => {
    const lengths = new Map<string, number>();
    await on.withProxy(
      async (db, proxy) => {
        await insert(db, randomUUID());
        // What else has reached the proxy by then goes on to the server.
        proxy.addRule({ match: write, skip: 200, times: 1, do: { kind: 'disconnect', how, when: 'before' } });
        const lost = (await Promise.all(Array.from({ length: inFlight }, () => insertLost(db, lengths)))).flat();
        expect(new Set(lost.map((each) => `${stageOf(each)}: ${each.told}`))).toEqual(everyStage);
        const socketErrors = lost.map(({ cause }) => cause).filter(({ isSocketError }) => isSocketError);
        expect(new Set(socketErrors.map(({ innerError }) => innerError !== undefined))).toEqual(new Set([hasInner]));
        const stored = await storedIds(on.keyspace);
        expect(stored.size).toBeGreaterThan(1);
        expect(lost.filter(({ id, told: word }) => word !== unknown && stored.has(id))).toEqual([]);
      },
      { requestTracker: notingTracker(lengths), pooling: { maxRequestsPerConnection: 40_000 } },
    );
  });
});

const everyStage: ReadonlySet<string> = new Set(Object.entries(stages).map(([stage, { told: word }]) => `${stage}: ${word}`));

function stageOf(lost: Lost): string {
  return Object.keys(stages).find((stage) => stages[stage]?.is(lost)) ?? 'at no stage that is known';
}

function insert(db: Client, id: string): Promise<unknown> {
  return db.insert(rows, { id, v: 2 }, { if: notExists() }, { timeoutMs: 60_000 });
}

/** Nothing of one that was answered. */
async function insertLost(db: Client, lengths: ReadonlyMap<string, number>): Promise<readonly Lost[]> {
  const id = randomUUID();
  const call = insert(db, id);
  const word = await told(call);
  if (word === 'applied') return [];
  // What is told is an error's code, so an error is what is caught.
  const { cause } = (await call.catch((error: unknown) => error)) as { readonly cause: NativeError };
  return [{ id, told: word, cause, length: lengths.get(id) ?? Number.NaN }];
}

function notingTracker(lengths: Map<string, number>): cassandraDriver.tracker.RequestTracker {
  // A class, though its declaration says interface.
  const { RequestTracker } = cassandraDriver.tracker as unknown as { RequestTracker: new () => cassandraDriver.tracker.RequestTracker };
  const onError: cassandraDriver.tracker.RequestTracker['onError'] = (_host, _query, parameters, _options, length) => {
    if (Array.isArray(parameters)) lengths.set(String(parameters[0]), length);
  };
  return Object.assign(new RequestTracker(), { onError });
}

/** Once no more are stored. */
async function storedIds(keyspace: string): Promise<ReadonlySet<unknown>> {
  const client = plainClient();
  try {
    for (let before = -1; ; await sleep(500)) {
      const { rows } = await client.execute(`SELECT id FROM ${keyspace}.rows`, [], { fetchSize: inFlight });
      if (rows.length === before) return new Set(rows.map((row) => row['id']));
      before = rows.length;
    }
  } finally {
    await client.shutdown();
  }
}
