import { randomUUID } from 'node:crypto';
import { cassandra } from '@onlyif/cassandra';
import { createClient } from '@onlyif/core';
import { type CqlFault, cqlErrors, type CqlMatch, type CqlProxy, type CqlRequest, requestReader } from '@onlyif/testkit';
import cassandraDriver, { type Client, type ClientOptions } from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { unknown } from './cassandra-fault-cases.ts';
import { told, type Told } from './outcome.ts';
import { plainClient, skipped } from './proxied-cassandra.ts';
import { verbs } from './rows.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';
import { secondHost, startTwoHosts } from './two-hosts.ts';

const { ExecutionProfile, policies, types } = cassandraDriver;
const { one, all, serial, localSerial } = types.consistencies;
const { update } = verbs;

/** Answers every question alike. The driver's types lack `ignore`. */
function always(decision: object): cassandraDriver.policies.retry.RetryPolicy {
  const answer = (): never => decision as never;
  return Object.assign(new policies.retry.RetryPolicy(), {
    onReadTimeout: answer,
    onWriteTimeout: answer,
    onUnavailable: answer,
    onRequestError: answer,
  });
}
const ignore = { decision: 2 };
const retry = { decision: 1, useCurrentHost: false };

/** Made anew for each client: the driver keeps what is a client's own in its policies and profiles. */
const configurations = {
  'the default policy': () => ({}),
  'isIdempotent: true': () => ({ queryOptions: { isIdempotent: true } }),
  'speculative executions': () => ({
    queryOptions: { isIdempotent: true },
    policies: { speculativeExecution: new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(10, 3) },
  }),
  'a retry policy that always ignores': () => ({ queryOptions: { isIdempotent: true }, policies: { retry: always(ignore) } }),
  'a retry policy that always retries': () => ({ queryOptions: { isIdempotent: true }, policies: { retry: always(retry) } }),
  'a default profile with other levels and retries': () => ({
    profiles: [new ExecutionProfile('default', { consistency: all, serialConsistency: localSerial, retry: always(retry) })],
  }),
  'a default consistency of one': () => ({ queryOptions: { consistency: one, serialConsistency: localSerial, isIdempotent: true } }),
} satisfies { readonly [name: string]: () => Partial<ClientOptions> };
type Configuration = keyof typeof configurations;

const enough = { consistency: 'SERIAL', received: 2, blockFor: 2, dataPresent: false } as const;
const instead = (reply: Extract<CqlFault, { kind: 'reply' }>['reply'], forward: boolean): CqlFault => ({ kind: 'reply', reply, forward });
const faults = {
  'connection lost after execution': { kind: 'disconnect', how: 'reset', when: 'after' },
  'reply lost': { kind: 'drop-reply' },
  'Unavailable after execution': instead(cqlErrors.unavailable('QUORUM', 2, 1), true),
  'Unavailable, never executed': instead(cqlErrors.unavailable('SERIAL', 2, 1), false),
  'ReadTimeout after execution': instead(cqlErrors.readTimeout(enough), true),
  'WriteTimeout after execution': instead(cqlErrors.writeTimeout('CAS', enough), true),
  'Overloaded after execution': instead(cqlErrors.overloaded(), true),
  'a slow reply': { kind: 'hold-reply', until: 400 },
} satisfies { readonly [name: string]: CqlFault };
type Fault = keyof typeof faults;

/** What our caller is told, whatever the client's configuration. */
const expected: { readonly [F in Fault]: { readonly told: Told; readonly stored: 1 | 2 } } = {
  'connection lost after execution': { told: unknown, stored: 2 },
  'reply lost': { told: unknown, stored: 2 },
  'Unavailable after execution': { told: unknown, stored: 2 },
  'Unavailable, never executed': { told: 'unavailable: not-applied', stored: 1 },
  'ReadTimeout after execution': { told: unknown, stored: 2 },
  'WriteTimeout after execution': { told: unknown, stored: 2 },
  'Overloaded after execution': { told: unknown, stored: 2 },
  'a slow reply': { told: 'applied', stored: 2 },
};

/** Where the plain driver's `wasApplied()` says what is not true: its words, the truth, and how often it sent the write. */
const wrong: readonly (readonly [Configuration, Fault, says: boolean, stored: 1 | 2, sends: number])[] = [
  ['the default policy', 'Unavailable after execution', false, 2, 2],
  ['the default policy', 'ReadTimeout after execution', false, 2, 2],
  ['isIdempotent: true', 'connection lost after execution', false, 2, 2],
  ['isIdempotent: true', 'Overloaded after execution', false, 2, 2],
  ['a default consistency of one', 'connection lost after execution', false, 2, 2],
  ['a retry policy that always retries', 'WriteTimeout after execution', false, 2, 2],
  ['a default profile with other levels and retries', 'ReadTimeout after execution', false, 2, 2],
  ['a retry policy that always ignores', 'Unavailable, never executed', true, 1, 1],
  ['speculative executions', 'a slow reply', false, 2, 2],
];

