import type { Answer } from '../adapter.ts';
import type { Compiled } from '../dialect/dialect.ts';
import { isLWTError, type LWTError } from '../errors.ts';
import { pinOf } from '../statement/fence.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { storesToken } from '../statement/write-token.ts';
import { resolveWrite } from './resolve.ts';
import { backoffMs, standard } from './retry.ts';
import { attempt, emitResolution, type Running } from './run-call.ts';

/**
 * Sends a write, and finds out what became of it where no clear answer came. Throws `outcome-unknown` only where that
 * cannot be found out in the time of the call; any other error means that nothing was written.
 */
export async function sendWrite(running: Running, compiled: Compiled): Promise<Answer> {
  running.call.newRequest();
  const started = performance.now();
  try {
    return await attempt(
      running,
      compiled.statement,
      'write',
      () => running.adapter.execute(compiled, running.call),
      limitOf(running, compiled),
    );
  } catch (error) {
    if (!isLWTError(error) || error.outcome !== 'unknown' || running.call.aborted) throw error;
    const repeated = await repeat(running, compiled, started);
    return repeated ? { applied: true } : resolveWrite(running, compiled.statement as WriteNode, error);
  }
}

/** Where something can be found out, half of the time that is left is kept for it. */
function limitOf({ call }: Running, { statement, repeatableMs = 0 }: Compiled): number | undefined {
  const resolvable = repeatableMs > 0 || storesToken(statement) || pinOf(statement as WriteNode) !== undefined;
  return resolvable ? call.remainingMs() / 2 : undefined;
}

/**
 * R38: whether a repeat with the same request token succeeded, which means that the write was applied, once. A repeat that
 * is refused proves nothing while the first request may still arrive.
 */
async function repeat(running: Running, compiled: Compiled, started: number): Promise<boolean> {
  const { call, adapter } = running;
  const { repeatableMs = 0 } = compiled;
  for (let tries = 1; tries < standard.maxAttempts && performance.now() - started < repeatableMs; tries++) {
    try {
      const send = (): Promise<Answer> => adapter.execute(compiled, call);
      const { applied } = await attempt(running, compiled.statement, 'repeat', send, call.remainingMs() / 2);
      if (applied) emitResolution(running, compiled.statement, started, 'applied', 'repeat');
      return applied;
    } catch (error) {
      if (!isLWTError(error) || !mayPass(error) || call.aborted) return false;
      await call.pause(backoffMs(standard, tries)).catch(() => undefined);
    }
  }
  return false;
}

function mayPass(error: LWTError): boolean {
  return error.retryable || error.outcome === 'unknown';
}
