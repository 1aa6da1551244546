import type { Answer } from '../adapter.ts';
import { isLWTError, LWTError } from '../errors.ts';
import type { ResolutionEvent } from '../events.ts';
import { describeOpen, mayTellLater, type OpenFinding } from './describe-open.ts';
import { type Fence, fenceOf, type Pin, pinOf } from '../statement/fence.ts';
import { wholeRow } from '../statement/build.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { carriesToken, storesToken } from '../statement/write-token.ts';
import type { Row } from '../table/definition.ts';
import type { LateAnswer, LateEnd } from './late-answer.ts';
import { backoffMs, persistent } from './retry.ts';
import { attempt, emitResolution, readOnce, readRow, type Running } from './run-call.ts';

/**
 * What became of a write that went out and got no clear answer, by the rules R35 and R36:
 * - the row carries the write's token: it was applied;
 * - the write pinned a write token or a version, and that value is still there: it has not been applied. It cannot be
 *   any more where the server itself gave it up and the read closed it, or after a fence replaced the value;
 * - its answer comes after all.
 *
 * Nothing else proves anything: an absent row may have been deleted, another token may have replaced ours, and without an
 * answer from the server the request may still be on its way. The error then says what was tried and observed.
 */
export async function resolveWrite(running: Running, statement: WriteNode, error: LWTError, late?: LateAnswer): Promise<Answer> {
  const started = performance.now();
  const found = await find(running, statement, error.answered, late);
  const finding = found.by === undefined ? (lateEnd(await late?.wait()) ?? found) : found;
  emitResolution(running, statement, started, outcomeOf(finding), finding.by);
  switch (finding.by) {
    case 'write-token':
      return { applied: true };
    case 'fence':
      return { applied: false, known: 'nothing' };
    case 'late-answer':
      if ('refusal' in finding) throw finding.refusal;
      return finding.answer;
    case 'closing-read':
      // The condition may still hold, so this is no rejection.
      throw new LWTError('contention', 'The server gave the write up, and a strong read afterwards shows that it was not applied.', {
        cause: error,
        retryable: true,
      });
    case undefined: {
      const open = running.call.aborted && late?.isPending === true ? running.call.unanswered() : error;
      throw stillOpen(running, statement, open, finding, late !== undefined);
    }
  }
}

type Told = { readonly by: 'write-token' | 'closing-read' | 'fence' } | ({ readonly by: 'late-answer' } & LateEnd);
type Finding = OpenFinding | Told;

function lateEnd(end: LateEnd | undefined): Told | undefined {
  return end && { by: 'late-answer', ...end };
}

function outcomeOf(finding: Finding): ResolutionEvent['outcome'] {
  if (finding.by === undefined) return 'unknown';
  const applied = finding.by === 'write-token' || ('answer' in finding && finding.answer.applied);
  return applied ? 'applied' : 'not-applied';
}

/** A read that can only be shown in the error is not waited for any longer, in milliseconds. */
const showingMs = 1_000;

async function find(running: Running, statement: WriteNode, answered: boolean, late: LateAnswer | undefined): Promise<Finding> {
  const { adapter, call, token } = running;
  const pin = pinOf(statement);
  const fence = pin && fenceOf(statement, pin);
  let observed: Row | null | undefined;
  let hasOpenFence = false;
  const open = (failure?: LWTError): Finding => ({ by: undefined, observed, pin, hasOpenFence, ...(failure && { failure }) });
  try {
    const read = adapter.dialect.compile(wholeRow(statement.table, statement.key));
    for (let step = 1; ; step++) {
      const tells = pin !== undefined || storesToken(statement);
      observed = await (tells
        ? readRow(running, read, 'resolving-read', persistent)
        : readOnce(running, read, 'resolving-read', showingMs));
      if (carriesToken(statement, observed, token)) return { by: 'write-token' };
      if (late?.end !== undefined) return { by: 'late-answer', ...late.end };
      if (pin === undefined) return open();
      if (observed?.[pin.column.name] !== pin.value) return leftBy(fence, pin, observed) ? { by: 'fence' } : open();
      if (answered && adapter.dialect.capabilities.readCloses) return { by: 'closing-read' };
      if (fence === undefined) return open();
      const sent = await sendFence(running, fence);
      if (sent === 'applied') return { by: 'fence' };
      hasOpenFence ||= sent === 'open';
      await call.pause(backoffMs(persistent, step));
    }
  } catch (failure) {
    if (isLWTError(failure)) return open(failure);
    throw failure;
  }
}

/** A fence whose own outcome was open is known by the value that it left, where no other writer would leave that. */
function leftBy(fence: Fence | undefined, pin: Pin, row: Row | null): boolean {
  return fence?.recognisable === true && row?.[pin.column.name] === fence.value;
}

/** What became of the fence; where it was not applied, or that is open, the next read tells more. */
async function sendFence(running: Running, { statement }: Fence): Promise<'applied' | 'not-applied' | 'open'> {
  const { adapter, call } = running;
  const compiled = adapter.dialect.compile(statement, { existing: 'none' });
  call.newRequest();
  try {
    const answer = await attempt(running, statement, 'fence', () => adapter.execute(compiled, call), call.remainingMs() / 2);
    return answer.applied ? 'applied' : 'not-applied';
  } catch (error) {
    if (isLWTError(error) && error.outcome === 'unknown') return 'open';
    if (isLWTError(error) && error.retryable) return 'not-applied';
    throw error;
  }
}

/** `isFirst`: no later look, which `settle` is, found nothing either. */
function stillOpen({ token }: Running, statement: WriteNode, error: LWTError, finding: OpenFinding, isFirst: boolean): LWTError {
  const writeToken = storesToken(statement) ? token : undefined;
  const later = isFirst && mayTellLater(statement, finding) ? ' db.settle(error.statement, error.writeToken) may find out later.' : '';
  const { cause, answered } = error;
  const { observed } = finding;
  return new LWTError(error.code, `${error.message} ${describeOpen(statement, finding)}${later}`, {
    cause,
    answered,
    writeToken,
    observed,
  });
}
