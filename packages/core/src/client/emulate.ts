import type { Answer } from '../adapter.ts';
import { type Compiled, emulation } from '../dialect/dialect.ts';
import { isLWTError, LWTError } from '../errors.ts';
import { emit } from '../events.ts';
import { judge } from '../reference.ts';
import { wholeRow } from '../statement/build.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { pinnedStatement } from '../statement/pin.ts';
import { carriesToken } from '../statement/write-token.ts';
import type { Row } from '../table/definition.ts';
import { backoffMs } from './retry.ts';
import { eventBase, readRow, type Running } from './run-call.ts';
import { sendWrite } from './send-write.ts';

const maxRounds = 10;
const backoff = { baseMs: 5, maxMs: 500 };

/** Whether a refusal says that emulation would do. */
export function canEmulate(error: unknown): boolean {
  return isLWTError(error) && error.code === 'unsupported' && error.alternative === emulation;
}

/**
 * A conditional write that the database cannot say, done as a strong read, the reference evaluator, and one conditional
 * write pinned to the observed value of every column that the condition or a mutation reads. It takes effect at that
 * write, or, not applied, at the read. Another writer in between fails the pins, and the round begins anew.
 */
export async function emulateWrite(running: Running, statement: WriteNode): Promise<Answer> {
  const read = running.adapter.dialect.compile(wholeRow(statement.table, statement.key));
  let last: LWTError | undefined;
  for (let round = 1; round <= maxRounds; round++) {
    const ended = await oneRound(running, statement, read, round);
    if (ended !== undefined && !isLWTError(ended)) return ended;
    last = ended;
    if (round < maxRounds) await running.call.pause(backoffMs(backoff, round));
  }
  const why = last === undefined ? 'Other writers changed the row in between' : `The last one failed: ${last.message}`;
  const cause = last === undefined ? {} : { cause: last };
  throw new LWTError('contention', `None of ${maxRounds} rounds came to an end, so nothing was written. ${why}. Try again later.`, {
    retryable: true,
    ...cause,
  });
}

/** Undefined where another writer came between; an error where the round certainly wrote nothing and may be tried again. */
async function oneRound(running: Running, statement: WriteNode, read: Compiled, round: number): Promise<Answer | LWTError | undefined> {
  const { adapter, onEvent } = running;
  emit(onEvent, { type: 'emulation-round', round, ...eventBase(adapter, statement) });
  try {
    const row = await readRow(running, read, 'emulation-read');
    // The write of an earlier round, whose rejection was the second answer to a request that was delivered twice.
    if (carriesToken(statement, row, running.token)) return { applied: true };
    const { applied, after } = judge(statement, row);
    if (!applied) return { applied: false, known: 'row', row };
    return await write(running, statement, row, after);
  } catch (error) {
    if (isLWTError(error) && error.retryable && error.outcome === 'not-applied' && !running.call.aborted) return error;
    throw error;
  }
}

async function write(running: Running, statement: WriteNode, row: Row | null, after: Row | null): Promise<Answer | undefined> {
  const pinned = pinnedStatement(statement, row, after);
  const answer = await sendWrite(running, running.adapter.dialect.compile(pinned, { existing: 'none' }));
  return answer.applied ? answer : undefined;
}
