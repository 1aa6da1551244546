import { createClient, defineTable, type Failure, int, isLWTError, type LWTErrorCode, text, update } from '@onlyif/core';
import { classifyKeyspacesError, type CqlClient, keyspaces } from '@onlyif/keyspaces';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { byCode } from '../src/classify.ts';

/** The driver's constructors take more than their declarations say. */
const made = driver.errors as unknown as { readonly [name: string]: new (...args: unknown[]) => Error };
function make(name: string, ...args: unknown[]): Error {
  const Made = made[name];
  if (Made === undefined) throw new Error(`the driver has no ${name}`);
  return new Made(...args);
}

type Told = readonly [code: LWTErrorCode, retryable: boolean];
type Case = readonly [name: string, error: unknown, told: Told];
const unknown: Told = ['outcome-unknown', false];
const unavailable: Told = ['unavailable', true];
const rejected: Told = ['rejected-by-server', false];
const denied: Told = ['access-denied', false];

/** Constructed with the class and the fields that lib/readers.js, `readError`, gives to what arrives in an ERROR frame. */
const response = (code: number, more: object = {}): Error => Object.assign(make('ResponseError', code, 'words'), more);
const coded = (code: string): Error => Object.assign(new Error('words'), { code });
const noHost = (...inner: unknown[]): Error => make('NoHostAvailableError', Object.fromEntries(inner.map((error, i) => [`h${i}`, error])));

/** What is expected of each error code, with the fields that its frame has beside the message. */
const byErrorCode: { readonly [code: number]: readonly (readonly [name: string, fields: object, told: Told])[] } = {
  0x0000: [['server error', {}, unknown]],
  0x000a: [['protocol error', {}, rejected]],
  0x0100: [['bad credentials', {}, denied]],
  0x1000: [6, 8, 9].map(
    (consistencies) => [`unavailable at level ${consistencies}: proves nothing here`, { consistencies }, unknown] as const,
  ),
  0x1001: [['overloaded', {}, unknown]],
  0x1002: [['bootstrapping', {}, unavailable]],
  0x1003: [['truncate error', {}, unknown]],
  0x1100: ['SIMPLE', 'CAS', 'BATCH', undefined].map(
    (writeType) => [`write timeout of type ${writeType}: throttled, or not`, { writeType, received: 0, blockFor: 2 }, unknown] as const,
  ),
  0x1200: [['read timeout', {}, unknown]],
  0x1300: [['read failure', {}, unknown]],
  0x1400: [['function failure', {}, unknown]],
  0x1500: [['write failure', {}, unknown]],
  0x1600: [['CDC write failure', {}, unknown]],
  0x1700: [['CAS write unknown', {}, unknown]],
  0x2000: [['syntax error', {}, rejected]],
  0x2100: [['unauthorized', {}, denied]],
  0x2200: [
    ['invalid', {}, rejected],
    ['a missing table', { message: 'unconfigured table t' }, ['schema-mismatch', false]],
  ],
  0x2300: [['config error', {}, unknown]],
  0x2400: [['already exists', {}, rejected]],
  0x2500: [['unprepared', {}, unavailable]],
};

const ofTheService = Object.entries(byErrorCode).flatMap(([code, each]) =>
  each.map(([name, fields, told]): Case => [
    `0x${Number(code).toString(16).padStart(4, '0')} ${name}`,
    response(Number(code), fields),
    told,
  ]),
);
const ofTheDriver: readonly Case[] = [
  ['a code that no table holds', response(0x7777), unknown],
  ['AuthenticationError', make('AuthenticationError', 'words'), denied],
  ['BusyConnectionError', make('BusyConnectionError', '127.0.0.1:9142', 2048, 1), unavailable],
  ['OperationTimedOutError', make('OperationTimedOutError', 'words'), unknown],
  ['a TypeError', new TypeError('words'), unknown],
  ['no host was tried', noHost(), unavailable],
  ['every host refused the connection', noHost(coded('ECONNREFUSED'), coded('ECONNREFUSED')), unavailable],
  ['every host refused the credentials', noHost(make('AuthenticationError', 'words')), denied],
  ['one of the hosts refused them', noHost(coded('ECONNREFUSED'), make('AuthenticationError', 'words')), unavailable],
  ['a host answered Unavailable', noHost(response(0x1000, { consistencies: 8 })), unknown],
  ['a host answered with a write timeout', noHost(response(0x1100)), unknown],
];
const cases = [...ofTheService, ...ofTheDriver];

describe('constructed errors: native protocol v4 section 9, v5 for 0x1600 and 0x1700; lib/errors.js of the driver', () => {
  test.each(cases)('%s', (_, error, [code, retryable]) => {
    const failure: Failure = classifyKeyspacesError(error);
    expect([failure.code, failure.retryable]).toEqual([code, retryable]);
  });
  test('every code of the table has a case, and no other has', () => expect(Object.keys(byErrorCode)).toEqual(Object.keys(byCode)));
  test('R35 no answer of the service closes a write: there is no serial read', () => {
    for (const [name, error] of cases) expect([name, classifyKeyspacesError(error).answered]).toEqual([name, undefined]);
  });
});

test.each([0x1001, 0x1100, 0x1200])('%i says that it may be throttling, and where to see', (code) => {
  expect(classifyKeyspacesError(response(code)).message).toMatch(/may or may not have happened.*throttles.*WriteThrottleEvents/);
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
