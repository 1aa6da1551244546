import type { Failure } from '@onlyif/core';
import { conflict, denied, type NativeError, refused, type Rule, throttled, tooLarge, unknown, validation } from './failure-rules.ts';

/** Why the one item of a transaction was not written; `Item` is the item that was judged. */
export interface CancellationReason {
  readonly Code?: string;
  readonly Message?: string | null;
  readonly Item?: Record<string, unknown>;
}

/** API reference, TransactWriteItems, "Cancellation reasons". The adapter takes a failed condition for an answer before it asks here. */
export const byCode: { readonly [code: string]: Rule } = {
  AccessDenied: denied,
  ConditionalCheckFailed: refused,
  ItemCollectionSizeLimitExceeded: tooLarge,
  ProvisionedThroughputExceeded: throttled,
  ThrottlingError: throttled,
  TransactionConflict: conflict,
  ValidationError: validation,
};

/** The reason of a cancelled transaction of one item; undefined where the error does not hold exactly one. */
export function cancellationReason(error: unknown): CancellationReason | undefined {
  const { name, CancellationReasons: reasons } = error as NativeError;
  return name === 'TransactionCanceledException' && Array.isArray(reasons) && reasons.length === 1
    ? (reasons[0] as CancellationReason)
    : undefined;
}

/** A cancelled transaction, by its reason; unknown where that is none of the list. */
export function classifyCancellation(error: NativeError): Failure {
  const { Code = '', Message } = cancellationReason(error) ?? {};
  const rule = Object.hasOwn(byCode, Code) ? byCode[Code] : undefined;
  return (rule ?? unknown)({ ...error, message: Message ?? error.message });
}
