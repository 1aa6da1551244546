import type { Failure } from '@onlyif/core';

/** What the tables below look at; errors are taken by shape, for the caller's SDK may be another copy. */
interface NativeError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
}

type Rule = (error: NativeError) => Failure;

const unknown: Rule = ({ message }) => ({
  code: 'outcome-unknown',
  retryable: false,
  message: `The write may or may not have happened: ${String(message)}. Read the row with a strong read to see.`,
});
const denied: Rule = ({ message }) => ({
  code: 'access-denied',
  retryable: false,
  message: `Nothing was written: ${String(message)}. Check the credentials and their permissions.`,
});
const throttled: Rule = ({ message }) => ({
  code: 'throttled',
  retryable: true,
  message: `Nothing was written, for the table is throttled: ${String(message)}. Try again later.`,
});
const conflict: Rule = ({ message }) => ({
  code: 'conflict',
  retryable: true,
  message: `Nothing was written, for another write of the item was under way: ${String(message)}.`,
});
const unavailable: Rule = ({ message }) => ({
  code: 'unavailable',
  retryable: true,
  message: `Nothing was sent: ${String(message)}. Try again later.`,
});
const missing: Rule = ({ message }) => ({
  code: 'schema-mismatch',
  retryable: false,
  message: `The table does not exist, and nothing was written: ${String(message)}.`,
});
const tooLarge: Rule = ({ message }) => ({ code: 'limit-exceeded', retryable: false, message: `Nothing was written: ${String(message)}.` });

/** R21: only the server sees that the sum of an increment has too many digits. */
const beyondNumbers: Rule = ({ message }) => ({
  code: 'invalid-value',
  retryable: false,
  message: `The result is no number that DynamoDB can hold, and nothing was written: ${String(message)}.`,
});

/** A valid update can still make an item larger than 400 KB, which only the server sees. */
const validation: Rule = (error) => {
  const message = String(error.message);
  if (/item size/i.test(message)) return tooLarge(error);
  if (/number (over|under)flow|precision up to|significant digits/i.test(message)) return beyondNumbers(error);
  return {
    code: 'rejected-by-server',
    retryable: false,
    message: `DynamoDB refused the request, and nothing was written: ${String(error.message)}.`,
  };
};

/** Service exceptions by their names, and errors of the SDK itself. */
const byName: { readonly [name: string]: Rule } = {
  AccessDeniedException: denied,
  CredentialsProviderError: denied,
  ExpiredTokenException: denied,
  IncompleteSignatureException: denied,
  InvalidSignatureException: denied,
  MissingAuthenticationTokenException: denied,
  UnrecognizedClientException: denied,
  LimitExceededException: throttled,
  ProvisionedThroughputExceededException: throttled,
  RequestLimitExceeded: throttled,
  ThrottlingException: throttled,
  ReplicatedWriteConflictException: conflict,
  TransactionConflictException: conflict,
  ItemCollectionSizeLimitExceededException: tooLarge,
  ResourceNotFoundException: missing,
  ValidationException: validation,
};

/** Codes of node sockets that never connected. */
const byCode: { readonly [code: string]: Rule } = {
  EAI_AGAIN: unavailable,
  ECONNREFUSED: unavailable,
  EHOSTUNREACH: unavailable,
  ENETUNREACH: unavailable,
  ENOTFOUND: unavailable,
};

/** What an error of the AWS SDK means for a conditional write; `outcome-unknown` for what is not in the tables. */
export function classifyDynamoDbError(error: unknown): Failure {
  const native: NativeError = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const rule = ruleOf(byCode, native.code) ?? ruleOf(byName, native.name) ?? unknown;
  return rule(native);
}

function ruleOf(table: { readonly [key: string]: Rule }, key: unknown): Rule | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
