import type { Answer } from '../adapter.ts';
import { isLWTError, LWTError } from '../errors.ts';
import type { ResolutionEvent } from '../events.ts';
import { describeOpen, type OpenFinding } from './describe-open.ts';
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

/** `observed` is what the last read saw. */
type Finding = OpenFinding | { readonly by: 'write-token' | 'closing-read' | 'fence'; readonly observed: Row | null };

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
  let fences = 0;
  try {
    const read = adapter.dialect.compile(wholeRow(statement.table, statement.key));
    for (let step = 1; ; step++) {
      const before = observed;
      observed = await readRow(running, read, 'resolving-read', policy);
      if (carriesToken(statement, observed, token)) return { by: 'write-token', observed };
      if (pin === undefined) return { by: undefined, observed, pin, fences };
      if (observed?.[pin.column.name] !== pin.value) {
        const fenced = fence !== undefined && (leftBy(fence, pin, observed) || isUntouched(statement, before, observed));
        return fenced ? { by: 'fence', observed } : { by: undefined, observed, pin, fences };
      }
      if (answered && adapter.dialect.capabilities.readCloses) return { by: 'closing-read', observed };
      if (fence === undefined) return { by: undefined, observed, pin, fences };
      fences++;
      if (await sendFence(running, fence)) return { by: 'fence', observed };
      await call.pause(backoffMs(persistent, step));
    }
  } catch (failure) {
    if (isLWTError(failure)) return { by: undefined, observed, pin, fences, failure };
    throw failure;
  }
}

/** A fence whose own outcome was open is known by the value that it left, where no other writer would leave that. */
function leftBy(fence: Fence, pin: Pin, row: Row | null): boolean {
  return fence.recognisable && row?.[pin.column.name] === fence.value;
}

/**
 * Whether no write went over the row between two reads of it: a write token never returns (R43). Where the pinned value is
 * gone all the same a fence took it, and the write of the statement, which would have left its token, was not before it.
 */
function isUntouched({ table }: WriteNode, before: Row | null | undefined, row: Row | null): boolean {
  const name = table.writeToken?.name ?? '';
  return typeof before?.[name] === 'string' && row?.[name] === before[name];
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

function stillOpen({ token }: Running, statement: WriteNode, error: LWTError, open: OpenFinding): LWTError {
  const writeToken = storesToken(statement) ? token : undefined;
  const later = writeToken === undefined ? '' : ' db.settle(error.statement, error.writeToken) may find out later.';
  const { cause, answered } = error;
  const { observed } = open;
  return new LWTError(error.code, `${error.message} ${describeOpen(statement, open)}${later}`, { cause, answered, writeToken, observed });
}
