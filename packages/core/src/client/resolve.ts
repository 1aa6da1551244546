import type { Answer } from '../adapter.ts';
import { isLWTError, LWTError } from '../errors.ts';
import type { ResolutionEvent } from '../events.ts';
import { type Fence, fenceOf, type Pin, pinOf } from '../statement/fence.ts';
import { wholeRow } from '../statement/build.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { carriesToken, storesToken } from '../statement/write-token.ts';
import type { Row } from '../table/definition.ts';
import { backoffMs, once, persistent } from './retry.ts';
import { attempt, emitResolution, readRow, type Running } from './run-call.ts';

/**
 * What became of a write that went out and got no clear answer, by the rules R35 and R36:
 * - the row carries the write's token: it was applied;
 * - the write pinned a write token or a version, and that value is still there: it has not been applied. It cannot be
 *   any more where the server itself gave it up and the read closed it, or after a fence replaced the value.
 *
 * Nothing else proves anything: an absent row may have been deleted, another token may have replaced ours, and without an
 * answer from the server the request may still be on its way. The error then says what was tried and observed.
 */
export async function resolveWrite(running: Running, statement: WriteNode, error: LWTError): Promise<Answer> {
  const started = performance.now();
  const finding = await find(running, statement, error.answered);
  emitResolution(running, statement, started, outcomeOf(finding), finding.by);
  switch (finding.by) {
    case 'write-token':
      return { applied: true };
    case 'fence':
      return { applied: false, known: 'nothing' };
    case 'closing-read':
      // The condition may still hold, so this is no rejection.
      throw new LWTError('contention', 'The server gave the write up, and a strong read afterwards shows that it was not applied.', {
        cause: error,
        retryable: true,
      });
    case undefined:
      throw stillOpen(running, statement, error, finding);
  }
}

interface Finding {
  readonly by: Exclude<ResolutionEvent['by'], 'repeat'>;
  /** What the last read saw; undefined where none succeeded. */
  readonly observed: Row | null | undefined;
  /** What ended the search. */
  readonly failure?: LWTError;
}

function outcomeOf({ by }: Finding): ResolutionEvent['outcome'] {
  if (by === undefined) return 'unknown';
  return by === 'write-token' ? 'applied' : 'not-applied';
}

async function find(running: Running, statement: WriteNode, answered: boolean): Promise<Finding> {
  const { adapter, call, token } = running;
  const pin = pinOf(statement);
  const fence = pin && fenceOf(statement, pin);
  // Where nothing can tell, the read is for the error only.
  const policy = pin === undefined && !storesToken(statement) ? once : persistent;
  let observed: Row | null | undefined;
  try {
    const read = adapter.dialect.compile(wholeRow(statement.table, statement.key));
    for (let step = 1; ; step++) {
      observed = await readRow(running, read, 'resolving-read', policy);
      if (carriesToken(statement, observed, token)) return { by: 'write-token', observed };
      if (isFenced(observed, pin, fence)) return { by: 'fence', observed };
      if (pin === undefined || observed?.[pin.column.name] !== pin.value) return { by: undefined, observed };
      if (answered && adapter.dialect.capabilities.readCloses) return { by: 'closing-read', observed };
      if (fence === undefined) return { by: undefined, observed };
      if (await sendFence(running, fence)) return { by: 'fence', observed };
      await call.pause(backoffMs(persistent, step));
    }
  } catch (failure) {
    if (isLWTError(failure)) return { by: undefined, observed, failure };
    throw failure;
  }
}

/** A fence whose own outcome was open is known by the value that it left. */
function isFenced(row: Row | null, pin: Pin | undefined, fence: Fence | undefined): boolean {
  return pin !== undefined && fence?.recognisable === true && row?.[pin.column.name] === fence.value;
}

/** Whether the fence was applied; false where that is not certain, and the next read tells. */
async function sendFence(running: Running, { statement }: Fence): Promise<boolean> {
  const { adapter, call } = running;
  const compiled = adapter.dialect.compile(statement, { existing: 'none' });
  call.newRequest();
  try {
    const answer = await attempt(running, statement, 'fence', () => adapter.execute(compiled, call), call.remainingMs() / 2);
    return answer.applied;
  } catch (error) {
    if (isLWTError(error) && (error.retryable || error.outcome === 'unknown')) return false;
    throw error;
  }
}

function stillOpen({ token }: Running, statement: WriteNode, error: LWTError, { observed, failure }: Finding): LWTError {
  const writeToken = storesToken(statement) ? token : undefined;
  const story = failure === undefined ? whyOpen(statement, observed) : `The read or the fence that would tell failed: ${failure.message}`;
  const later = writeToken === undefined ? '' : ' db.settle(error.statement, error.writeToken) may find out later.';
  const { cause, answered } = error;
  return new LWTError(error.code, `${error.message} ${story}${later}`, { cause, answered, writeToken, observed });
}

function whyOpen(statement: WriteNode, observed: Row | null | undefined): string {
  const seen = `A strong read afterwards found ${observed === null ? 'no row' : 'the row in error.observed'}`;
  if (statement.kind === 'delete') return `${seen}; a delete leaves no write token that would tell whose it was.`;
  if (statement.table.writeToken === undefined)
    return `${seen}; the table has no write token column, which would tell whose write that is.`;
  if (observed === null) return `${seen}: the write was not applied, or its row was deleted since, or the request is still on its way.`;
  return `${seen}, without this write's token: it was not applied, or was overwritten since, or is still on its way. A condition that pins the write token or a version can be settled.`;
}
