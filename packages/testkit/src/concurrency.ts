import { type Client, defineTable, eq, insert, int, isLWTError, notExists, text } from '@onlyif/core';
import { randomUUID } from 'node:crypto';

export const counters = defineTable('counters', { columns: { id: text(), owner: int(), version: int().notNull() }, partitionKey: ['id'] });

const clients = 50;

/** R40: of many concurrent inserts of one key at most one is told that it won, and exactly one is stored. */
export async function checkConcurrentInserts(db: Client): Promise<readonly string[]> {
  const id = randomUUID();
  const outcomes = await Promise.allSettled(
    Array.from({ length: clients }, (_, owner) => db.execute(insert(counters, { id, owner, version: 1 }, { if: notExists() }))),
  );
  const winners = outcomes.flatMap((outcome, owner) => (outcome.status === 'fulfilled' && outcome.value.applied ? [owner] : []));
  const problems = failuresBeside(outcomes, ['outcome-unknown']);
  const stored = await db.get(counters, { id });
  if (winners.length > 1) problems.push(`${winners.length} acknowledged winners: ${winners.join(', ')}`);
  if (winners.length === 1 && stored?.owner !== winners[0]) problems.push(`acknowledged ${winners[0]}, stored ${String(stored?.owner)}`);
  if (stored === null && !outcomes.some(isUnknown)) problems.push('nothing is stored, and nothing was left open');
  return problems;
}

/** R40: acknowledged bumps of a version ≤ the final version ≤ acknowledged and unknown ones. */
export async function checkConcurrentBumps(db: Client): Promise<readonly string[]> {
  const id = randomUUID();
  await db.execute(insert(counters, { id, version: 0 }, { if: notExists() }));
  const outcomes = await Promise.allSettled(
    Array.from({ length: clients }, async () => {
      const version = (await db.get(counters, { id }, { columns: ['version'] }))?.version ?? 0;
      return db.update(counters, { id }, { set: { version: version + 1 }, if: eq(counters.columns.version, version) });
    }),
  );
  const acknowledged = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.applied).length;
  const open = outcomes.filter(isUnknown).length;
  const final = (await db.get(counters, { id }))?.version ?? Number.NaN;
  const problems = failuresBeside(outcomes, ['outcome-unknown', 'unavailable']);
  if (!(acknowledged <= final && final <= acknowledged + open))
    problems.push(`acknowledged ${acknowledged}, unknown ${open}, final ${final}`);
  if (acknowledged === 0 && open === 0) problems.push('no bump was applied');
  return problems;
}

function isUnknown(outcome: PromiseSettledResult<unknown>): boolean {
  return outcome.status === 'rejected' && isLWTError(outcome.reason) && outcome.reason.outcome === 'unknown';
}

/** Contention may leave an outcome open, or a strong read without an answer; nothing else may fail. */
function failuresBeside(outcomes: readonly PromiseSettledResult<unknown>[], codes: readonly string[]): string[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled' || (isLWTError(outcome.reason) && codes.includes(outcome.reason.code))) return [];
    return [String(outcome.reason)];
  });
}
