import type { Failure } from '@onlyif/core';

/** What the tables look at; errors are taken by shape, for the caller's SDK may be another copy. */
export interface NativeError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  /** The call of the operating system that failed, in errors of node's sockets. */
  readonly syscall?: unknown;
  /** In an `AggregateError`: one for each address that was tried. */
  readonly errors?: unknown;
  /** Set by the SDK on exceptions of the service that it parsed, by their status. */
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown };
  readonly CancellationReasons?: unknown;
}

export type Rule = (error: NativeError) => Failure;

export const unknown: Rule = ({ message }) => ({
  code: 'outcome-unknown',
  retryable: false,
  message: `The write may or may not have happened: ${String(message)}. Read the row with a strong read to see.`,
});
export const denied: Rule = ({ message }) => ({
  code: 'access-denied',
  retryable: false,
  message: `Nothing was written: ${String(message)}. Check the credentials and their permissions.`,
});
export const throttled: Rule = ({ message }) => ({
  code: 'throttled',
  retryable: true,
  message: `Nothing was written, for the table is throttled: ${String(message)}. Try again later.`,
});
export const conflict: Rule = ({ message }) => ({
  code: 'conflict',
  retryable: true,
  message: `Nothing was written, for another write of the item was under way: ${String(message)}.`,
});
export const neverSent: Rule = ({ message }) => ({
  code: 'unavailable',
  retryable: true,
  message: `Nothing was sent: ${String(message)}. Try again later.`,
});
export const missing: Rule = ({ message }) => ({
  code: 'schema-mismatch',
  retryable: false,
  message: `The table does not exist, and nothing was written: ${String(message)}.`,
});
export const tooLarge: Rule = ({ message }) => ({
  code: 'limit-exceeded',
  retryable: false,
  message: `Nothing was written: ${String(message)}.`,
});
export const refused: Rule = ({ message }) => ({
  code: 'rejected-by-server',
  retryable: false,
  message: `DynamoDB refused the request, and nothing was written: ${String(message)}.`,
});

/** R21: only the server sees that the sum of an increment has too many digits. */
const beyondNumbers: Rule = ({ message }) => ({
  code: 'invalid-value',
  retryable: false,
  message: `The result is no number that DynamoDB can hold, and nothing was written: ${String(message)}.`,
});

/** A valid update can still make an item larger than 400 KB, which only the server sees. */
export const validation: Rule = (error) => {
  const message = String(error.message);
  if (/item size/i.test(message)) return tooLarge(error);
  if (/number (over|under)flow|precision up to|significant digits/i.test(message)) return beyondNumbers(error);
  return refused(error);
};
