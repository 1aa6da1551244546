import { cassandra, classifyCassandraError, classifyScyllaError, type CqlClient } from '@onlyif/cassandra';
import { createClient, defineTable, int, type Failure, isLWTError, type LWTErrorCode, notExists, text } from '@onlyif/core';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { byScyllaCode, byServerCode } from '../src/classify.ts';

const { errors } = driver;
/** The driver's constructors take more than their declarations say. */
const made = errors as unknown as { readonly [name: string]: new (...args: unknown[]) => Error };
function make(name: string, ...args: unknown[]): Error {
  const Made = made[name];
  if (Made === undefined) throw new Error(`the driver has no ${name}`);
  return new Made(...args);
}

const levels = { ANY: 0, ONE: 1, QUORUM: 4, ALL: 5, LOCAL_QUORUM: 6, SERIAL: 8, LOCAL_SERIAL: 9 } as const;
/** Constructed with the class and the fields that lib/readers.js, `readError`, gives to what arrives in an ERROR frame. */
const response = (code: number, more: object = {}): Error => Object.assign(make('ResponseError', code, 'words'), more);

/** `answered`: the coordinator itself gave the write up (R35). */
type Told = readonly [code: LWTErrorCode, retryable: boolean, answered?: 'answered'];
type Case = readonly [name: string, error: unknown, told: Told];

const unknown: Told = ['outcome-unknown', false];
const gaveUp: Told = ['outcome-unknown', false, 'answered'];
const unavailable: Told = ['unavailable', true];
const rejected: Told = ['rejected-by-server', false];
const denied: Told = ['access-denied', false];
const mismatch: Told = ['schema-mismatch', false];

function expectFailure(failure: Failure, [code, retryable, answered]: Told): void {
  expect([failure.code, failure.retryable, failure.answered]).toEqual([code, retryable, answered === 'answered' ? true : undefined]);
}

/** What is expected of each error code, with the fields that its frame has beside the message. */
type ByCode = { readonly [code: number]: readonly (readonly [name: string, fields: object, told: Told])[] };
const casesOf = (expected: ByCode): Case[] =>
  Object.entries(expected).flatMap(([code, each]) =>
    each.map(([name, fields, told]): Case => [
      `0x${Number(code).toString(16).padStart(4, '0')} ${name}`,
      response(Number(code), fields),
      told,
    ]),
  );

const at = (consistencies: number): object => ({ consistencies });
const onCassandra: ByCode = {
  0x0000: [['server error', {}, unknown]],
  0x000a: [['protocol error', {}, rejected]],
  0x0100: [['bad credentials', {}, denied]],
  0x1000: [
    ['unavailable at SERIAL: the round never began', at(levels.SERIAL), unavailable],
    ['unavailable at LOCAL_SERIAL', at(levels.LOCAL_SERIAL), unavailable],
    ['unavailable at QUORUM: the proposal may stand', at(levels.QUORUM), gaveUp],
    ['unavailable at LOCAL_QUORUM', at(levels.LOCAL_QUORUM), gaveUp],
    ['unavailable at no level', {}, unknown],
  ],
  0x1001: [['overloaded', {}, unknown]],
  0x1002: [['bootstrapping', {}, unavailable]],
  0x1003: [['truncate error', {}, unknown]],
  0x1100: ['CAS', 'SIMPLE', 'BATCH', 'BATCH_LOG', 'UNLOGGED_BATCH', 'COUNTER', 'VIEW', 'CDC', undefined].map(
    (writeType) => [`write timeout of type ${writeType}`, { writeType, received: 0, blockFor: 2 }, gaveUp] as const,
  ),
  0x1200: [['read timeout', {}, gaveUp]],
  0x1300: [['read failure', {}, gaveUp]],
  0x1400: [['function failure', {}, unknown]],
  0x1500: [['write failure', {}, gaveUp]],
  0x1600: [['CDC write failure', {}, gaveUp]],
  0x1700: [['CAS write unknown', {}, gaveUp]],
  0x2000: [['syntax error', {}, rejected]],
  0x2100: [['unauthorized', {}, denied]],
  0x2200: [
    ['invalid', { message: 'PRIMARY KEY column cannot have IF conditions' }, rejected],
    ['a missing table', { message: 'unconfigured table t' }, mismatch],
    ['a missing keyspace', { message: 'keyspace app does not exist' }, mismatch],
    ['a missing column', { message: 'Undefined column name nosuch in table app.t' }, mismatch],
    ['a missing column, ScyllaDB', { message: 'Unknown identifier nosuch' }, mismatch],
  ],
  0x2300: [['config error', {}, unknown]],
  0x2400: [['already exists', {}, rejected]],
  0x2500: [['unprepared', {}, unavailable]],
};

