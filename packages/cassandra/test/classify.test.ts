import { cassandra, classifyCassandraError, classifyScyllaError, type CqlClient } from '@onlyif/cassandra';
import { createClient, defineTable, int, type Failure, isLWTError, type LWTErrorCode, notExists, text } from '@onlyif/core';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';

const { errors } = driver;
/** The driver's constructors take more than their declarations say. */
const made = errors as unknown as { readonly [name: string]: new (...args: unknown[]) => Error };
function make(name: string, ...args: unknown[]): Error {
  const Made = made[name];
  if (Made === undefined) throw new Error(`the driver has no ${name}`);
  return new Made(...args);
}

/** `answered`: the coordinator itself gave the write up (R35). */
type Case = readonly [name: string, error: unknown, code: LWTErrorCode, retryable: boolean, answered?: 'answered'];
const response = (code: number, message = 'words', more: object = {}): Error => Object.assign(make('ResponseError', code, message), more);
const levels = { ANY: 0, ONE: 1, QUORUM: 4, ALL: 5, LOCAL_QUORUM: 6, SERIAL: 8, LOCAL_SERIAL: 9 } as const;

function expectFailure(failure: Failure, [code, retryable, answered]: readonly unknown[]): void {
  expect([failure.code, failure.retryable, failure.answered]).toEqual([code, retryable, answered === 'answered' ? true : undefined]);
}

describe('answers of the server, native protocol v4 section 9', () => {
  const cases: readonly Case[] = [
    ['0x0000 server error', response(0x0000), 'outcome-unknown', false],
    ['0x000A protocol error', response(0x000a), 'rejected-by-server', false],
    ['0x0100 bad credentials', response(0x0100), 'access-denied', false],
    [
      '0x1000 unavailable at SERIAL: the round never began',
      response(0x1000, 'words', { consistencies: levels.SERIAL }),
      'unavailable',
      true,
    ],
    ['0x1000 unavailable at LOCAL_SERIAL', response(0x1000, 'words', { consistencies: levels.LOCAL_SERIAL }), 'unavailable', true],
    [
      '0x1000 unavailable at QUORUM: the proposal may stand',
      response(0x1000, 'words', { consistencies: levels.QUORUM }),
      'outcome-unknown',
      false,
      'answered',
    ],
    [
      '0x1000 unavailable at LOCAL_QUORUM',
      response(0x1000, 'words', { consistencies: levels.LOCAL_QUORUM }),
      'outcome-unknown',
      false,
      'answered',
    ],
    ['0x1000 unavailable at no level', response(0x1000), 'outcome-unknown', false],
    ['0x1001 overloaded', response(0x1001), 'outcome-unknown', false],
    ['0x1002 bootstrapping', response(0x1002), 'unavailable', true],
    ['0x1003 truncate error', response(0x1003), 'outcome-unknown', false],
    ...['CAS', 'SIMPLE', 'BATCH', 'BATCH_LOG', 'UNLOGGED_BATCH', 'COUNTER', 'VIEW', 'CDC', undefined].map((writeType): Case => [
      `0x1100 write timeout of type ${writeType}`,
      response(0x1100, 'words', { writeType, received: 0, blockFor: 2 }),
      'outcome-unknown',
      false,
      'answered',
    ]),
    ['0x1200 read timeout', response(0x1200), 'outcome-unknown', false, 'answered'],
    ['0x1300 read failure', response(0x1300), 'outcome-unknown', false, 'answered'],
    ['0x1400 function failure', response(0x1400), 'outcome-unknown', false],
    ['0x1500 write failure', response(0x1500), 'outcome-unknown', false, 'answered'],
    ['0x1600 CDC write failure', response(0x1600), 'outcome-unknown', false, 'answered'],
    ['0x1700 CAS write unknown', response(0x1700), 'outcome-unknown', false, 'answered'],
    ['0x2000 syntax error', response(0x2000), 'rejected-by-server', false],
    ['0x2100 unauthorized', response(0x2100), 'access-denied', false],
    ['0x2200 invalid', response(0x2200, 'PRIMARY KEY column cannot have IF conditions'), 'rejected-by-server', false],
    ['0x2200 a missing table', response(0x2200, 'unconfigured table t'), 'schema-mismatch', false],
    ['0x2200 a missing keyspace', response(0x2200, 'keyspace app does not exist'), 'schema-mismatch', false],
    ['0x2200 a missing column', response(0x2200, 'Undefined column name nosuch in table app.t'), 'schema-mismatch', false],
    ['0x2200 a missing column, ScyllaDB', response(0x2200, 'Unknown identifier nosuch'), 'schema-mismatch', false],
    ['0x2300 config error', response(0x2300), 'outcome-unknown', false],
    ['0x2400 already exists', response(0x2400), 'rejected-by-server', false],
    ['0x2500 unprepared', response(0x2500), 'unavailable', true],
    ['0x8000, the driver’s own', response(0x8000), 'outcome-unknown', false],
    ['a code that no table holds', response(0x7777), 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, ...expected) => expectFailure(classifyCassandraError(error), expected));
});

