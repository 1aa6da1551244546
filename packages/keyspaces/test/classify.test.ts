import { createClient, defineTable, type Failure, int, isLWTError, type LWTErrorCode, text, update } from '@onlyif/core';
import { classifyKeyspacesError, type CqlClient, keyspaces } from '@onlyif/keyspaces';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';

/** The driver's constructors take more than their declarations say. */
const made = driver.errors as unknown as { readonly [name: string]: new (...args: unknown[]) => Error };
function make(name: string, ...args: unknown[]): Error {
  const Made = made[name];
  if (Made === undefined) throw new Error(`the driver has no ${name}`);
  return new Made(...args);
}

type Case = readonly [name: string, error: unknown, code: LWTErrorCode, retryable: boolean];
const response = (code: number, more: object = {}): Error => Object.assign(make('ResponseError', code, 'words'), more);
const coded = (code: string): Error => Object.assign(new Error('words'), { code });
const noHost = (...inner: unknown[]): Error => make('NoHostAvailableError', Object.fromEntries(inner.map((error, i) => [`h${i}`, error])));

/** Constructed; the codes from the native protocol v4, section 9. */
const cases: readonly Case[] = [
  ['0x0000 server error', response(0x0000), 'outcome-unknown', false],
  ['0x000A protocol error', response(0x000a), 'rejected-by-server', false],
  ['0x0100 bad credentials', response(0x0100), 'access-denied', false],
  ...[6, 8, 9].map((consistencies): Case => [
    `0x1000 unavailable at level ${consistencies}: proves nothing here`,
    response(0x1000, { consistencies }),
    'outcome-unknown',
    false,
  ]),
  ['0x1001 overloaded', response(0x1001), 'outcome-unknown', false],
  ['0x1002 bootstrapping', response(0x1002), 'unavailable', true],
  ...['SIMPLE', 'CAS', 'BATCH', undefined].map((writeType): Case => [
    `0x1100 write timeout of type ${writeType}: throttled, or not`,
    response(0x1100, { writeType, received: 0, blockFor: 2 }),
    'outcome-unknown',
    false,
  ]),
  ['0x1200 read timeout', response(0x1200), 'outcome-unknown', false],
  ['0x1300 read failure', response(0x1300), 'outcome-unknown', false],
  ['0x1500 write failure', response(0x1500), 'outcome-unknown', false],
  ['0x1700 CAS write unknown', response(0x1700), 'outcome-unknown', false],
  ['0x2000 syntax error', response(0x2000), 'rejected-by-server', false],
  ['0x2100 unauthorized', response(0x2100), 'access-denied', false],
  ['0x2200 invalid', response(0x2200), 'rejected-by-server', false],
  ['0x2200 a missing table', Object.assign(response(0x2200), { message: 'unconfigured table t' }), 'schema-mismatch', false],
  ['0x2300 config error', response(0x2300), 'outcome-unknown', false],
  ['0x2500 unprepared', response(0x2500), 'unavailable', true],
  ['a code that no table holds', response(0x7777), 'outcome-unknown', false],
  ['AuthenticationError', make('AuthenticationError', 'words'), 'access-denied', false],
  ['BusyConnectionError', make('BusyConnectionError', '127.0.0.1:9142', 2048, 1), 'unavailable', true],
  ['OperationTimedOutError', make('OperationTimedOutError', 'words'), 'outcome-unknown', false],
  ['a TypeError', new TypeError('words'), 'outcome-unknown', false],
  ['no host was tried', noHost(), 'unavailable', true],
  ['every host refused the connection', noHost(coded('ECONNREFUSED'), coded('ECONNREFUSED')), 'unavailable', true],
  ['a host refused the credentials', noHost(make('AuthenticationError', 'words')), 'unavailable', true],
  ['a host answered Unavailable', noHost(response(0x1000, { consistencies: 8 })), 'outcome-unknown', false],
  ['a host answered with a write timeout', noHost(response(0x1100)), 'outcome-unknown', false],
];

test.each(cases)('%s', (_, error, code, retryable) => {
  const failure: Failure = classifyKeyspacesError(error);
  expect([failure.code, failure.retryable]).toEqual([code, retryable]);
});

test('R35 no answer of the service closes a write: there is no serial read', () => {
  for (const [name, error] of cases) expect([name, classifyKeyspacesError(error).answered]).toEqual([name, undefined]);
});

test('a write timeout says that it may be throttling, and where to see', () => {
  expect(classifyKeyspacesError(response(0x1100)).message).toMatch(/may or may not have happened.*throttles.*WriteThrottleEvents/);
});

describe('a write timeout (a stub that constructs it)', () => {
  const t = defineTable('t', {
    columns: { id: text(), n: int(), version: int().notNull(), token: text() },
    partitionKey: ['id'],
    writeToken: 'token',
    version: 'version',
  });
  const write = update(t, { id: 'x' }, { set: { n: 1, version: 2 }, if: { version: 1 } });

  /** A stub: the first write ends in a write timeout, reads show the row, later writes are applied where their pin fits. */
  function throttled(applied: boolean): { readonly client: CqlClient; readonly sent: string[] } {
    const sent: string[] = [];
    let row = { id: 'x', n: 0, version: 1, token: null as string | null };
    const client: CqlClient = {
      execute: async (cql, parameters) => {
        sent.push(cql.split(' ')[0] ?? '');
        if (cql.startsWith('SELECT')) return { rows: [row] };
        if (sent.length > 1) return { rows: [{ '[applied]': true }] };
        if (applied) row = { ...row, n: 1, version: 2, token: String((parameters as Buffer[])[2]) };
        throw Object.assign(response(0x1100, { writeType: 'SIMPLE', received: 0, blockFor: 2 }), { coordinator: '10.0.0.1:9142' });
      },
      shutdown: async () => undefined,
    };
    return { client, sent };
  }
  const run = (client: CqlClient): Promise<unknown> =>
    createClient(keyspaces({ client, keyspace: 'app' }), { verify: 'off' }).execute(write, { existing: 'none' });

  test('is applied where its token is in the row', async () => {
    const { client, sent } = throttled(true);
    expect(await run(client)).toEqual({ applied: true });
    expect(sent).toEqual(['UPDATE', 'SELECT']);
  });
  test('R35 where it is not, a fence replaces the version, for no read would close it', async () => {
    const { client, sent } = throttled(false);
    expect(await run(client)).toEqual({ applied: false, source: 'decision' });
    expect(sent).toEqual(['UPDATE', 'SELECT', 'UPDATE']);
  });
  test('without a token it stays unknown', async () => {
    const bare = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
    const db = createClient(keyspaces({ client: throttled(false).client, keyspace: 'app' }), { verify: 'off' });
    const error: unknown = await db.update(bare, { id: 'x' }, { set: { n: 1 }, if: { n: 0 } }).catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && [error.code, error.outcome]).toEqual(['outcome-unknown', 'unknown']);
  });
});
