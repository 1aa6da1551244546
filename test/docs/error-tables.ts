import { classifyCassandraError, classifyScyllaError } from '@onlyif/cassandra';
import type { Failure } from '@onlyif/core';
import { classifyDynamoDbError } from '@onlyif/dynamodb';
import { classifyKeyspacesError } from '@onlyif/keyspaces';
import { table } from './generated.ts';

type Row = readonly [error: string, native: object, why: string];

const response = (code: number, more: object = {}): object => ({ name: 'ResponseError', code, message: 'words', ...more });
const [serial, quorum] = [0x0008, 0x0004];

/** Errors of cassandra-driver, those of servers by their codes; every code of the native protocol v4 has its row. */
export const cqlErrors: readonly Row[] = [
  [
    '`0x1000` Unavailable at `SERIAL` or `LOCAL_SERIAL`',
    response(0x1000, { consistencies: serial }),
    'Cassandra: the Paxos round never began',
  ],
  [
    '`0x1000` Unavailable at the commit level',
    response(0x1000, { consistencies: quorum }),
    'Cassandra from 4.0 on: it can come after the proposal was accepted (`StorageProxy.commitPaxos`). ScyllaDB turns these into write time-outs (`storage_proxy.cc`)',
  ],
  [
    '`0x1100` write time-out',
    response(0x1100),
    'the proposal may stand, or be finished by another round. Keyspaces: throttled, or too late',
  ],
  ['`0x1500` write failure', response(0x1500), 'the same'],
  ['`0x1600` CDC write failure', response(0x1600), 'the same'],
  ['`0x1700` CAS write unknown', response(0x1700), 'the same; protocol v5 only'],
  ['`0x1200` read time-out', response(0x1200), 'the read is a phase of the write. Keyspaces: throttled, or too late'],
  ['`0x1300` read failure', response(0x1300), 'the read is a phase of the write'],
  ['`0x0000` server error', response(0x0000), 'no word on the phase'],
  ['`0x1001` overloaded', response(0x1001), 'found at the door as well as in the middle of a commit'],
  ['`0x1003` truncate error', response(0x1003), 'no answer to a write'],
  ['`0x1400` function failure', response(0x1400), 'no answer to a write'],
  ['`0x1002` bootstrapping', response(0x1002), 'refused at the door'],
  ['`0x2500` unprepared', response(0x2500), 'refused at the door'],
  ['`0x2000` syntax error', response(0x2000), 'refused before it began'],
  ['`0x2200` invalid', response(0x2200), 'refused before it began'],
  [
    '`0x2200` invalid, of a table or column that is not there',
    response(0x2200, { message: 'unconfigured table t' }),
    'refused before it began',
  ],
  ['`0x2400` already exists', response(0x2400), 'no answer to a write'],
  ['`0x000a` protocol error', response(0x000a), 'the request was not understood'],
  ['`0x2300` configuration error', response(0x2300), 'ScyllaDB’s rate limit may arrive as one (its protocol extensions)'],
  ['`0x0100` bad credentials', response(0x0100), ''],
  ['`0x2100` unauthorized', response(0x2100), ''],
  ['any other code', response(0x9999), ''],
  ['`AuthenticationError`', { name: 'AuthenticationError' }, 'on a new connection, before the request'],
  ['`OperationTimedOutError`', { name: 'OperationTimedOutError' }, 'the request may be anywhere'],
  ['a closed socket', { name: 'DriverError', isSocketError: true }, 'the same'],
  [
    'a closed socket with `requestNotWritten`',
    { name: 'DriverError', isSocketError: true, requestNotWritten: true },
    'it waited in the driver',
  ],
  ['`BusyConnectionError`', { name: 'BusyConnectionError' }, 'it waited in the driver'],
  [
    '`NoHostAvailableError` whose inner errors all mean that nothing was done',
    { name: 'NoHostAvailableError', innerErrors: { a: { code: 'ECONNREFUSED' }, b: response(0x2200) } },
    '',
  ],
  [
    'the same, one being an `ArgumentError`',
    { name: 'NoHostAvailableError', innerErrors: { a: { name: 'ArgumentError' } } },
    'the options are wrong: there is no such `localDataCenter`',
  ],
  [
    'the same, all being an `AuthenticationError`',
    { name: 'NoHostAvailableError', innerErrors: { a: { name: 'AuthenticationError' } } },
    'every node refuses the credentials',
  ],
  [
    '`NoHostAvailableError` with any other inner error',
    { name: 'NoHostAvailableError', innerErrors: { a: { name: 'OperationTimedOutError' } } },
    '',
  ],
  ['anything else', { name: 'TypeError' }, 'encoding and decoding fail alike'],
];

