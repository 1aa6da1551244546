import type { Adapter } from '../adapter.ts';
import type { Compiled } from '../dialect/dialect.ts';
import { firstLine, isLWTError, LWTError, withContext } from '../errors.ts';
import { type AttemptEvent, emit, type EventListener, hashKey, type ResolutionEvent } from '../events.ts';
import { wholeRow } from '../statement/build.ts';
import type { Statement } from '../statement/nodes.ts';
import type { Row } from '../table/definition.ts';
import type { Call } from './call.ts';
import { type RetryPolicy, withRetries } from './retry.ts';

/** What every step of a call needs. */
export interface Running {
  readonly adapter: Adapter;
  readonly call: Call;
  readonly onEvent: EventListener | undefined;
  readonly policy: RetryPolicy;
  /** What every write of the call leaves in the write token column, where the table has one. */
  readonly token: string | undefined;
}

type Purpose = AttemptEvent['purpose'];

/** Reads a row, again where that may help: a read has no effect that a repeat could double. */
export function readRow(
  running: Running,
  compiled: Compiled,
  purpose: 'read' | 'completing-read' | 'emulation-read' | 'resolving-read',
  policy: RetryPolicy = running.policy,
): Promise<Row | null> {
  // One that is not answered must not take the time of the next.
  const limit = (): number | undefined => (policy.maxAttempts > 1 ? running.call.remainingMs() / 2 : undefined);
  return withRetries(policy, running.call, () => readOnce(running, compiled, purpose, limit()));
}

/** One read; it may be given a limit, in milliseconds. */
export function readOnce(running: Running, compiled: Compiled, purpose: Purpose, limitMs?: number): Promise<Row | null> {
  return attempt(running, compiled.statement, purpose, () => running.adapter.read(compiled, running.call), limitMs);
}

/** The strong read that completes a rejection with the row as it is now. */
export function completingRead(running: Running, statement: Statement): Promise<Row | null> {
  const { table, key } = statement;
  return readRow(running, running.adapter.dialect.compile(wholeRow(table, key)), 'completing-read');
}

const writes: ReadonlySet<Purpose> = new Set<Purpose>(['write', 'repeat', 'fence']);

/** One request, reported; every failure is an `LWTError`. It may be given a limit, in milliseconds. */
export async function attempt<T>(
  running: Running,
  statement: Statement,
  purpose: Purpose,
  send: () => Promise<T>,
  limitMs?: number,
): Promise<T> {
  const started = performance.now();
  // What went out before is decided; only this request can be left open.
  running.call.sent = false;
  try {
    const result = await running.call.race(writes.has(purpose) ? 'write' : 'read', send(), limitMs);
    report(running, statement, purpose, started);
    return result;
  } catch (error) {
    const failed = asLWTError(running, statement, purpose, error, running.call.sent);
    report(running, statement, purpose, started, failed);
    throw failed;
  }
}

function report({ adapter, call, onEvent }: Running, statement: Statement, purpose: Purpose, started: number, error?: LWTError): void {
  if (onEvent === undefined) return;
  const code = error === undefined ? {} : { code: error.code };
  const durationMs = performance.now() - started;
  emit(onEvent, { type: 'attempt', purpose, attempt: call.attempts, durationMs, ...eventBase(adapter, statement), ...code });
}

export function emitResolution(
  { adapter, onEvent }: Running,
  statement: Statement,
  started: number,
  outcome: ResolutionEvent['outcome'],
  by: ResolutionEvent['by'],
): void {
  if (onEvent === undefined) return;
  const told = by === undefined ? {} : { by };
  emit(onEvent, { type: 'resolution', outcome, durationMs: performance.now() - started, ...eventBase(adapter, statement), ...told });
}

export function eventBase(adapter: Adapter, { table, kind, key }: Statement): Pick<AttemptEvent, 'table' | 'verb' | 'dialect' | 'keyHash'> {
  return { table: table.name, verb: kind, dialect: adapter.dialect.name, keyHash: hashKey(table, key) };
}

/**
 * What a request failed with. A read leaves no write open: what would be unknown of a write is a read that failed; and a
 * write that was never sent did nothing.
 */
export function asLWTError(running: Running, statement: Statement, purpose: Purpose, error: unknown, sent: boolean): LWTError {
  const { adapter, call } = running;
  const isRead = !writes.has(purpose);
  const context = { statement, dialect: adapter.dialect.name, attempts: call.attempts };
  if (isLWTError(error)) return withContext(error, isRead ? { ...context, outcome: 'not-applied' } : context);
  const { code, message, retryable, answered = false } = adapter.classify(error);
  const details = { ...context, cause: error };
  const isOpen = code === 'outcome-unknown';
  if (isRead && isOpen)
    return new LWTError('unavailable', `The read failed; it may be tried again: ${firstLine(error)}.`, { ...details, retryable: true });
  if (isRead) return new LWTError(code, message, { ...details, retryable, outcome: 'not-applied' });
  if (isOpen && !sent)
    return new LWTError('unavailable', `The request was never sent, so nothing was written: ${firstLine(error)}.`, {
      ...details,
      retryable: true,
    });
  return new LWTError(code, message, { ...details, retryable, answered });
}
