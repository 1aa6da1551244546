import { invalidStatement, isLWTError } from '../errors.ts';
import type { Call } from './call.ts';

/** How often a request is sent again that certainly did nothing and may do better later (`error.retryable`). */
export interface RetryOptions {
  /** Requests in all, the first one among them; 5 by default. */
  readonly maxAttempts?: number;
  /** Before the n-th repeat there is a pause of a random time up to `baseMs · 2ⁿ`, in milliseconds; 25 by default. */
  readonly baseMs?: number;
  /** The longest pause, in milliseconds; 1,000 by default. */
  readonly maxMs?: number;
  /** No repeat begins later than this after the first request, in milliseconds; 5,000 by default. The call's own time ends them too. */
  readonly budgetMs?: number;
}

export type RetryPolicy = Required<RetryOptions>;

export const standard: RetryPolicy = Object.freeze({ maxAttempts: 5, baseMs: 25, maxMs: 1_000, budgetMs: 5_000 });

/** Of what resolves an unknown outcome: as long as the call lasts, for whoever asked for no repeats still wants to know. */
export const persistent: RetryPolicy = Object.freeze({ ...standard, maxAttempts: Infinity, budgetMs: Infinity });

export const once: RetryPolicy = Object.freeze({ ...standard, maxAttempts: 1 });

export function retryPolicy(options: RetryOptions | 'off' | undefined): RetryPolicy {
  if (options === 'off') return once;
  if (typeof options !== 'object' && options !== undefined) throw invalidStatement(`retry is 'off' or an object of numbers.`);
  const policy = { ...standard, ...options };
  for (const [name, value] of Object.entries(policy)) {
    if (!Object.hasOwn(standard, name)) throw invalidStatement(`retry has no ${name}; it has ${Object.keys(standard).join(', ')}.`);
    if (typeof value !== 'number' || !(value >= 0)) throw invalidStatement(`retry.${name} is a number from 0.`);
  }
  if (!Number.isInteger(policy.maxAttempts) || policy.maxAttempts < 1)
    throw invalidStatement('retry.maxAttempts is a whole number from 1.');
  return policy;
}

/** Full jitter: a random time up to a limit that doubles, so that writers who met once do not meet again. */
export function backoffMs({ baseMs, maxMs }: Pick<RetryPolicy, 'baseMs' | 'maxMs'>, repeat: number): number {
  return Math.random() * Math.min(maxMs, baseMs * 2 ** repeat);
}

/** Does some work, and does it again where it certainly did nothing and may do better, within the policy and the time of the call. */
export async function withRetries<T>(policy: RetryPolicy, call: Call, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + policy.budgetMs;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isLWTError(error) || !error.retryable || error.outcome === 'unknown') throw error;
      const delay = backoffMs(policy, tries);
      const isOver = tries >= policy.maxAttempts || call.aborted || performance.now() + delay > end || delay >= call.remainingMs();
      if (isOver) throw error;
      await call.pause(delay);
    }
  }
}
