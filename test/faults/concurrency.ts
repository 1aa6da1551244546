import { randomUUID } from 'node:crypto';
import { type Client, defineTable, eq, int, isLWTError, notExists, text } from '@onlyif/core';

export const counters = defineTable('counters', { columns: { id: text(), owner: int(), version: int().notNull() }, partitionKey: ['id'] });

const callers = 20;
const timeoutMs = 4_000;
/** What a busy or broken cluster may say. */
const allowed: ReadonlySet<string> = new Set(['outcome-unknown', 'unavailable', 'aborted']);

/** R40: of many concurrent inserts of one key at most one is told that it won, and exactly one is stored. */
export async function checkInserts(db: Client): Promise<readonly string[]> {
  const id = randomUUID();
  const outcomes = await Promise.allSettled(
    Array.from({ length: callers }, (_, owner) => db.insert(counters, { id, owner, version: 1 }, { if: notExists() }, { timeoutMs })),
  );
  const winners = outcomes.flatMap((outcome, owner) => (outcome.status === 'fulfilled' && outcome.value.applied ? [owner] : []));
  const open = outcomes.filter(isUnknown).length;
  const answered = outcomes.some(({ status }) => status === 'fulfilled');
  const stored = await untilAnswered(() => db.get(counters, { id }, { timeoutMs }));
  const problems = strangeFailures(outcomes);
  if (winners.length > 1) problems.push(`${winners.length} acknowledged winners: ${winners.join(', ')}`);
  if (winners.length === 1 && stored?.owner !== winners[0]) problems.push(`acknowledged ${winners[0]}, stored ${String(stored?.owner)}`);
  if (stored === null && open === 0 && answered) problems.push('nothing is stored, and nothing was left open');
  return problems;
}

/** R40: acknowledged bumps of a version ≤ the final version ≤ acknowledged and unknown ones. */
export async function checkBumps(db: Client): Promise<readonly string[]> {
  const id = randomUUID();
  await untilAnswered(() => db.insert(counters, { id, version: 0 }, { if: notExists() }, { timeoutMs }));
  const outcomes = await Promise.allSettled(
    Array.from({ length: callers }, async () => {
      const version = (await db.get(counters, { id }, { columns: ['version'], timeoutMs }))?.version ?? 0;
      return db.update(counters, { id }, { set: { version: version + 1 }, if: eq(counters.columns.version, version) }, { timeoutMs });
    }),
  );
  const acknowledged = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.applied).length;
  const open = outcomes.filter(isUnknown).length;
  const final = (await untilAnswered(() => db.get(counters, { id }, { timeoutMs })))?.version ?? Number.NaN;
  const problems = strangeFailures(outcomes);
  if (!(acknowledged <= final && final <= acknowledged + open))
    problems.push(`acknowledged ${acknowledged}, unknown ${open}, final ${final}`);
  return problems;
}

/** Asks again while the cluster does not say, a few times. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 15) throw error;
    }
  }
}

function isUnknown(outcome: PromiseSettledResult<unknown>): boolean {
  return outcome.status === 'rejected' && isLWTError(outcome.reason) && outcome.reason.outcome === 'unknown';
}

function strangeFailures(outcomes: readonly PromiseSettledResult<unknown>[]): string[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled' || (isLWTError(outcome.reason) && allowed.has(outcome.reason.code))) return [];
    return [String(outcome.reason)];
  });
}
