import type { Answer } from '../adapter.ts';
import type { Compiled } from '../dialect/dialect.ts';
import { isLWTError, type LWTError } from '../errors.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { LateAnswer } from './late-answer.ts';
import { resolveWrite } from './resolve.ts';
import { backoffMs, standard } from './retry.ts';
import { attempt, emitResolution, type Running } from './run-call.ts';

/**
 * Sends a write, and finds out what became of it where no clear answer came. Throws `outcome-unknown` only where that
 * cannot be found out in the time of the call; any other error means that nothing was written. From half of that time on
 * it does not wait for the answer alone.
 */
export async function sendWrite(running: Running, compiled: Compiled): Promise<Answer> {
  const { adapter, call } = running;
  call.newRequest();
  const started = elapsed();
  let request: Promise<Answer> | undefined;
  const send = (): Promise<Answer> => (request = adapter.execute(compiled, call));
  try {
    return await attempt(running, compiled.statement, 'write', send, call.remainingMs() / 2);
  } catch (error) {
    if (!isLWTError(error) || error.outcome !== 'unknown' || call.aborted) throw error;
    const statement = compiled.statement as WriteNode;
    const late = request && new LateAnswer(running, statement, request);
    const repeats = await repeat(running, compiled, started);
    if (repeats.applied) return { applied: true };
    if (late !== undefined) late.hasOpenRepeats = repeats.open;
    return resolveWrite(running, statement, error, late);
  }
}

/** Milliseconds by the clock that does not jump, and by the one that goes on while a machine sleeps; the longer of the two. */
function elapsed(): () => number {
  const [started, date] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - started, Date.now() - date);
}

interface Repeats {
  /** One succeeded, which means that the write was applied, once. */
  readonly applied: boolean;
  /** One was not answered, and may still be applied. */
  readonly open: boolean;
}

/** R38: repeats with the same request token. One that is refused proves nothing while the first request may still arrive. */
async function repeat(running: Running, compiled: Compiled, elapsedMs: () => number): Promise<Repeats> {
  const { call, adapter } = running;
  const { repeatableMs = 0 } = compiled;
  const started = performance.now();
  let open = false;
  for (let tries = 1; tries < standard.maxAttempts && elapsedMs() < repeatableMs; tries++) {
    try {
      const send = (): Promise<Answer> => adapter.execute(compiled, call);
      const { applied } = await attempt(running, compiled.statement, 'repeat', send, call.remainingMs() / 2);
      if (applied) emitResolution(running, compiled.statement, started, 'applied', 'repeat');
      return { applied, open };
    } catch (error) {
      open ||= !isLWTError(error) || error.outcome === 'unknown';
      if (!isLWTError(error) || !mayPass(error) || call.aborted) return { applied: false, open };
      await call.pause(backoffMs(standard, tries)).catch(() => undefined);
    }
  }
  return { applied: false, open };
}

function mayPass(error: LWTError): boolean {
  return error.retryable || error.outcome === 'unknown';
}