describe.skipIf(skipped !== undefined)('clients of the caller that would try again, behind proxies of the real Cassandra', () => {
  const on = rowsKeyspace();
  const sent = (proxies: readonly CqlProxy[], match: CqlMatch = write): number =>
    proxies.reduce((sum, proxy) => sum + proxy.requests(match).length, 0);

  async function hostile(name: Configuration, run: (client: Client, proxies: readonly CqlProxy[]) => Promise<void>): Promise<void> {
    const proxies = await startTwoHosts();
    const configuration: Partial<ClientOptions> = configurations[name]();
    const client = plainClient(proxies[0], { ...configuration, policies: { ...configuration.policies, ...secondHost(proxies[1]) } });
    try {
      await client.connect();
      await run(client, proxies);
    } finally {
      await client.shutdown();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    }
  }

  /** The first send of a write meets the fault, wherever it goes. */
  function faultOnce(proxies: readonly CqlProxy[], fault: CqlFault): void {
    let met = false;
    const when = (): boolean => !met && (met = true);
    for (const proxy of proxies) proxy.addRule({ match: { ...write, when }, do: fault });
  }

  describe.each(Object.keys(configurations) as readonly Configuration[])('%s', (configuration) => {
    test.concurrent.each(Object.keys(faults) as readonly Fault[])('%s: one send, and the truth', (fault) =>
      hostile(configuration, async (client, proxies) => {
        const db = createClient(cassandra({ client, keyspace: on.keyspace }), { verify: 'off', retry: 'off' });
        await update.run(db, randomUUID());
        const id = await on.given(update);
        faultOnce(proxies, faults[fault]);
        const before = sent(proxies);
        const call = { timeoutMs: fault === 'reply lost' ? 700 : 60_000 };
        expect(await told(update.run(db, id, call))).toBe(expected[fault].told);
        expect([sent(proxies) - before, await on.stored(id)]).toEqual([1, expected[fault].stored]);
      }),
    );

    test('the levels that go out are ours', () =>
      hostile(configuration, async (client, proxies) => {
        const db = createClient(cassandra({ client, keyspace: on.keyspace }), { verify: 'off', retry: 'off' });
        const seen: unknown[] = [];
        const when = (request: CqlRequest): boolean => {
          seen.push(levels(request));
          return false;
        };
        for (const proxy of proxies) proxy.addRule({ match: { ...write, when }, do: { kind: 'drop-request' } });
        await update.run(db, await on.given(update));
        expect(seen).toEqual([{ commit: types.consistencies.quorum, serial }]);
      }));
  });

  describe('the plain driver is wrong there, so these tests can fail', () => {
    test.concurrent.each(wrong)(
      '%s, %s: wasApplied() is %s, and the row holds %i after %i sends',
      (configuration, fault, says, stored, sends) =>
        hostile(configuration, async (client, proxies) => {
          const cql = `UPDATE ${on.keyspace}.rows SET v = ? WHERE id = ? IF v = ?`;
          await client.execute(cql, [2, randomUUID(), 1], { prepare: true });
          const id = await on.given(update);
          faultOnce(proxies, faults[fault]);
          const before = sent(proxies);
          const result = await client.execute(cql, [2, id, 1], { prepare: true });
          expect([result.wasApplied(), await on.stored(id)]).toEqual([says, stored]);
          expect(sent(proxies) - before).toBeGreaterThanOrEqual(sends);
        }),
    );
  });
});

/** Commit and serial level of an EXECUTE, native protocol v4 section 4.1.4; values and page size stand before the latter. */
function levels({ frame }: CqlRequest): { readonly commit: number; readonly serial: number | undefined } {
  const reader = requestReader(frame);
  reader.shortBytes();
  const commit = reader.short();
  const flags = reader.byte();
  if ((flags & 0x01) !== 0) for (let left = reader.short(); left > 0; left--) reader.value();
  if ((flags & 0x04) !== 0) reader.int();
  if ((flags & 0x08) !== 0) reader.value();
  return { commit, serial: (flags & 0x10) === 0 ? undefined : reader.short() };
}
