import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import {
  accessDenied,
  byDriverError,
  classifyBy,
  type ErrorTable,
  neverWritten,
  notToBeRepeated,
  unavailable,
  unconnected,
  unknownOutcome,
} from '../src/classify-error.ts';

/** The driver's constructors take more than their declarations say. */
const made = driver.errors as unknown as { readonly [name: string]: new (...args: unknown[]) => Error };
function make(name: string, ...args: unknown[]): Error {
  const Made = made[name];
  if (Made === undefined) throw new Error(`the driver has no ${name}`);
  return new Made(...args);
}

const table: ErrorTable = { byCode: { 0x1002: unavailable }, denied: accessDenied(''), unknown: unknownOutcome('') };
const codeOf = (error: unknown): string => classifyBy(table, error).code;
const coded = (code: string, message: string): Error => Object.assign(new Error(`${message} ${code}`), { code });

describe('constructed errors of the driver, by name', () => {
  const expected: { readonly [name: string]: readonly (readonly [what: string, error: unknown, code: string])[] } = {
    AuthenticationError: [['lib/connection.js', make('AuthenticationError', 'words'), 'access-denied']],
    BusyConnectionError: [['lib/host-connection-pool.js', make('BusyConnectionError', '127.0.0.1:9042', 2048, 1), 'unavailable']],
    DriverError: [
      [
        'lib/writers.js, not written',
        Object.assign(make('DriverError', 'words'), { isSocketError: true, requestNotWritten: true }),
        'unavailable',
      ],
      ['lib/connection.js', Object.assign(make('DriverError', 'words'), { isSocketError: true }), 'outcome-unknown'],
    ],
    NoHostAvailableError: [['lib/request-handler.js', make('NoHostAvailableError', {}), 'unavailable']],
  };
  const cases = Object.entries(expected).flatMap(([name, each]) => each.map(([what, error, code]) => [`${name}: ${what}`, error, code]));
  test.each(cases)('%s', (_, error, code) => expect(codeOf(error)).toBe(code));
  test('every name of the table has a case', () => expect(Object.keys(expected)).toEqual(Object.keys(byDriverError)));
});

describe('constructed errors inside a NoHostAvailableError (lib/control-connection.js, lib/request-handler.js)', () => {
  const codeInside = (inner: unknown): string => codeOf(make('NoHostAvailableError', { '127.0.0.1:9042': inner }));

  /** Of connect(2) and getaddrinfo(3). Real ones, but for EAI_AGAIN and EHOSTUNREACH, are in test/faults/cassandra-errors.test.ts. */
  const neverConnected = [
    ['ECONNREFUSED', 'connect'],
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
    ['EHOSTUNREACH', 'connect'],
    ['ENETUNREACH', 'connect'],
  ] as const;
  test.each(neverConnected)('%s: never sent', (code, call) => expect(codeInside(coded(code, call))).toBe('unavailable'));
  test('every code that is listed has a case', () => expect(neverConnected.map(([code]) => code)).toEqual([...unconnected]));
  test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])('%s: perhaps sent', (code) =>
    expect(codeInside(coded(code, 'read'))).toBe('outcome-unknown'),
  );

  test('ArgumentError, of a data centre that is not there (lib/control-connection.js): never sent, and the options are wrong', () =>
    expect(codeInside(make('ArgumentError', "localDataCenter was configured as 'dc9'"))).toBe('invalid-statement'));
  test('OperationTimedOutError: perhaps sent', () => expect(codeInside(make('OperationTimedOutError', 'words'))).toBe('outcome-unknown'));
});

describe('what was never written', () => {
  /** A real one: what lib/writers.js meets in a number that does not fit. */
  const outOfRange = (): unknown => {
    try {
      return Buffer.alloc(2).writeUInt16BE(70_000);
    } catch (error) {
      return error;
    }
  };
  const constructed = ['ArgumentError', 'NotSupportedError', 'DriverInternalError'].map((name) => make(name, 'words'));
  const mistakes = [...constructed, new TypeError('words'), outOfRange()].map((error) => [(error as Error).name, error] as const);
  test.each(mistakes)('%s: a repeat would meet it again', (_, error) =>
    expect(neverWritten(error)).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: false, cause: error }),
  );
  test('every name that is listed has a case', () => expect(mistakes.map(([name]) => name)).toEqual([...notToBeRepeated]));

  test.each([make('OperationTimedOutError', 'words'), make('ResponseError', 0x1001, 'words'), 'words'])('%s: is repeated', (error) =>
    expect(neverWritten(error)).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true }),
  );
});
