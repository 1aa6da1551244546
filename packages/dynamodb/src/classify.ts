import type { Failure } from '@onlyif/core';
import { classifyCancellation } from './cancellation.ts';
import {
  conflict,
  denied,
  missing,
  type NativeError,
  neverSent,
  refused,
  type Rule,
  throttled,
  tooLarge,
  unknown,
  validation,
} from './failure-rules.ts';

/** Exceptions of the service that say, with a status of 4xx, that the request was refused; API reference, "Common errors". */
export const refusals: { readonly [name: string]: Rule } = {
  AccessDenied: denied,
  AccessDeniedException: denied,
  ExpiredToken: denied,
  ExpiredTokenException: denied,
  IncompleteSignature: denied,
  IncompleteSignatureException: denied,
  InvalidClientTokenId: denied,
  InvalidSignatureException: denied,
  MissingAuthenticationToken: denied,
  MissingAuthenticationTokenException: denied,
  NotAuthorized: denied,
  OptInRequired: denied,
  RequestExpired: denied,
  SignatureDoesNotMatch: denied,
  UnrecognizedClientException: denied,
  LimitExceededException: throttled,
  ProvisionedThroughputExceededException: throttled,
  RequestLimitExceeded: throttled,
  ThrottlingException: throttled,
  ReplicatedWriteConflictException: conflict,
  TransactionConflictException: conflict,
  ItemCollectionSizeLimitExceededException: tooLarge,
  RequestEntityTooLarge: tooLarge,
  RequestEntityTooLargeException: tooLarge,
  ResourceNotFoundException: missing,
  TableNotFoundException: missing,
  ValidationException: validation,
};

/** Refusals that say nothing of an earlier request with the same token, or of the end of this one. */
export const open: { readonly [name: string]: Rule } = {
  IdempotentParameterMismatchException: unknown,
  RequestTimeout: unknown,
  RequestTimeoutException: unknown,
  TransactionInProgressException: unknown,
};

/** Errors of the SDK before it sends. */
export const beforeSending: { readonly [name: string]: Rule } = {
  CredentialsProviderError: denied,
  TokenProviderError: denied,
};

/**
 * What an error of the AWS SDK means for a conditional write; `outcome-unknown` for what is not in the tables.
 * An exception of the service that no table lists is a refusal where it came with a status of 4xx.
 */
export function classifyDynamoDbError(error: unknown): Failure {
  const native: NativeError = typeof error === 'object' && error !== null ? error : { message: String(error) };
  if (neverConnected(native)) return neverSent(native);
  const early = ruleOf(beforeSending, native.name);
  if (early !== undefined) return early(native);
  if (!isRefusal(native) || ruleOf(open, native.name) !== undefined) return unknown(native);
  if (native.name === 'TransactionCanceledException') return classifyCancellation(native);
  const failure = (ruleOf(refusals, native.name) ?? (isNamed(native) ? refused : unknown))(native);
  // The SDK took the right time from the answer (@aws-sdk/core, httpAuthSchemes), and signs the next request with it.
  return native.$metadata?.clockSkewCorrected === true ? { ...failure, retryable: true } : failure;
}

/** Whether the service itself refused the request: an exception that was parsed, with a status that says so. */
export function isRefusal(error: unknown): boolean {
  const { $fault, $metadata } = (error ?? {}) as NativeError;
  const status = $metadata?.httpStatusCode;
  // 408: what became of the request is not said.
  return $fault === 'client' && typeof status === 'number' && status >= 400 && status < 500 && status !== 408;
}

/** A body without a type is no exception of the service: the SDK calls it `Unknown` or `UnknownError`. */
function isNamed({ name }: NativeError): boolean {
  return typeof name === 'string' && !['', 'Error', 'Unknown', 'UnknownError'].includes(name);
}

/** Calls of the operating system that come before the first byte: EHOSTUNREACH of a `read` came after it. */
const connecting: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);

function neverConnected({ name, message, syscall, errors }: NativeError): boolean {
  if (Array.isArray(errors)) return errors.length > 0 && errors.every((error) => neverConnected(error as NativeError));
  if (connecting.has(syscall)) return true;
  // The words of @smithy/node-http-handler, now and before 3.3.
  return name === 'TimeoutError' && /did not establish a connection|without establishing a connection/.test(String(message));
}

function ruleOf(table: { readonly [key: string]: Rule }, key: unknown): Rule | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
