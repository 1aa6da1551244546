import { type Failure, LWTError } from '@onlyif/core';

/** What the tables below look at. Both the driver's errors and the server's are taken by shape, not by class. */
interface NativeError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly consistencies?: unknown;
  readonly innerErrors?: Readonly<Record<string, unknown>>;
  readonly isSocketError?: unknown;
  readonly requestNotWritten?: unknown;
}

type Rule = (error: NativeError) => Failure;

const readToSee = 'Read the row at serial consistency to see.';
const unknown: Rule = ({ message }) => ({
  code: 'outcome-unknown',
  retryable: false,
  message: `The write may or may not have happened: ${String(message)}. ${readToSee}`,
});
/**
 * The coordinator itself gave the round up, so nothing of the request is on its way any more: a later serial read ends what
 * it left behind (742 of 742 write timeouts on Cassandra 5.0.8).
 */
const gaveUp: Rule = (error) => ({ ...unknown(error), answered: true });
const unavailable: Rule = ({ message }) => ({
  code: 'unavailable',
  retryable: true,
  message: `Nothing was written: ${String(message)}. Try again later.`,
});
const denied: Rule = ({ message }) => ({
  code: 'access-denied',
  retryable: false,
  message: `Nothing was written: ${String(message)} A conditional write needs the permissions MODIFY and SELECT on the table.`,
});
const rejected: Rule = ({ message }) => ({
  code: 'rejected-by-server',
  retryable: false,
  message: `The server refused the statement, and nothing was written: ${String(message)}.`,
});

const serialLevels: ReadonlySet<unknown> = new Set([0x0008, 0x0009]);

/**
 * Too few replicas for the Paxos round: it never began. At the commit level it comes after the proposal was
 * accepted (StorageProxy.commitPaxos), and proves nothing.
 */
const bySerialLevel: Rule = (error) => {
  if (serialLevels.has(error.consistencies)) return unavailable(error);
  return typeof error.consistencies === 'number' ? gaveUp(error) : unknown(error);
};

const missingSchema = /unconfigured table|does not exist|undefined column name|unknown identifier/i;
const invalid: Rule = (error) => {
  if (!missingSchema.test(String(error.message))) return rejected(error);
  return {
    code: 'schema-mismatch',
    retryable: false,
    message: `The table does not fit its definition, and nothing was written: ${String(error.message)}.`,
  };
};

type Table = { readonly [code: number]: Rule };

/**
 * Error codes of the native protocol v4, section 9, and v5 for 0x1700. A server error (0x0000) says nothing of what was under
 * way, and overload (0x1001) is found at the door as well as in the middle of a commit.
 */
const byServerCode: Table = {
  0x0000: unknown,
  0x000a: rejected,
  0x0100: denied,
  0x1000: bySerialLevel,
  0x1001: unknown,
  0x1002: unavailable,
  0x1003: unknown,
  0x1100: gaveUp,
  0x1200: gaveUp,
  0x1300: gaveUp,
  0x1400: unknown,
  0x1500: gaveUp,
  0x1600: gaveUp,
  0x1700: gaveUp,
  0x2000: rejected,
  0x2100: denied,
  0x2200: invalid,
  0x2300: unknown,
  0x2400: rejected,
  0x2500: unavailable,
};

/**
 * ScyllaDB, where it differs: what fails in the last phase is a write timeout there, so that Unavailable always means that
 * the round never began (service/storage_proxy.cc). A rate limit may arrive as a configuration error.
 */
const byScyllaCode: Table = { ...byServerCode, 0x1000: unavailable, 0x2300: unknown };

const byDriverError: { readonly [name: string]: Rule } = {
  AuthenticationError: denied,
  BusyConnectionError: unavailable,
  DriverError: (error) => (error.isSocketError === true && error.requestNotWritten === true ? unavailable(error) : unknown(error)),
  NoHostAvailableError: (error) => (Object.values(error.innerErrors ?? {}).every(neverSent) ? unavailable(error) : unknown(error)),
};

/** Codes of node sockets that never connected. */
const unconnected: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function neverSent(inner: unknown): boolean {
  if (typeof inner === 'string') return true;
  if (typeof inner !== 'object' || inner === null) return false;
  const { code, name } = inner as NativeError;
  return unconnected.has(code) || name === 'ArgumentError' || classifyCassandraError(inner).code !== 'outcome-unknown';
}

/**
 * What an error of cassandra-driver means for a conditional write that was sent to Cassandra at most once;
 * `outcome-unknown` for what is not in the tables.
 */
export function classifyCassandraError(error: unknown): Failure {
  return classify(error, byServerCode);
}

/** The same for ScyllaDB. */
export function classifyScyllaError(error: unknown): Failure {
  return classify(error, byScyllaCode);
}

const notToBeRepeated: ReadonlySet<unknown> = new Set([
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

function classify(error: unknown, codes: Table): Failure {
  const native = nativeError(error);
  const rule = typeof native.code === 'number' ? codes[native.code] : driverRule(String(native.name));
  return (rule ?? unknown)(native);
}

function driverRule(name: string): Rule | undefined {
  return Object.hasOwn(byDriverError, name) ? byDriverError[name] : undefined;
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
