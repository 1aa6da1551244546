import type { Statement } from './statement/nodes.ts';
import type { Row } from './table/definition.ts';

/** What is known about the write that the error ended. */
export type ErrorOutcome = 'not-applied' | 'unknown';

/**
 * The closed list of error codes, each with what it says about the write.
 * Only `outcome-unknown` and `protocol` leave it open whether the write happened.
 */
export const errorCodes: { readonly [C in LWTErrorCode]: ErrorOutcome } = Object.freeze({
  'invalid-statement': 'not-applied',
  'invalid-value': 'not-applied',
  unsupported: 'not-applied',
  'limit-exceeded': 'not-applied',
  'schema-mismatch': 'not-applied',
  'access-denied': 'not-applied',
  throttled: 'not-applied',
  unavailable: 'not-applied',
  contention: 'not-applied',
  conflict: 'not-applied',
  aborted: 'not-applied',
  closed: 'not-applied',
  protocol: 'unknown',
  'rejected-by-server': 'not-applied',
  'outcome-unknown': 'unknown',
});

export type LWTErrorCode =
  | 'invalid-statement'
  | 'invalid-value'
  | 'unsupported'
  | 'limit-exceeded'
  | 'schema-mismatch'
  | 'access-denied'
  | 'throttled'
  | 'unavailable'
  | 'contention'
  | 'conflict'
  | 'aborted'
  | 'closed'
  | 'protocol'
  | 'rejected-by-server'
  | 'outcome-unknown';

export interface LWTErrorDetails {
  /** The error of the driver or SDK, or what aborted the call. */
  readonly cause?: unknown;
  /** What could be written instead; given with `unsupported`. */
  readonly alternative?: string;
  readonly statement?: Statement;
  /** The name of the dialect that was asked, where one was. */
  readonly dialect?: string;
  /** How many requests went out for this call. */
  readonly attempts?: number;
  /** True where the same call may succeed later without a change. */
  readonly retryable?: boolean;
  /** Overrides the outcome of the code: a read never leaves a write open. */
  readonly outcome?: ErrorOutcome;
  /** Whether the server itself gave the write up, so that no request is on its way any more. */
  readonly answered?: boolean;
  readonly writeToken?: string | undefined;
  readonly observed?: Row | null | undefined;
}

const brand = Symbol.for('onlyif.LWTError');

/** Every error that this library throws. Act on `code` and `outcome`, never on the message. */
export class LWTError extends Error {
  override readonly name = 'LWTError';
  readonly code: LWTErrorCode;
  readonly outcome: ErrorOutcome;
  readonly retryable: boolean;
  readonly attempts: number;
  readonly alternative: string | undefined;
  readonly statement: Statement | undefined;
  readonly dialect: string | undefined;
  /** Whether the server itself gave the write up, so that no request is on its way any more. */
  readonly answered: boolean;
  /** The write token of the statement, where it stored one: what `db.settle(statement, token)` takes. */
  readonly writeToken: string | undefined;
  /** The row as a strong read saw it after the outcome was left open, null for none; undefined where no read succeeded. */
  readonly observed: Row | null | undefined;

  constructor(code: LWTErrorCode, message: string, details: LWTErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.outcome = details.outcome ?? errorCodes[code];
    this.retryable = details.retryable ?? false;
    this.attempts = details.attempts ?? 0;
    this.alternative = details.alternative;
    this.statement = details.statement;
    this.dialect = details.dialect;
    this.answered = details.answered ?? false;
    this.writeToken = details.writeToken;
    this.observed = details.observed;
  }
}

// Not a class field: two copies of this package share the brand, not the class.
Object.defineProperty(LWTError.prototype, brand, { value: true });

/** Tells an `LWTError`, also one that another copy of this package made. */
export function isLWTError(error: unknown): error is LWTError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** The same error with the call that it ended, for errors made before the call was known. */
export function withContext(error: LWTError, context: LWTErrorDetails): LWTError {
  const cause = 'cause' in error ? { cause: error.cause } : {};
  const alternative = error.alternative === undefined ? {} : { alternative: error.alternative };
  const { retryable, outcome, answered, writeToken, observed } = error;
  const kept = { retryable, outcome, answered, writeToken, observed, ...cause, ...alternative };
  const wrapped = new LWTError(error.code, error.message, { ...kept, ...context });
  if (error.stack !== undefined) wrapped.stack = error.stack;
  return wrapped;
}

export function invalidStatement(message: string, details: Pick<ErrorOptions, 'cause'> = {}): LWTError {
  return new LWTError('invalid-statement', message, details);
}

/** What an error says, without the stacks of inner errors that cassandra-driver puts into its messages. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n', 1)[0] ?? '';
}
