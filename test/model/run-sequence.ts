import { randomUUID } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import { type AnyTable, type Client, get, isLWTError, type LWTError, type LWTResult, type Row, type WriteNode } from '@onlyif/core';
import { type Sequence, sequenceKeys, type Step } from './steps.ts';

/** How many statements ended how. */
export interface Tally {
  applied: number;
  rejected: number;
  /** Errors of statements that were sent, such as an increment that leaves its range. */
  failed: number;
  refused: number;
  emulated: number;
  /** Sequences that a busy server made begin anew. */
  restarts: number;
}

/** The backend that is tested, beside the memory adapter, which is the model. */
export interface Sides {
  readonly model: Client;
  readonly db: Client;
  readonly tally: Tally;
}

const maxTries = 8;

/** Runs a sequence on fresh keys of both sides; returns what differs first, or undefined. */
export async function runSequence(sides: Sides, sequence: Sequence): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(sides, sequence);
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (tries === maxTries) return `the server was busy ${maxTries} times: ${String(error)}`;
      sides.tally.restarts++;
    }
  }
}

/** A busy server may leave an outcome open, which is its right; then nothing that follows can be compared. */
function isBusy(error: unknown): error is LWTError {
  return isLWTError(error) && (error.outcome === 'unknown' || error.retryable);
}

async function runOnce(sides: Sides, { table, steps }: Sequence): Promise<string | undefined> {
  const keys = sequenceKeys(table, randomUUID());
  for (const [index, step] of steps.entries()) {
    const statement = step.write(keys[step.key] ?? {});
    const problem = (await runStep(sides, statement, step)) ?? (await compareRows(sides, table, statement.key));
    if (problem !== undefined) return `statement ${index + 1} of ${steps.length}: ${problem}`;
  }
  return undefined;
}

async function runStep({ model, db, tally }: Sides, statement: WriteNode, { existing, emulate }: Step): Promise<string | undefined> {
  const options = { existing, emulate };
  const { verdict, reason } = db.explain(statement, options);
  const answer = await outcomeOf(db, statement, options);
  if (verdict === 'refused') {
    tally.refused++;
    return isRefusal(answer, reason) ? undefined : `explain refuses it (${String(reason)}), and it ended as ${show(answer)}`;
  }
  if (verdict === 'emulated') tally.emulated++;
  tally[answer instanceof Error ? 'failed' : answer.applied ? 'applied' : 'rejected']++;
  const expected = await outcomeOf(model, statement, options);
  return isDeepStrictEqual(plain(answer), plain(expected))
    ? undefined
    : `${verdict}, it ended as ${show(answer)}, expected ${show(expected)}`;
}

type Outcome = LWTResult<Row> | LWTError;
type Options = Pick<Step, 'existing' | 'emulate'>;

/** The result, or the error of a statement that was certainly not applied. */
async function outcomeOf(db: Client, statement: WriteNode, options: Options): Promise<Outcome> {
  try {
    const result = (await db.execute(statement, options)) as LWTResult<Row>;
    if (!result.applied && result.source === 'unavailable') throw result.cause;
    return result;
  } catch (error) {
    if (!isLWTError(error) || isBusy(error)) throw error;
    return error;
  }
}

/** What both sides must agree on: the source of an existing row is the backend's own. */
function plain(outcome: Outcome): object {
  if (outcome instanceof Error) return { code: outcome.code };
  return outcome.applied ? outcome : { ...outcome, source: undefined };
}

function isRefusal(outcome: Outcome, reason: string | undefined): boolean {
  return outcome instanceof Error && outcome.attempts === 0 && outcome.message === reason;
}

/** A refused statement leaves both sides as they are. */
async function compareRows({ model, db }: Sides, table: AnyTable, key: Row): Promise<string | undefined> {
  const read = get(table, key as never);
  const [stored, expected] = await Promise.all([db.execute(read), model.execute(read)]);
  return isDeepStrictEqual(stored, expected) ? undefined : `stored ${show(stored)}, expected ${show(expected)}`;
}

function show(value: unknown): string {
  if (isLWTError(value)) return `${value.code} (${value.message})`;
  return inspect(value, { breakLength: Infinity, depth: 5, maxArrayLength: 300 });
}