describe('errors of the driver', () => {
  const socket = (more: object): Error => Object.assign(make('DriverError', 'the socket was closed'), { isSocketError: true, ...more });
  const cases: readonly Case[] = [
    ['AuthenticationError', make('AuthenticationError', 'words'), 'access-denied', false],
    ['BusyConnectionError', make('BusyConnectionError', '127.0.0.1:9042', 2048, 1), 'unavailable', true],
    ['OperationTimedOutError', make('OperationTimedOutError', 'words'), 'outcome-unknown', false],
    ['DriverInternalError', make('DriverInternalError', 'words'), 'outcome-unknown', false],
    ['ArgumentError', make('ArgumentError', 'words'), 'outcome-unknown', false],
    ['a socket error before the request was written', socket({ requestNotWritten: true }), 'unavailable', true],
    ['a socket error after it', socket({ requestNotWritten: false }), 'outcome-unknown', false],
    ['a socket error that does not say', socket({}), 'outcome-unknown', false],
    ['a DriverError of another kind', make('DriverError', 'words'), 'outcome-unknown', false],
    ['a TypeError', new TypeError('words'), 'outcome-unknown', false],
    ['an error named as a property of every object', Object.assign(new Error('words'), { name: 'constructor' }), 'outcome-unknown', false],
    ['text', 'words', 'outcome-unknown', false],
    ['undefined', undefined, 'outcome-unknown', false],
    ['null', null, 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, ...expected) => expectFailure(classifyCassandraError(error), expected));
});

describe('NoHostAvailableError, by the errors inside', () => {
  const noHost = (...inner: unknown[]): Error =>
    make('NoHostAvailableError', Object.fromEntries(inner.map((error, i) => [`host${i}`, error])));
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const cases: readonly Case[] = [
    ['no host was tried', noHost(), 'unavailable', true],
    ['hosts that were ignored, in words', noHost('Host considered as DOWN'), 'unavailable', true],
    ['every host refused the connection', noHost(refused, refused), 'unavailable', true],
    ['one was never reached, one was busy', noHost(refused, make('BusyConnectionError', 'a', 1, 1)), 'unavailable', true],
    ['a connection was reset', noHost(refused, reset), 'outcome-unknown', false],
    ['a host timed out', noHost(make('OperationTimedOutError', 'words')), 'outcome-unknown', false],
    ['a host answered with a write timeout', noHost(response(0x1100)), 'outcome-unknown', false],
    ['an error that is none', noHost(undefined), 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, ...expected) => expectFailure(classifyCassandraError(error), expected));
});