/** The words are those of ScyllaDB, exceptions/exceptions.cc. */
const onScylla: ByCode = {
  ...onCassandra,
  0x1000: [
    ['unavailable at SERIAL: never started', at(levels.SERIAL), unavailable],
    ['unavailable at LOCAL_SERIAL', at(levels.LOCAL_SERIAL), unavailable],
    ['unavailable at the commit level: never started either', at(levels.QUORUM), unavailable],
    ['unavailable at no level', {}, unavailable],
  ],
  0x2300: [
    ['config error', {}, unknown],
    ['a rate limit', { message: 'Per-partition rate limit reached for write in table app.t, rejected by replicas' }, unknown],
  ],
};

/** Codes that stand in no table. */
const elsewhere: ByCode = {
  0x8000: [['the driver’s own', {}, unknown]],
  0x4321: [['which a server with the extension SCYLLA_RATE_LIMIT_ERROR might announce', {}, unknown]],
};

describe('constructed answers of Cassandra: native protocol v4 section 9, v5 for 0x1600 and 0x1700', () => {
  test.each(casesOf({ ...onCassandra, ...elsewhere }))('%s', (_, error, told) => expectFailure(classifyCassandraError(error), told));
  test('every code of the table has a case, and no other has', () => expect(Object.keys(onCassandra)).toEqual(Object.keys(byServerCode)));
});

describe('constructed answers of ScyllaDB: service/storage_proxy.cc for 0x1000, docs/dev/protocol-extensions.md for the rate limit', () => {
  test.each(casesOf({ ...onScylla, ...elsewhere }))('%s', (_, error, told) => expectFailure(classifyScyllaError(error), told));
  test('every code of the table has a case, and no other has', () => expect(Object.keys(onScylla)).toEqual(Object.keys(byScyllaCode)));
});

describe('constructed errors of the driver: lib/errors.js, lib/connection.js, lib/host-connection-pool.js, lib/writers.js', () => {
  const socket = (more: object): Error => Object.assign(make('DriverError', 'Socket was closed'), { isSocketError: true, ...more });
  const cases: readonly Case[] = [
    ['AuthenticationError', make('AuthenticationError', 'words'), denied],
    ['BusyConnectionError', make('BusyConnectionError', '127.0.0.1:9042', 2048, 1), unavailable],
    ['OperationTimedOutError', make('OperationTimedOutError', 'words'), unknown],
    ['DriverInternalError', make('DriverInternalError', 'words'), unknown],
    ['ArgumentError', make('ArgumentError', 'words'), unknown],
    ['a socket error before the request was written', socket({ requestNotWritten: true }), unavailable],
    ['a socket error after it', socket({ requestNotWritten: false }), unknown],
    ['a socket error that does not say', socket({}), unknown],
    ['a DriverError of another kind', make('DriverError', 'words'), unknown],
    ['a TypeError', new TypeError('words'), unknown],
    ['an error named as a property of every object', Object.assign(new Error('words'), { name: 'constructor' }), unknown],
    ['text', 'words', unknown],
    ['undefined', undefined, unknown],
    ['null', null, unknown],
  ];
  test.each(cases)('%s', (_, error, told) => expectFailure(classifyCassandraError(error), told));
});

