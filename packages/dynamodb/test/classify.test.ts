import * as sdk from '@aws-sdk/client-dynamodb';
import type { LWTErrorCode } from '@onlyif/core';
import { classifyDynamoDbError } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';
import { byCode as byReason } from '../src/cancellation.ts';
import { beforeSending, open, refusals } from '../src/classify.ts';

type Case = readonly [name: string, error: unknown, code: LWTErrorCode, retryable: boolean];

// All errors here are constructed; those that DynamoDB Local and the fault proxy give are caught in test/faults.
const at = (httpStatusCode: number): { $metadata: { httpStatusCode: number }; message: string } => ({
  $metadata: { httpStatusCode },
  message: 'words',
});

/** Constructed as `getErrorSchemaOrThrowBaseException` of @aws-sdk/core does for a name that the SDK does not know. */
const service = (name: string, message = 'words', status = 400): Error =>
  Object.assign(new sdk.DynamoDBServiceException({ name, $fault: status < 500 ? 'client' : 'server', ...at(status), message }), {});
const namesOf = (cases: readonly Case[]): unknown[] => cases.map(([, error]) => (error as Error).name);
const named = (names: readonly string[], code: LWTErrorCode, retryable: boolean): Case[] =>
  names.map((name) => [name, service(name), code, retryable]);

describe('constructed service exceptions (API reference, "Common errors" and errors of PutItem, TransactWriteItems)', () => {
  const cases: readonly Case[] = [
    ['its own class: throttled', new sdk.ProvisionedThroughputExceededException(at(400)), 'throttled', true],
    ['its own class: missing', new sdk.ResourceNotFoundException(at(400)), 'schema-mismatch', false],
    ['its own class: conflict', new sdk.TransactionConflictException(at(400)), 'conflict', true],
    ['its own class: conflict of another Region', new sdk.ReplicatedWriteConflictException(at(400)), 'conflict', true],
    ['its own class: server error', new sdk.InternalServerError(at(500)), 'outcome-unknown', false],
    ...named(['AccessDenied', 'AccessDeniedException', 'ExpiredToken', 'ExpiredTokenException', 'NotAuthorized'], 'access-denied', false),
    ...named(['IncompleteSignature', 'IncompleteSignatureException', 'InvalidSignatureException'], 'access-denied', false),
    ...named(['MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'OptInRequired'], 'access-denied', false),
    ...named(['InvalidClientTokenId', 'UnrecognizedClientException'], 'access-denied', false),
    ...named(['RequestExpired', 'SignatureDoesNotMatch'], 'access-denied', false),
    ...named(['LimitExceededException', 'ProvisionedThroughputExceededException'], 'throttled', true),
    ...named(['RequestLimitExceeded', 'ThrottlingException'], 'throttled', true),
    ...named(['ReplicatedWriteConflictException', 'TransactionConflictException'], 'conflict', true),
    ...named(['ItemCollectionSizeLimitExceededException', 'RequestEntityTooLargeException'], 'limit-exceeded', false),
    ['413', service('RequestEntityTooLarge', 'words', 413), 'limit-exceeded', false],
    ...named(['ResourceNotFoundException', 'TableNotFoundException'], 'schema-mismatch', false),
    ...named(['ValidationException', 'SerializationException', 'UnknownOperationException'], 'rejected-by-server', false),
    ['item size', service('ValidationException', 'Item size to update has exceeded the maximum'), 'limit-exceeded', false],
    ['R21 numbers', service('ValidationException', 'Number overflow. Attempting to store a number'), 'invalid-value', false],
    ['any other refusal', service('BrandNewException'), 'rejected-by-server', false],
    ['a name that every object has', service('constructor'), 'rejected-by-server', false],
    ['503', service('ServiceUnavailable', 'words', 503), 'outcome-unknown', false],
    ['a refusal in name, with status 500', service('ThrottlingException', 'words', 500), 'outcome-unknown', false],
    ['a server error in name, with status 400', new sdk.InternalServerError(at(400)), 'outcome-unknown', false],
    ['408', service('BrandNewException', 'words', 408), 'outcome-unknown', false],
    ...named(['RequestTimeout', 'RequestTimeoutException'], 'outcome-unknown', false),
    // They speak of an earlier request with the same token, which may have been this write.
    ...named(['IdempotentParameterMismatchException', 'TransactionInProgressException'], 'outcome-unknown', false),
    ...named(['', 'Unknown', 'UnknownError', 'Error'], 'outcome-unknown', false),
    ['a status without an exception', Object.assign(new SyntaxError('no JSON'), at(400)), 'outcome-unknown', false],
    ['an exception without a status', new sdk.ThrottlingException({ message: 'words', $metadata: {} }), 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyDynamoDbError(error)).toMatchObject({ code, retryable });
  });
  test('every name of the tables has a case', () =>
    expect(namesOf(cases)).toEqual(expect.arrayContaining(Object.keys({ ...refusals, ...open }))));
});

describe('constructed cancellations (API reference, TransactWriteItems, "Cancellation reasons")', () => {
  const cancelled = (...codes: string[]): Error =>
    new sdk.TransactionCanceledException({ ...at(400), CancellationReasons: codes.map((Code) => ({ Code, Message: 'words' })) });
  const cases: readonly Case[] = [
    ['AccessDenied', cancelled('AccessDenied'), 'access-denied', false],
    // Of the caller's own transactions: the adapter takes it for an answer before it classifies.
    ['ConditionalCheckFailed', cancelled('ConditionalCheckFailed'), 'rejected-by-server', false],
    ['TransactionConflict', cancelled('TransactionConflict'), 'conflict', true],
    ['ProvisionedThroughputExceeded', cancelled('ProvisionedThroughputExceeded'), 'throttled', true],
    ['ThrottlingError', cancelled('ThrottlingError'), 'throttled', true],
    ['ItemCollectionSizeLimitExceeded', cancelled('ItemCollectionSizeLimitExceeded'), 'limit-exceeded', false],
    ['ValidationError', cancelled('ValidationError'), 'rejected-by-server', false],
    [
      'ValidationError of the item size',
      new sdk.TransactionCanceledException({
        ...at(400),
        CancellationReasons: [{ Code: 'ValidationError', Message: 'Item size to update has exceeded the maximum allowed size' }],
      }),
      'limit-exceeded',
      false,
    ],
    ['a reason that no table lists', cancelled('BrandNew'), 'outcome-unknown', false],
    ['None', cancelled('None'), 'outcome-unknown', false],
    ['a name that every object has', cancelled('constructor'), 'outcome-unknown', false],
    ['two reasons for one item', cancelled('TransactionConflict', 'None'), 'outcome-unknown', false],
    ['no reasons', new sdk.TransactionCanceledException(at(400)), 'outcome-unknown', false],
    ['with status 500', Object.assign(cancelled('TransactionConflict'), at(500)), 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyDynamoDbError(error)).toMatchObject({ code, retryable });
  });
  test('every code of the table has a case', () =>
    expect(cases.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(byReason))));
});