describe('ScyllaDB, where it differs', () => {
  const cases: readonly Case[] = [
    [
      '0x1000 unavailable at the commit level: never started',
      response(0x1000, 'words', { consistencies: levels.QUORUM }),
      'unavailable',
      true,
    ],
    ['0x1000 unavailable at LOCAL_SERIAL', response(0x1000, 'words', { consistencies: levels.LOCAL_SERIAL }), 'unavailable', true],
    ['0x1100 write timeout, due to uncertainty', response(0x1100, 'words', { writeType: 'CAS' }), 'outcome-unknown', false, 'answered'],
    ['0x2300 config error, which may be a rate limit', response(0x2300), 'outcome-unknown', false],
    ['0x1001 overloaded', response(0x1001), 'outcome-unknown', false],
    ['0x4321, a rate limit by extension (code constructed)', response(0x4321), 'outcome-unknown', false],
    ['0x2200 a missing column', response(0x2200, 'Unknown identifier nosuch'), 'schema-mismatch', false],
    ['0x2000 syntax error', response(0x2000), 'rejected-by-server', false],
  ];
  test.each(cases)('%s', (_, error, ...expected) => expectFailure(classifyScyllaError(error), expected));
});

describe('a caller’s client (a stub that throws constructed errors): errors that name no coordinator were never sent', () => {
  const t = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
  const throwing = (thrown: Error): CqlClient => ({ execute: () => Promise.reject(thrown), shutdown: async () => undefined });
  const at = <E extends Error>(error: E): E => Object.assign(error, { coordinator: '127.0.0.1:9042' });
  const socket = (): Error => Object.assign(make('DriverError', 'Socket was closed'), { isSocketError: true });
  const noHost = (...inner: unknown[]): Error =>
    make('NoHostAvailableError', Object.fromEntries(inner.map((error, i) => [`h${i}`, error])));
  /** nodejs-rs-driver has errors of the same names and fields, never a coordinator (lib/errors.js). */
  const ofOtherDriver = (name: string): Error => Object.assign(new Error('words'), { name, info: 'Cassandra Driver Error' });

  const cases: readonly Case[] = [
    ['timeout at PREPARE', make('OperationTimedOutError', 'words'), 'unavailable', true],
    ['timeout at EXECUTE', at(make('OperationTimedOutError', 'words')), 'outcome-unknown', false],
    ['lost connection at PREPARE', noHost(socket()), 'unavailable', true],
    ['lost connection at EXECUTE', at(socket()), 'outcome-unknown', false],
    ['one host lost it at EXECUTE', noHost(socket(), at(socket())), 'outcome-unknown', false],
    ['a host that is being asked', noHost(null), 'outcome-unknown', false],
    ['PREPARE refused, overloaded', response(0x1001), 'unavailable', true],
    ['EXECUTE refused, overloaded', at(response(0x1001)), 'outcome-unknown', false],
    ['PREPARE refused, syntax', response(0x2000), 'rejected-by-server', false],
    ['an unprepared id that the driver does not know', make('DriverInternalError', 'words'), 'unavailable', false],
    ['an argument of the driver', make('ArgumentError', 'words'), 'unavailable', false],
    ['timeout of another driver', ofOtherDriver('OperationTimedOutError'), 'outcome-unknown', false],
    ['server error of another driver', Object.assign(ofOtherDriver('ResponseError'), { code: 0x1001 }), 'outcome-unknown', false],
    ['lost connection of another driver', Object.assign(ofOtherDriver('DriverError'), { isSocketError: true }), 'outcome-unknown', false],
    ['a TypeError', new TypeError('words'), 'outcome-unknown', false],
  ];
  test.each(cases)('%s', async (_, error, code, retryable) => {
    const db = createClient(cassandra({ client: throwing(error as Error), keyspace: 'app' }), { verify: 'off' });
    const thrown: unknown = await db.insert(t, { id: 'x' }, { if: notExists() }).catch((each: unknown) => each);
    expect(isLWTError(thrown) && [thrown.code, thrown.retryable, thrown.cause]).toEqual([code, retryable, error]);
  });
});
