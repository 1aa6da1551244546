import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  type ClientEvent,
  createClient,
  defineTable,
  eq,
  exists,
  gt,
  int,
  isLWTError,
  type LWTError,
  ne,
  notExists,
  or,
  text,
} from '@onlyif/core';
import { wrapAdapter } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Cluster, openCluster, paxosVariants, withoutCluster } from './cluster.ts';
import { checkBumps, checkInserts, counters } from './concurrency.ts';
import { mytable, onlyif, retryingDriver, runSixSteps } from './six-steps.ts';

const rows = defineTable('rows', { columns: { id: text(), n: int(), mark: text().notNull() }, partitionKey: ['id'] });
const c = rows.columns;

/** What one node does to the others, and how it ends. */
const disturbances: Readonly<Record<string, (cluster: Cluster) => () => Promise<void>>> = {
  'paused for a while': ({ node, heal }) => {
    node(2).pause();
    // The driver goes on asking a node that stands still, and may ask no other for one key.
    const resumed = sleep(6_000).then(() => node(2).resume());
    return () => resumed.then(heal);
  },
  slow: ({ node }) => {
    const end = node(2).slow({ runMs: 30, pausedMs: 100 });
    return async () => end();
  },
  'killed and restarted': ({ node, heal }) => {
    const killed = node(2).kill();
    return () => killed.then(heal);
  },
};

