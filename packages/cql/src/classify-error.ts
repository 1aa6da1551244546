import { type Failure, LWTError } from '@onlyif/core';

/** What the tables look at. Both the driver's errors and the server's are taken by shape, not by class. */
export interface NativeError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly consistencies?: unknown;
  readonly innerErrors?: Readonly<Record<string, unknown>>;
  readonly isSocketError?: unknown;
  readonly requestNotWritten?: unknown;
}

export type Rule = (error: NativeError) => Failure;

/** The rule of an open outcome, with what to do to see. */
export function unknownOutcome(readToSee: string): Rule {
  return ({ message }) => ({
    code: 'outcome-unknown',
    retryable: false,
    message: `The write may or may not have happened: ${String(message)}. ${readToSee}`,
  });
}

/** The rule of a refusal for want of rights, with those that are needed. */
export function accessDenied(needed: string): Rule {
  return ({ message }) => ({
    code: 'access-denied',
    retryable: false,
    message: `Nothing was written: ${String(message)} ${needed}`,
  });
}

export const unavailable: Rule = ({ message }) => ({
  code: 'unavailable',
  retryable: true,
  message: `Nothing was written: ${String(message)}. Try again later.`,
});
const wrongOptions: Rule = ({ message }) => ({
  code: 'invalid-statement',
  retryable: false,
  message: `Nothing was written: ${String(message)}. Correct the options of the driver.`,
});
export const rejected: Rule = ({ message }) => ({
  code: 'rejected-by-server',
  retryable: false,
  message: `The server refused the statement, and nothing was written: ${String(message)}.`,
});

const missingSchema = /unconfigured table|does not exist|undefined column name|unknown identifier/i;
export const invalid: Rule = (error) => {
  if (!missingSchema.test(String(error.message))) return rejected(error);
  return {
    code: 'schema-mismatch',
    retryable: false,
    message: `The table does not fit its definition, and nothing was written: ${String(error.message)}.`,
  };
};

/** What the errors of one kind of server mean. */
export interface ErrorTable {
  /** By the error codes of the native protocol. */
  readonly byCode: { readonly [code: number]: Rule };
  readonly denied: Rule;
  /** What stands in no table. */
  readonly unknown: Rule;
}

export type DriverRule = (error: NativeError, table: ErrorTable) => Failure;

export const byDriverError: { readonly [name: string]: DriverRule } = {
  AuthenticationError: (error, { denied }) => denied(error),
  BusyConnectionError: unavailable,
  DriverError: (error, { unknown }) =>
    error.isSocketError === true && error.requestNotWritten === true ? unavailable(error) : unknown(error),
  NoHostAvailableError: (error, table) => {
    const inner = Object.values(error.innerErrors ?? {});
    if (!inner.every((each) => neverSent(each, table))) return table.unknown(error);
    const [first] = inner;
    if (first !== undefined && inner.every(isOfCredentials)) return table.denied(nativeError(first));
    return inner.some(isOfOptions) ? wrongOptions(error) : unavailable(error);
  },
};

/** Codes of node sockets that never connected. */
export const unconnected: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function neverSent(inner: unknown, table: ErrorTable): boolean {
  if (typeof inner === 'string' || isOfOptions(inner)) return true;
  if (typeof inner !== 'object' || inner === null) return false;
  return unconnected.has((inner as NativeError).code) || classifyBy(table, inner).code !== 'outcome-unknown';
}

function isOfCredentials(inner: unknown): boolean {
  return (inner as NativeError | null)?.name === 'AuthenticationError';
}

/** Found where the driver connects: a `localDataCenter` that is none (lib/control-connection.js). */
function isOfOptions(inner: unknown): boolean {
  return (inner as NativeError | null)?.name === 'ArgumentError';
}

/** What an error of cassandra-driver means for a conditional write that was sent at most once, by a table. */
export function classifyBy(table: ErrorTable, error: unknown): Failure {
  const native = nativeError(error);
  if (typeof native.code === 'number') return (table.byCode[native.code] ?? table.unknown)(native);
  return (driverRule(String(native.name)) ?? table.unknown)(native, table);
}

function driverRule(name: string): DriverRule | undefined {
  return Object.hasOwn(byDriverError, name) ? byDriverError[name] : undefined;
}

export const notToBeRepeated: ReadonlySet<unknown> = new Set([
  'ArgumentError',
  'NotSupportedError',
  'DriverInternalError',
  'TypeError',
  'RangeError',
]);

/** The error of a request that was certainly never written, where the native one alone leaves that open. */
export function neverWritten(cause: unknown): LWTError {
  const native = nativeError(cause);
  return new LWTError('unavailable', unavailable(native).message, { cause, retryable: !notToBeRepeated.has(native.name) });
}

function nativeError(error: unknown): NativeError {
  return typeof error === 'object' && error !== null ? withFirstLine(error) : { message: String(error) };
}

/** The driver puts the stack traces of inner errors into the messages of outer ones. */
function withFirstLine(error: NativeError): NativeError {
  const { name, code, consistencies, innerErrors, isSocketError, requestNotWritten } = error;
  const [message] = String(error.message).split('\n');
  return { name, code, consistencies, isSocketError, requestNotWritten, message, ...(innerErrors === undefined ? {} : { innerErrors }) };
}