describe('constructed NoHostAvailableErrors, by the errors inside: lib/request-handler.js, lib/control-connection.js', () => {
  const noHost = (...inner: unknown[]): Error =>
    make('NoHostAvailableError', Object.fromEntries(inner.map((error, i) => [`host${i}`, error])));
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const cases: readonly Case[] = [
    ['no host was tried', noHost(), unavailable],
    ['hosts that were ignored, in words', noHost('Host considered as DOWN'), unavailable],
    ['every host refused the connection', noHost(refused, refused), unavailable],
    ['one was never reached, one was busy', noHost(refused, make('BusyConnectionError', 'a', 1, 1)), unavailable],
    ['every host refused the credentials', noHost(make('AuthenticationError', 'words')), denied],
    ['one was never reached, one refused them', noHost(refused, make('AuthenticationError', 'words')), unavailable],
    ['a connection was reset', noHost(refused, reset), unknown],
    ['a host timed out', noHost(make('OperationTimedOutError', 'words')), unknown],
    ['a host answered with a write timeout', noHost(response(0x1100)), unknown],
    ['an error that is none', noHost(undefined), unknown],
  ];
  test.each(cases)('%s', (_, error, told) => expectFailure(classifyCassandraError(error), told));
});

describe('a caller’s client (a stub that throws constructed errors): errors that name no coordinator were never sent', () => {
  const t = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
  const throwing = (thrown: Error): CqlClient => ({ execute: () => Promise.reject(thrown), shutdown: async () => undefined });
  const sent = <E extends Error>(error: E): E => Object.assign(error, { coordinator: '127.0.0.1:9042' });
  const socket = (): Error => Object.assign(make('DriverError', 'Socket was closed'), { isSocketError: true });
  const noHost = (...inner: unknown[]): Error =>
    make('NoHostAvailableError', Object.fromEntries(inner.map((error, i) => [`h${i}`, error])));
  /** nodejs-rs-driver has errors of the same names and fields, never a coordinator (lib/errors.js). */
  const ofOtherDriver = (name: string): Error => Object.assign(new Error('words'), { name, info: 'Cassandra Driver Error' });

  const cases: readonly Case[] = [
    ['timeout at PREPARE', make('OperationTimedOutError', 'words'), unavailable],
    ['timeout at EXECUTE', sent(make('OperationTimedOutError', 'words')), unknown],
    ['lost connection at PREPARE', noHost(socket()), unavailable],
    ['lost connection at EXECUTE', sent(socket()), unknown],
    ['one host lost it at EXECUTE', noHost(socket(), sent(socket())), unknown],
    ['a host that is being asked', noHost(null), unknown],
    ['PREPARE refused, overloaded', response(0x1001), unavailable],
    ['EXECUTE refused, overloaded', sent(response(0x1001)), unknown],
    ['PREPARE refused, syntax', response(0x2000), rejected],
    ['an unprepared id that the driver does not know', make('DriverInternalError', 'words'), ['unavailable', false]],
    ['what the driver does not support', make('NotSupportedError', 'words'), ['unavailable', false]],
    ['an argument of the driver', make('ArgumentError', 'words'), ['unavailable', false]],
    ['timeout of another driver', ofOtherDriver('OperationTimedOutError'), unknown],
    ['server error of another driver', Object.assign(ofOtherDriver('ResponseError'), { code: 0x1001 }), unknown],
    ['lost connection of another driver', Object.assign(ofOtherDriver('DriverError'), { isSocketError: true }), unknown],
    ['a TypeError', new TypeError('words'), unknown],
  ];
  test.each(cases)('%s', async (_, error, [code, retryable]) => {
    const db = createClient(cassandra({ client: throwing(error as Error), keyspace: 'app' }), { verify: 'off' });
    const thrown: unknown = await db.insert(t, { id: 'x' }, { if: notExists() }).catch((each: unknown) => each);
    expect(isLWTError(thrown) && [thrown.code, thrown.retryable, thrown.cause]).toEqual([code, retryable, error]);
  });
});
