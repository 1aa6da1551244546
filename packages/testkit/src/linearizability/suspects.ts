import { findOrder } from './find-order.ts';
import type { Operation } from './history.ts';
import type { Model } from './model.ts';

export interface Accused<Call, Reply> {
  readonly operations: readonly Operation<Call, Reply>[];
  /** Said to have done nothing, and therefore no part of the history. */
  readonly idle: readonly Operation<Call, Reply>[];
  readonly forgiven: ReadonlySet<Operation<Call, Reply>>;
  readonly culprit: Operation<Call, Reply>;
}

/** How many of the latest operations are looked at, and how many are named. */
const lookedAt = 60;
const named = 4;

/** The operations, the latest first, of which each alone would explain the history if its outcome had been unknown. */
export function findSuspects<State, Call, Reply>(
  { operations, idle, forgiven, culprit }: Accused<Call, Reply>,
  model: Model<State, Call, Reply>,
  maxSteps: number,
): readonly Operation<Call, Reply>[] {
  const suspects: Operation<Call, Reply>[] = [];
  const candidates = [...operations, ...idle].filter(
    (operation) => operation !== culprit && (operation.returned !== Infinity || idle.includes(operation)),
  );
  let steps = maxSteps;
  for (const candidate of candidates.sort((a, b) => b.invoked - a.invoked).slice(0, lookedAt)) {
    const others = operations.filter((operation) => operation !== candidate);
    const found = findOrder([...others, { ...candidate, reply: undefined, returned: Infinity }], model, { maxSteps: steps, forgiven });
    if (found.kind === 'order') suspects.push(candidate);
    steps -= found.steps;
    if (steps <= 0 || suspects.length === named) break;
  }
  return suspects;
}
