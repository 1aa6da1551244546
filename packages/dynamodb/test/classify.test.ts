import * as sdk from '@aws-sdk/client-dynamodb';
import type { LWTErrorCode } from '@onlyif/core';
import { classifyDynamoDbError } from '@onlyif/dynamodb';
import { describe, expect, test } from 'vitest';

type Case = readonly [name: string, error: unknown, code: LWTErrorCode, retryable: boolean];

/** An exception as the SDK makes it, of its own class where it exports one. */
const service = (name: string, message = 'words'): Error =>
  Object.assign(new sdk.DynamoDBServiceException({ name, $fault: 'client', $metadata: {}, message }), {});
const socket = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code, name: 'Error' });

describe('service exceptions', () => {
  const metadata = { $metadata: {}, message: 'words' };
  const cases: readonly Case[] = [
    ['its own class: throttled', new sdk.ProvisionedThroughputExceededException(metadata), 'throttled', true],
    ['its own class: missing', new sdk.ResourceNotFoundException(metadata), 'schema-mismatch', false],
    ['its own class: conflict', new sdk.TransactionConflictException(metadata), 'conflict', true],
    ['its own class: server error', new sdk.InternalServerError(metadata), 'outcome-unknown', false],
    ...['AccessDeniedException', 'ExpiredTokenException', 'IncompleteSignatureException', 'InvalidSignatureException'].map((name): Case => [
      name,
      service(name),
      'access-denied',
      false,
    ]),
    ...['MissingAuthenticationTokenException', 'UnrecognizedClientException', 'CredentialsProviderError'].map((name): Case => [
      name,
      service(name),
      'access-denied',
      false,
    ]),
    ...['LimitExceededException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException'].map(
      (name): Case => [name, service(name), 'throttled', true],
    ),
    ['ReplicatedWriteConflictException', service('ReplicatedWriteConflictException'), 'conflict', true],
    ['ItemCollectionSizeLimitExceededException', service('ItemCollectionSizeLimitExceededException'), 'limit-exceeded', false],
    ['ValidationException', service('ValidationException', 'Invalid ConditionExpression'), 'rejected-by-server', false],
    [
      'ValidationException of the item size',
      service('ValidationException', 'Item size to update has exceeded the maximum'),
      'limit-exceeded',
      false,
    ],
    ['ServiceUnavailable', service('ServiceUnavailable'), 'outcome-unknown', false],
    ['TransactionCanceledException', service('TransactionCanceledException'), 'outcome-unknown', false],
    ['a name that no table holds', service('BrandNewException'), 'outcome-unknown', false],
    ['a name that every object has', service('constructor'), 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyDynamoDbError(error)).toMatchObject({ code, retryable });
  });
});

describe('errors of the connection', () => {
  const cases: readonly Case[] = [
    ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].map((code): Case => [
      code,
      socket(code),
      'unavailable',
      true,
    ]),
    ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].map((code): Case => [code, socket(code), 'outcome-unknown', false]),
    ['TimeoutError', Object.assign(new Error('words'), { name: 'TimeoutError' }), 'outcome-unknown', false],
    ['AbortError', Object.assign(new Error('words'), { name: 'AbortError' }), 'outcome-unknown', false],
    ['text', 'words', 'outcome-unknown', false],
    ['undefined', undefined, 'outcome-unknown', false],
    ['null', null, 'outcome-unknown', false],
  ];
  test.each(cases)('%s', (_, error, code, retryable) => {
    expect(classifyDynamoDbError(error)).toMatchObject({ code, retryable });
  });
});
