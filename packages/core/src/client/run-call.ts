import type { Adapter, Answer } from '../adapter.ts';
import type { Compiled } from '../dialect/dialect.ts';
import { isLWTError, LWTError, withContext } from '../errors.ts';
import { type AttemptEvent, emit, type EventListener, hashKey } from '../events.ts';
import { wholeRow } from '../statement/build.ts';
import type { Statement } from '../statement/nodes.ts';
import type { Row } from '../table/definition.ts';
import type { Call } from './call.ts';

/** What every step of a call needs. */
export interface Running {
  readonly adapter: Adapter;
  readonly call: Call;
  readonly onEvent: EventListener | undefined;
}

type Purpose = AttemptEvent['purpose'];

/** Sends a write once and returns the server's answer; every failure is an `LWTError`. */
export function sendWrite(running: Running, compiled: Compiled): Promise<Answer> {
  return attempt(running, compiled.statement, 'write', () => running.adapter.execute(compiled, running.call));
}

const readAttempts = 3;
const backoffBaseMs = 25;

/** Reads a row, again with full jitter where that may help: a read has no effect that a repeat could double. */
export async function readRow(
  running: Running,
  compiled: Compiled,
  purpose: 'read' | 'completing-read' | 'emulation-read',
): Promise<Row | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(running, compiled.statement, purpose, () => running.adapter.read(compiled, running.call));
    } catch (error) {
      if (tries === readAttempts || !isLWTError(error) || !error.retryable || running.call.aborted) throw error;
      await running.call.race('read', pause(Math.random() * backoffBaseMs * 2 ** tries));
    }
  }
}

/** The strong read that completes a rejection with the row as it is now. */
export function completingRead(running: Running, statement: Statement): Promise<Row | null> {
  const { table, key } = statement;
  return readRow(running, running.adapter.dialect.compile(wholeRow(table, key)), 'completing-read');
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function attempt<T>(running: Running, statement: Statement, purpose: Purpose, send: () => Promise<T>): Promise<T> {
  const started = performance.now();
  // What went out before is decided; only this request can be left open.
  running.call.sent = false;
  try {
    const result = await running.call.race(purpose === 'write' ? 'write' : 'read', send());
    report(running, statement, purpose, started);
    return result;
  } catch (error) {
    const failed = asLWTError(running, statement, purpose, error);
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

export function eventBase(adapter: Adapter, { table, kind, key }: Statement): Pick<AttemptEvent, 'table' | 'verb' | 'dialect' | 'keyHash'> {
  return { table: table.name, verb: kind, dialect: adapter.dialect.name, keyHash: hashKey(table, key) };
}

function asLWTError({ adapter, call }: Running, statement: Statement, purpose: Purpose, error: unknown): LWTError {
  const context = { statement, dialect: adapter.dialect.name, attempts: call.attempts };
  if (isLWTError(error)) return withContext(error, purpose === 'write' ? context : { ...context, outcome: 'not-applied' });
  const { code, message, retryable } = adapter.classify(error);
  const unknown = code === 'outcome-unknown';
  if (purpose === 'write' && !(unknown && !call.sent)) return new LWTError(code, message, { ...context, cause: error, retryable });
  if (purpose === 'write')
    return new LWTError('unavailable', 'The request was never sent, so nothing was written.', {
      ...context,
      cause: error,
      retryable: true,
    });
  // A read leaves no write open: what would be unknown of a write is a read that failed.
  return new LWTError(unknown ? 'unavailable' : code, unknown ? 'The read failed; it may be tried again.' : message, {
    ...context,
    cause: error,
    retryable: retryable || unknown,
    outcome: 'not-applied',
  });
}