export function cqlErrorTable(): string {
  const rows = cqlErrors.map(([error, native, why]) => [
    error,
    ...[classifyCassandraError, classifyScyllaError, classifyKeyspacesError].map((classify) => outcome(classify(native))),
    why,
  ]);
  return table(['error', 'Cassandra', 'ScyllaDB', 'Keyspaces', 'why'], rows);
}

const exception = (name: string, httpStatusCode: number): object => ({
  name,
  message: 'words',
  $fault: httpStatusCode < 500 ? 'client' : 'server',
  $metadata: { httpStatusCode },
});
const cancelled = (Code: string): object => ({
  ...exception('TransactionCanceledException', 400),
  CancellationReasons: [{ Code, Message: 'words' }],
});
const socket = (code: string, syscall: string): object => ({ name: 'Error', code, syscall });

const dynamoDbErrors: readonly (readonly [error: string, natives: readonly object[]])[] = [
  [
    '`ProvisionedThroughputExceededException`, `ThrottlingException`, `RequestLimitExceeded`, `LimitExceededException`',
    ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded', 'LimitExceededException'].map((name) =>
      exception(name, 400),
    ),
  ],
  [
    '`TransactionConflictException`, `ReplicatedWriteConflictException`',
    ['TransactionConflictException', 'ReplicatedWriteConflictException'].map((name) => exception(name, 400)),
  ],
  [
    '`AccessDeniedException`, `UnrecognizedClientException`, `ExpiredTokenException`, a signature that is wrong or late',
    ['AccessDeniedException', 'UnrecognizedClientException', 'ExpiredTokenException', 'InvalidSignatureException'].map((name) =>
      exception(name, 400),
    ),
  ],
  ['`ResourceNotFoundException`', [exception('ResourceNotFoundException', 400)]],
  [
    '`ItemCollectionSizeLimitExceededException`; an item of more than 400 KB',
    [
      exception('ItemCollectionSizeLimitExceededException', 400),
      { ...exception('ValidationException', 400), message: 'Item size to update has exceeded the maximum allowed size' },
    ],
  ],
  [
    '`ValidationException`, and any other exception with a status of 4xx',
    ['ValidationException', 'Other'].map((name) => exception(name, 400)),
  ],
  [
    'a cancelled transaction: `TransactionConflict`; `ThrottlingError`, `ProvisionedThroughputExceeded`; `ValidationError`',
    ['TransactionConflict', 'ThrottlingError', 'ValidationError'].map(cancelled),
  ],
  ['5xx, whatever the name', [exception('ThrottlingException', 503), exception('ConditionalCheckFailedException', 500)]],
  ['408', [exception('RequestTimeoutException', 408)]],
  ['a status of 4xx without a name', [exception('Unknown', 400)]],
  [
    '`IdempotentParameterMismatchException`, `TransactionInProgressException`',
    ['IdempotentParameterMismatchException', 'TransactionInProgressException'].map((name) => exception(name, 400)),
  ],
  ['refused or unresolved while connecting', [socket('ECONNREFUSED', 'connect'), socket('ENOTFOUND', 'getaddrinfo')]],
  ['connecting took too long', [{ name: 'TimeoutError', message: 'did not establish a connection within 3000 ms' }]],
  ['no credentials (`CredentialsProviderError`)', [{ name: 'CredentialsProviderError' }]],
  [
    'reset, broken pipe, time-out after connecting, unreadable reply, abort after the request went out',
    [
      socket('ECONNRESET', 'read'),
      socket('EPIPE', 'write'),
      { name: 'TimeoutError', message: 'timed out' },
      new SyntaxError('words'),
      { name: 'AbortError' },
    ],
  ],
];

export function dynamoDbErrorTable(): string {
  const rows = dynamoDbErrors.map(([error, natives]) => [
    error,
    [...new Set(natives.map((native) => outcome(classifyDynamoDbError(native))))].join('; '),
  ]);
  return table(['error', 'outcome'], rows);
}

function outcome({ code, answered, retryable }: Failure): string {
  if (code === 'outcome-unknown') return answered === true ? 'unknown, answered' : 'unknown';
  return `\`${code}\`${retryable ? ', tried again' : ''}`;
}
