import { cassandra, type SerialConsistency } from '@onlyif/cassandra';
import { createClient, defineTable, eq, int, isLWTError, type NativeHook, text } from '@onlyif/core';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { type Sent, StubCqlClient } from './stub-cql-client.ts';

const t = defineTable('t', { columns: { id: text(), n: int(), m: int() }, partitionKey: ['id'] });
const { consistencies } = driver.types;
/** `RetryPolicy.retryDecision.rethrow`, which the driver's declarations leave out. */
const { retryDecision } = driver.policies.retry.RetryPolicy as unknown as { retryDecision: { rethrow: number; retry: number } };
const { rethrow } = retryDecision;

async function written(options: { serialConsistency?: SerialConsistency; native?: NativeHook; timeoutMs?: number } = {}): Promise<Sent> {
  const { serialConsistency, ...call } = options;
  const client = new StubCqlClient();
  const adapter = cassandra({ client, keyspace: 'app', ...(serialConsistency && { serialConsistency }) });
  await createClient(adapter, { verify: 'off' }).update(t, { id: 'x' }, { set: { m: 1 }, if: eq(t.columns.n, 5) }, call);
  expect(client.sent).toHaveLength(1);
  const [sent] = client.sent;
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

describe('a conditional write goes out', () => {
  test('once: not idempotent, and the retry policy rethrows on every hook', async () => {
    const { options } = await written();
    expect(options).toMatchObject({ prepare: true, isIdempotent: false });
    const policy = options['retry'] as Readonly<Record<string, () => unknown>>;
    for (const hook of ['onReadTimeout', 'onWriteTimeout', 'onUnavailable', 'onRequestError'])
      expect([hook, policy[hook]?.()]).toEqual([hook, { decision: rethrow }]);
  });
  test.each([
    ['SERIAL', consistencies.serial, consistencies.quorum],
    ['LOCAL_SERIAL', consistencies.localSerial, consistencies.localQuorum],
  ] as const)('at %s and its commit level', async (serialConsistency, serial, commit) => {
    const { options } = await written({ serialConsistency });
    expect(options).toMatchObject({ serialConsistency: serial, consistency: commit });
  });
  test('at SERIAL where nothing was said', async () => {
    expect((await written()).options).toMatchObject({ serialConsistency: consistencies.serial, consistency: consistencies.quorum });
  });
  test('without a client timestamp', async () => {
    const { options } = await written();
    expect(options['timestamp']).toBeNull();
  });
  test('with a limit of time that only backs up the call’s', async () => {
    const { options } = await written({ timeoutMs: 2000 });
    expect(options['readTimeout']).toBeGreaterThan(2000);
    expect(options['readTimeout']).toBeLessThanOrEqual(2500);
    // Node turns a delay beyond that into 1 ms.
    expect((await written({ timeoutMs: 2 ** 31 - 1 })).options['readTimeout']).toBe(2 ** 31 - 1);
  });
  test('with bytes for values', async () => {
    const { cql, parameters } = await written();
    expect(cql).toBe('UPDATE "app"."t" SET "m" = ? WHERE "id" = ? IF "n" = ?');
    expect(parameters).toEqual([Buffer.from([0, 0, 0, 1]), Buffer.from('x'), Buffer.from([0, 0, 0, 5])]);
  });
});

describe('a native hook', () => {
  const hostile: NativeHook = () => ({
    executionProfile: 'oltp',
    traceQuery: true,
    customPayload: { a: Buffer.from('b') },
    prepare: false,
    isIdempotent: true,
    retry: 'mine',
    consistency: 0,
    serialConsistency: 1,
    timestamp: 5,
    readTimeout: 0,
    keyspace: 'other',
    hints: ['int'],
    fetchSize: 1,
    graphOptions: {},
    host: {},
  });
  test('that throws: invalid-statement, and nothing is sent', async () => {
    const cause = new Error('of the hook');
    const throwing = (): never => {
      throw cause;
    };
    await expect(written({ native: throwing })).rejects.toMatchObject({
      code: 'invalid-statement',
      outcome: 'not-applied',
      attempts: 0,
      cause,
    });
  });
  test('adds execution profile, tracing and payload, and nothing else', async () => {
    const [plain, added] = [(await written()).options, (await written({ native: hostile })).options];
    const { executionProfile, traceQuery, customPayload, readTimeout: _, ...rest } = added;
    const { readTimeout: __, ...expected } = plain;
    expect({ executionProfile, traceQuery, customPayload }).toEqual({
      executionProfile: 'oltp',
      traceQuery: true,
      customPayload: { a: Buffer.from('b') },
    });
    expect(rest).toEqual(expected);
  });
  test('that throws sends nothing, and leaves nothing open', async () => {
    const failing: NativeHook = () => {
      throw new Error('the hook failed');
    };
    const client = new StubCqlClient();
    const db = createClient(cassandra({ client, keyspace: 'app' }), { verify: 'off' });
    const error: unknown = await db
      .update(t, { id: 'x' }, { set: { m: 1 }, if: eq(t.columns.n, 5) }, { native: failing })
      .catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && error.outcome).toBe('not-applied');
    expect(client.sent).toEqual([]);
  });
});

describe('a read', () => {
  test.each([
    ['strong', 'SERIAL', consistencies.serial],
    ['strong', 'LOCAL_SERIAL', consistencies.localSerial],
    ['quorum', 'SERIAL', consistencies.quorum],
    ['quorum', 'LOCAL_SERIAL', consistencies.localQuorum],
    ['eventual', 'SERIAL', consistencies.localOne],
  ] as const)('%s under %s', async (consistency, serialConsistency, level) => {
    const client = new StubCqlClient({ rows: [] });
    const db = createClient(cassandra({ client, keyspace: 'app', serialConsistency }));
    expect(await db.get(t, { id: 'x' }, { consistency })).toBeNull();
    expect(client.sent[0]?.options).toMatchObject({ consistency: level, isIdempotent: true, prepare: true });
  });
  test('goes to the next host where one does not answer in a third of the time, and is not repeated for what a server says', async () => {
    const client = new StubCqlClient({ rows: [] });
    await createClient(cassandra({ client, keyspace: 'app' })).get(t, { id: 'x' }, { timeoutMs: 9_000 });
    const { readTimeout, retry } = client.sent[0]?.options ?? {};
    expect(readTimeout).toBeLessThanOrEqual(3_000);
    expect(readTimeout).toBeGreaterThan(2_000);
    const policy = retry as Readonly<Record<string, () => unknown>>;
    expect(policy['onRequestError']?.()).toEqual({ decision: retryDecision.retry, useCurrentHost: false });
    for (const hook of ['onReadTimeout', 'onWriteTimeout', 'onUnavailable'])
      expect([hook, policy[hook]?.()]).toEqual([hook, { decision: rethrow }]);
  });
});
