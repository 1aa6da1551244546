import { classifyCassandraError } from '@onlyif/cassandra';
import type { LWTErrorCode } from '@onlyif/core';
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

type Case = readonly [name: string, error: unknown, code: LWTErrorCode, retryable: boolean];
const response = (code: number, message = 'words', more: object = {}): Error => Object.assign(make('ResponseError', code, message), more);
const levels = { ANY: 0, ONE: 1, QUORUM: 4, ALL: 5, LOCAL_QUORUM: 6, SERIAL: 8, LOCAL_SERIAL: 9 } as const;

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
    ],
    ['0x1000 unavailable at LOCAL_QUORUM', response(0x1000, 'words', { consistencies: levels.LOCAL_QUORUM }), 'outcome-unknown', false],
    ['0x1000 unavailable at no level', response(0x1000), 'outcome-unknown', false],
    ['0x1001 overloaded', response(0x1001), 'outcome-unknown', false],
    ['0x1002 bootstrapping', response(0x1002), 'unavailable', true],
    ['0x1003 truncate error', response(0x1003), 'outcome-unknown', false],
    ...['CAS', 'SIMPLE', 'BATCH', 'BATCH_LOG', 'UNLOGGED_BATCH', 'COUNTER', 'VIEW', 'CDC', undefined].map((writeType): Case => [
      `0x1100 write timeout of type ${writeType}`,
      response(0x1100, 'words', { writeType, received: 0, blockFor: 2 }),
      'outcome-unknown',
      false,
    ]),
    ['0x1200 read timeout', response(0x1200), 'outcome-unknown', false],
    ['0x1300 read failure', response(0x1300), 'outcome-unknown', false],
    ['0x1400 function failure', response(0x1400), 'outcome-unknown', false],
    ['0x1500 write failure', response(0x1500), 'outcome-unknown', false],
    ['0x1600 CDC write failure', response(0x1600), 'outcome-unknown', false],
    ['0x1700 CAS write unknown', response(0x1700), 'outcome-unknown', false],
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
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyCassandraError(error)).toMatchObject({ code, retryable });
  });
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
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyCassandraError(error)).toMatchObject({ code, retryable });
  });
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
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyCassandraError(error)).toMatchObject({ code, retryable });
  });
});
