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
const minBackoffMs = 5;
const maxBackoffMs = 1_000;

/** Whether a refusal says that emulation would do. */
export function canEmulate(error: unknown): boolean {
  return isLWTError(error) && error.code === 'unsupported' && error.alternative === emulation;
}

/** What a round knows of the row: all of it, or the columns that the statement reads, as the answer to a pinned write showed them. */
interface Observed {
  readonly row: Row | null;
  readonly whole: boolean;
}

/** How a round ended: with the answer, with what it saw of the row, or with an error where it certainly wrote nothing. */
type Ended = { readonly answer: Answer } | { readonly seen: Observed | undefined } | { readonly failed: LWTError };

/**
 * A conditional write that the database cannot say, done as a strong read, the reference evaluator, and one conditional
 * write pinned to the observed value of every column that the condition or a mutation reads. It takes effect at that
 * write, or, not applied, at the read. Another writer in between fails the pins; the answer to that shows the columns as
 * they were at that moment, and the next round begins with these.
 */
export async function emulateWrite(running: Running, statement: WriteNode): Promise<Answer> {
  const read = running.adapter.dialect.compile(wholeRow(statement.table, statement.key));
  let seen: Observed | undefined;
  let last: LWTError | undefined;
  for (let round = 1; round <= maxRounds; round++) {
    const started = performance.now();
    const ended = await oneRound(running, statement, read, round, seen);
    if ('answer' in ended) return ended.answer;
    [seen, last] = 'failed' in ended ? [undefined, ended.failed] : [ended.seen, undefined];
    // Writers of one row who come back sooner than a round takes meet again.
    const baseMs = Math.max(minBackoffMs, performance.now() - started);
    if (round < maxRounds) await running.call.pause(backoffMs({ baseMs, maxMs: maxBackoffMs }, round));
  }
  const why = last === undefined ? 'Other writers changed the row in between' : `The last one failed: ${last.message}`;
  const cause = last === undefined ? {} : { cause: last };
  throw new LWTError('contention', `None of ${maxRounds} rounds came to an end, so nothing was written. ${why}. Try again later.`, {
    retryable: true,
    ...cause,
  });
}

async function oneRound(running: Running, statement: WriteNode, read: Compiled, round: number, seen?: Observed): Promise<Ended> {
  const { adapter, onEvent, token } = running;
  emit(onEvent, { type: 'emulation-round', round, ...eventBase(adapter, statement) });
  try {
    const { row, after } = await observe(running, statement, read, seen);
    // The write of an earlier round, whose rejection was the second answer to a request that was delivered twice.
    if (carriesToken(statement, row, token)) return { answer: { applied: true } };
    if (after === undefined) return { answer: { applied: false, known: 'row', row } };
    return await write(running, statement, row, after);
  } catch (error) {
    if (isLWTError(error) && error.retryable && error.outcome === 'not-applied' && !running.call.aborted) return { failed: error };
    throw error;
  }
}

interface Judged {
  readonly row: Row | null;
  /** Undefined where the condition does not hold. */
  readonly after: Row | null | undefined;
}

/** A rejection shows the whole row that was judged, so some columns of it will do only where the condition holds on them. */
async function observe(running: Running, statement: WriteNode, read: Compiled, seen: Observed | undefined): Promise<Judged> {
  if (seen !== undefined) {
    const { applied, after } = judge(statement, seen.row);
    if (applied) return { row: seen.row, after };
    if (seen.whole) return { row: seen.row, after: undefined };
  }
  const row = await readRow(running, read, 'emulation-read');
  const { applied, after } = judge(statement, row);
  return { row, after: applied ? after : undefined };
}

async function write(running: Running, statement: WriteNode, row: Row | null, after: Row | null): Promise<Ended> {
  const { dialect } = running.adapter;
  const pinned = pinnedStatement(statement, row, after, dialect.capabilities);
  const answer = await sendWrite(running, dialect.compile(pinned, { existing: 'condition' }));
  if (answer.applied) return { answer };
  if (answer.known === 'nothing') return { seen: undefined };
  const seen = answer.known === 'row' ? { row: answer.row, whole: true } : { row: { ...answer.columns, ...statement.key }, whole: false };
  // The second answer to a request that was delivered twice.
  return carriesToken(statement, seen.row, running.token) ? { answer: { applied: true } } : { seen };
}
