// What the proxy does to requests to DynamoDB, and what must be told of each verb under it.
import {
  deleteRow,
  eq,
  increment,
  insert,
  type LWTErrorCode,
  notExists,
  replace,
  type RowOf,
  type Statement,
  update,
  upsert,
} from '@onlyif/core';
import type { HttpFault, HttpRule } from '@onlyif/testkit';
import { counters } from './dynamodb-place.ts';

export type Counter = RowOf<typeof counters>;
const { v } = counters.columns;

export interface Verb {
  readonly name: string;
  /** The row before; none where it is null. */
  readonly before: Omit<Counter, 'id'> | null;
  readonly statement: (id: string) => Statement;
  /** The row once the write happened. */
  readonly after: Omit<Counter, 'id'> | null;
  /** Whether the condition holds before. */
  readonly holds: boolean;
}

export const before: Omit<Counter, 'id'> = { v: 1, n: 1n };
export const verbs: readonly Verb[] = [
  {
    name: 'insert',
    before: null,
    statement: (id) => insert(counters, { id, v: 1 }, { if: notExists() }),
    after: { v: 1, n: null },
    holds: true,
  },
  {
    name: 'update',
    before,
    statement: (id) => update(counters, { id }, { set: { v: 2 }, if: eq(v, 1) }),
    after: { v: 2, n: 1n },
    holds: true,
  },
  {
    name: 'increment',
    before,
    statement: (id) => update(counters, { id }, { set: { n: increment(1n), v: 2 }, if: eq(v, 1) }),
    after: { v: 2, n: 2n },
    holds: true,
  },
  { name: 'replace', before, statement: (id) => replace(counters, { id, v: 3 }, { if: eq(v, 1) }), after: { v: 3, n: null }, holds: true },
  {
    name: 'upsert',
    before,
    statement: (id) => upsert(counters, { id }, { set: { v: 5 }, if: eq(v, 1) }),
    after: { v: 5, n: 1n },
    holds: true,
  },
  { name: 'delete', before, statement: (id) => deleteRow(counters, { id }, { if: eq(v, 1) }), after: null, holds: true },
  {
    name: 'update whose condition is false',
    before,
    statement: (id) => update(counters, { id }, { set: { v: 2 }, if: eq(v, 7) }),
    after: before,
    holds: false,
  },
];

export interface Expected {
  readonly fault: HttpFault;
  /** What the caller is told of a write whose condition holds: the result, or the code of the error. */
  readonly told: string;
  /** What is told where the condition does not hold; the same by default. */
  readonly toldFalse?: string;
  /** What is told of a `get` under the same fault. */
  readonly read: string;
  /** The name or code of the native error in `cause`. */
  readonly cause?: string;
  /** Whether the server behind got the write. */
  readonly arrives: boolean;
  /** The caller gives up once the proxy holds the message. */
  readonly silent?: boolean;
}

const instead = (status: number, type: string | undefined, forwarded: boolean): HttpFault => ({
  kind: 'replace-reply',
  forwarded,
  status,
  ...(type === undefined ? {} : { type }),
  message: 'words',
});
const unknown = { told: 'outcome-unknown', read: 'unavailable', arrives: true };
/** What is told of each refusal that the tables name. */
export const refused: { readonly [name: string]: LWTErrorCode } = {
  AccessDenied: 'access-denied',
  AccessDeniedException: 'access-denied',
  ExpiredToken: 'access-denied',
  ExpiredTokenException: 'access-denied',
  IncompleteSignature: 'access-denied',
  IncompleteSignatureException: 'access-denied',
  InvalidClientTokenId: 'access-denied',
  InvalidSignatureException: 'access-denied',
  MissingAuthenticationToken: 'access-denied',
  MissingAuthenticationTokenException: 'access-denied',
  NotAuthorized: 'access-denied',
  OptInRequired: 'access-denied',
  RequestExpired: 'access-denied',
  SignatureDoesNotMatch: 'access-denied',
  UnrecognizedClientException: 'access-denied',
  LimitExceededException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ThrottlingException: 'throttled',
  ReplicatedWriteConflictException: 'conflict',
  TransactionConflictException: 'conflict',
  ItemCollectionSizeLimitExceededException: 'limit-exceeded',
  RequestEntityTooLarge: 'limit-exceeded',
  RequestEntityTooLargeException: 'limit-exceeded',
  ResourceNotFoundException: 'schema-mismatch',
  TableNotFoundException: 'schema-mismatch',
  ValidationException: 'rejected-by-server',
};
export const leftOpen: readonly string[] = [
  'IdempotentParameterMismatchException',
  'RequestTimeout',
  'RequestTimeoutException',
  'TransactionInProgressException',
];
/** The status that comes with a name; 400 with most. */
const statusOf: { readonly [name: string]: number } = { RequestEntityTooLarge: 413, RequestEntityTooLargeException: 413 };