describe('constructed errors of the SDK and of node (@smithy/node-http-handler, libuv)', () => {
  const socket = (code: string, syscall?: string): Error => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  const timeout = (message: string, more: object = {}): Error => Object.assign(new Error(message), { name: 'TimeoutError', ...more });
  const cases: readonly Case[] = [
    ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNRESET', 'EADDRNOTAVAIL'].map((code): Case => [
      `connect ${code}`,
      socket(code, 'connect'),
      'unavailable',
      true,
    ]),
    ...['ENOTFOUND', 'EAI_AGAIN'].map((code): Case => [`getaddrinfo ${code}`, socket(code, 'getaddrinfo'), 'unavailable', true]),
    ['every address refused', new AggregateError([socket('ECONNREFUSED', 'connect'), socket('ETIMEDOUT', 'connect')]), 'unavailable', true],
    [
      'one address refused',
      new AggregateError([socket('ECONNREFUSED', 'connect'), socket('ECONNRESET', 'read')]),
      'outcome-unknown',
      false,
    ],
    ['no address at all', new AggregateError([]), 'outcome-unknown', false],
    [
      'no connection in time',
      timeout(
        '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 9 ms.',
      ),
      'unavailable',
      true,
    ],
    ['the same of older versions', timeout('Socket timed out without establishing a connection within 9 ms'), 'unavailable', true],
    // On a connection that stood, the kernel reports unreachable hosts and refusals too, once it stops repeating (tcp(7), soft errors).
    ...['ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED'].map((code): Case => [
      `read ${code}`,
      socket(code, 'read'),
      'outcome-unknown',
      false,
    ]),
    ['write EPIPE', socket('EPIPE', 'write'), 'outcome-unknown', false],
    ['ECONNRESET without a call', socket('ECONNRESET'), 'outcome-unknown', false],
    [
      'silence longer than requestTimeout',
      timeout('@smithy/node-http-handler - [ERROR] a request has exceeded the configured 9 ms requestTimeout.', { code: 'ETIMEDOUT' }),
      'outcome-unknown',
      false,
    ],
    [
      'silence of the socket',
      timeout('@smithy/node-http-handler - the request socket timed out after 9 ms of inactivity (service default socket timeout).'),
      'outcome-unknown',
      false,
    ],
    ['AbortError', Object.assign(new Error('Request aborted'), { name: 'AbortError' }), 'outcome-unknown', false],
    ['CredentialsProviderError', Object.assign(new Error('words'), { name: 'CredentialsProviderError' }), 'access-denied', false],
    ['TokenProviderError', Object.assign(new Error('words'), { name: 'TokenProviderError' }), 'access-denied', false],
    ['no JSON', new SyntaxError('Unexpected token'), 'outcome-unknown', false],
    ['TypeError', new TypeError('fetch failed', { cause: socket('ECONNREFUSED', 'connect') }), 'outcome-unknown', false],
    ['text', 'words', 'outcome-unknown', false],
    ['undefined', undefined, 'outcome-unknown', false],
    ['null', null, 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyDynamoDbError(error)).toMatchObject({ code, retryable });
  });
  test('every name of what comes before sending has a case', () =>
    expect(cases.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(beforeSending))));
});