describe.skipIf(withoutCluster !== undefined).each(paxosVariants)('three Cassandra nodes, Paxos %s', (variant) => {
  let cluster: Cluster;
  let db: Client;

  beforeAll(async () => {
    cluster = await openCluster(variant);
    db = createClient(cluster.adapter());
    await db.createTable(rows);
    await db.createTable(counters);
    await db.createTable(mytable);
    // Tables are verified and statements prepared: the driver gives a node that stands still 12 seconds for either.
    expect(await checkInserts(db)).toEqual([]);
    expect(await checkBumps(db)).toEqual([]);
  });
  afterAll(() => cluster?.close());

  test('R44 a plain write with a future timestamp hides later conditional writes that report applied', async () => {
    const { client } = db.adapter as ReturnType<Cluster['adapter']>;
    const future = String((Date.now() + 3_600_000) * 1000);
    const [key, other] = [{ id: 'hidden' }, { id: 'fine' }];
    for (const id of [key.id, other.id]) await db.insert(rows, { id, n: 0, mark: 'born' }, { if: notExists() });
    await db.verifyTable(rows, { scan: true });
    await client?.execute(`UPDATE ${cluster.keyspace}.rows USING TIMESTAMP ${future} SET n = 7 WHERE id = 'hidden'`);

    expect(await db.update(rows, key, { set: { n: 8, mark: 'later' }, if: eq(c.n, 7) })).toEqual({ applied: true });
    expect(await db.get(rows, key)).toEqual({ ...key, n: 7, mark: 'later' });
    expect(await db.delete(rows, key, { if: exists() })).toEqual({ applied: true });
    expect(await db.get(rows, key, { columns: ['n'] })).toEqual({ n: 7 });

    const error = await failureOf(db.verifyTable(rows, { scan: true }));
    expect(error).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied' });
    expect(error.message).toMatch(/Values of n have a write time in the future[^:]*: id = hidden\./);
    expect(error.message).not.toContain('fine');
    await client?.execute(`TRUNCATE ${cluster.keyspace}.rows`);
  });

  test('the six steps: a driver that repeats by itself tells what no order explains, and this library says that it does not know', async () => {
    for (const k of [1, 2]) await db.insert(mytable, { k, v: 1 }, { if: notExists() });
    const retrying = await runSixSteps(cluster, 1, retryingDriver);
    expect(retrying.told).toMatchObject({ kind: 'write', result: { applied: false } });
    expect(retrying.verdict.kind, retrying.verdict.explanation).toBe('violated');

    const ours = await runSixSteps(cluster, 2, onlyif);
    expect(ours.told).toBeUndefined();
    expect(ours.verdict.kind, ours.verdict.explanation).toBe('linearizable');
    for (const k of [1, 2]) expect(await db.get(mytable, { k })).toEqual({ k, v: 2 });
  });

  test.each(Object.entries(disturbances))('R40 of concurrent inserts and version bumps, while a node is %s', async (_, disturb) => {
    const end = disturb(cluster);
    try {
      expect(await checkInserts(db)).toEqual([]);
      expect(await checkBumps(db)).toEqual([]);
    } finally {
      await end();
    }
    expect(await checkBumps(db)).toEqual([]);
  });

  test('with one node of three down everything works', async () => {
    await cluster.node(2).kill();
    const fresh = createClient(cluster.adapter({ contactPoints: cluster.connection.contactPoints?.slice(0, 2) ?? [] }));
    const [id, mark] = [randomUUID(), 'm'];
    try {
      expect(await fresh.insert(rows, { id, n: 1, mark }, { if: notExists() })).toEqual({ applied: true });
      expect(await fresh.insert(rows, { id, n: 1, mark }, { if: notExists() })).toMatchObject({ applied: false, existing: { n: 1 } });
      expect(await fresh.update(rows, { id }, { set: { n: 2 }, if: eq(c.n, 1) })).toEqual({ applied: true });
      expect(await fresh.update(rows, { id }, { set: { n: 9 }, if: eq(c.n, 1) })).toMatchObject({ applied: false, source: 'read' });
      const either = or(eq(c.n, 2), gt(c.n, 100));
      expect(await fresh.update(rows, { id }, { set: { n: 3 }, if: either }, { emulate: true })).toEqual({ applied: true });
      expect(await fresh.replace(rows, { id, mark }, { if: ne(c.n, 4) })).toEqual({ applied: true });
      expect(await fresh.upsert(rows, { id }, { set: { n: 5, mark }, if: ne(c.n, 5) })).toEqual({ applied: true });
      for (const consistency of ['strong', 'quorum', 'eventual'] as const)
        expect(await fresh.get(rows, { id }, { consistency })).toEqual({ id, n: 5, mark });
      expect(await fresh.delete(rows, { id }, { if: eq(c.n, 5) })).toEqual({ applied: true });
      expect(await fresh.get(rows, { id })).toBeNull();
    } finally {
      await cluster.heal();
    }
  });

  test('with two down a write is unavailable and never appears, and reads need one copy only where they ask for one', async () => {
    const id = randomUUID();
    await db.insert(rows, { id, n: 0, mark: 'first' }, { if: notExists() });
    await Promise.all([cluster.node(1).kill(), cluster.node(2).kill()]);
    const fresh = createClient(cluster.adapter({ contactPoints: cluster.connection.contactPoints?.slice(0, 1) ?? [] }), { verify: 'off' });
    const open: string[] = [];
    try {
      // Until the node that is left knows of the others, a write is left open.
      const refused = await vi.waitUntil(
        async () => {
          const mark = randomUUID();
          const error = await failureOf(fresh.update(rows, { id }, { set: { n: 1, mark }, if: exists() }));
          if (error.outcome === 'not-applied') return error;
          open.push(mark);
          return undefined;
        },
        { timeout: 90_000, interval: 500 },
      );
      expect(refused).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
      // 0x1000 is Unavailable and 8 SERIAL, in the native protocol.
      expect(refused.cause).toMatchObject({ code: 0x1000, consistencies: 8, required: 2, alive: 1 });
      for (const consistency of ['strong', 'quorum'] as const)
        expect(await failureOf(fresh.get(rows, { id }, { consistency }))).toMatchObject({ code: 'unavailable', outcome: 'not-applied' });
      expect(await fresh.get(rows, { id }, { consistency: 'eventual' })).toEqual({ id, n: 0, mark: 'first' });
    } finally {
      await cluster.heal();
    }
    const after = await db.get(rows, { id });
    expect(['first', ...open]).toContain(after?.mark);
  });

  // Under Paxos v2 reads alone do not get in each other's way.
  test.runIf(variant === 'v1')('SERIAL reads that fail with a write timeout of type CAS are failed reads, and tried again', async () => {
    const id = randomUUID();
    await db.insert(rows, { id, n: 0, mark: 'm' }, { if: notExists() });
    const raw: unknown[] = [];
    const events: ClientEvent[] = [];
    const adapter = cluster.adapter();
    const classify = (error: unknown): ReturnType<typeof adapter.classify> => (raw.push(error), adapter.classify(error));
    const reader = createClient(wrapAdapter(adapter, { classify }), { onEvent: (event) => events.push(event) });
    const casTimeouts = (): number => raw.filter(isCasTimeout).length;
    const until = Date.now() + 60_000;
    const ended: unknown[] = [];
    const read = async (): Promise<void> => {
      while (casTimeouts() < 20 && Date.now() < until) ended.push(await reader.get(rows, { id }).catch((error: unknown) => error));
    };
    await Promise.all(Array.from({ length: 32 }, read));
    expect(casTimeouts()).toBeGreaterThanOrEqual(20);
    for (const end of ended) {
      if (isLWTError(end)) expect(end).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true, attempts: 3 });
      else expect(end).toEqual({ id, n: 0, mark: 'm' });
    }
    const attempts = events.filter((event) => event.type === 'outcome').map((event) => event.attempts);
    expect(Math.max(...attempts)).toBeGreaterThan(1);
    expect(ended.filter((end) => !isLWTError(end)).length).toBeGreaterThan(0);
  });
});

function isCasTimeout(error: unknown): boolean {
  const { code, writeType } = error as { code?: unknown; writeType?: unknown };
  return code === 0x1100 && writeType === 'CAS';
}

async function failureOf(work: Promise<unknown>): Promise<LWTError> {
  const error = await work.then(
    (value) => new Error(`no failure, but ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!isLWTError(error)) throw error;
  return error;
}