export const faultCases: readonly Expected[] = [
  { fault: { kind: 'drop-request' }, told: 'outcome-unknown', read: 'aborted', arrives: false, silent: true },
  { fault: { kind: 'drop-reply' }, told: 'outcome-unknown', read: 'aborted', arrives: true, silent: true },
  { fault: { kind: 'delay-request', until: 5 }, told: 'applied', toldFalse: 'not applied', read: 'row', arrives: true },
  { fault: { kind: 'delay-reply', until: 5 }, told: 'applied', toldFalse: 'not applied', read: 'row', arrives: true },
  { fault: { kind: 'cut-request', by: 'reset' }, ...unknown, cause: 'ECONNRESET', arrives: false },
  { fault: { kind: 'cut-request', by: 'end' }, ...unknown, cause: 'ECONNRESET', arrives: false },
  { fault: { kind: 'cut-reply', by: 'reset' }, ...unknown, cause: 'ECONNRESET' },
  { fault: { kind: 'cut-reply', by: 'end' }, ...unknown, cause: 'ECONNRESET' },
  { fault: { kind: 'truncate-reply' }, ...unknown, cause: 'ECONNRESET' },
  { fault: { kind: 'garbage-reply' }, ...unknown, cause: 'SyntaxError' },
  { fault: { kind: 'empty-reply' }, told: 'protocol', read: 'protocol', arrives: true },
  // The SDK does not look at the checksum; the body is as it was.
  { fault: { kind: 'wrong-checksum' }, told: 'applied', toldFalse: 'not applied', read: 'row', arrives: true },
  // R41: no client can tell its own request that the network doubled from another writer's.
  { fault: { kind: 'duplicate-request' }, told: 'not applied', toldFalse: 'not applied', read: 'row', arrives: true },
  ...Object.entries({ ...refused, NameOfTheFutureException: 'rejected-by-server' }).map(([name, told]) => ({
    fault: instead(statusOf[name] ?? 400, name, false),
    told,
    read: told,
    cause: name,
    arrives: false,
  })),
  ...[true, false].flatMap((arrives): Expected[] => [
    { fault: instead(500, 'InternalServerError', arrives), ...unknown, cause: 'InternalServerError', arrives },
    { fault: instead(503, 'ServiceUnavailable', arrives), ...unknown, cause: 'ServiceUnavailable', arrives },
    { fault: instead(500, 'ThrottlingException', arrives), ...unknown, cause: 'ThrottlingException', arrives },
    { fault: instead(500, 'ConditionalCheckFailedException', arrives), ...unknown, cause: 'ConditionalCheckFailedException', arrives },
    { fault: instead(502, undefined, arrives), ...unknown, arrives },
    { fault: instead(400, undefined, arrives), ...unknown, arrives },
    { fault: instead(408, 'RequestTimeoutException', arrives), ...unknown, cause: 'RequestTimeoutException', arrives },
    ...leftOpen.map((name) => ({ fault: instead(400, name, arrives), ...unknown, cause: name, arrives })),
  ]),
];

/** What is told of each reason to cancel a transaction that the table lists, but for the failed condition. */
export const cancelled: { readonly [reason: string]: LWTErrorCode } = {
  AccessDenied: 'access-denied',
  ItemCollectionSizeLimitExceeded: 'limit-exceeded',
  ProvisionedThroughputExceeded: 'throttled',
  ThrottlingError: 'throttled',
  TransactionConflict: 'conflict',
  ValidationError: 'rejected-by-server',
};

/** In place of the answer, as the API reference of TransactWriteItems has it. */
const cancelledFor = (status: number, reasons: readonly object[]): HttpFault => ({
  kind: 'replace-reply',
  forwarded: false,
  status,
  type: 'TransactionCanceledException',
  message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
  more: { CancellationReasons: reasons },
});
export const cancelledBecause = (...reasons: readonly object[]): HttpRule => ({ times: 1, do: cancelledFor(400, reasons) });

/** What a transaction can meet besides. */
export const cancellationCases: readonly Expected[] = [
  ...Object.entries(cancelled).map(([Code, told]) => ({ fault: cancelledFor(400, [{ Code }]), told, read: told, arrives: false })),
  // The server's word is taken for it, whatever the condition.
  { fault: cancelledFor(400, [{ Code: 'ConditionalCheckFailed' }]), told: 'not applied', read: 'unavailable', arrives: false },
  { fault: cancelledFor(400, [{ Code: 'NameOfTheFuture' }]), ...unknown, arrives: false },
  { fault: cancelledFor(400, []), ...unknown, arrives: false },
  { fault: cancelledFor(400, [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }]), ...unknown, arrives: false },
  { fault: cancelledFor(500, [{ Code: 'ConditionalCheckFailed' }]), ...unknown, arrives: false },
];

/** A result in a word. */
export function wordOf(result: unknown): { told: string } {
  if (typeof result !== 'object' || result === null || !('applied' in result)) return { told: result === null ? 'null' : 'row' };
  return { told: result.applied === true ? 'applied' : 'not applied' };
}
