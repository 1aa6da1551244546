import { explainCore } from './explain-core.ts';
import { findOrder } from './find-order.ts';
import type { Operation } from './history.ts';
import type { Model } from './model.ts';
import { type Failed, shrink } from './shrink.ts';

export interface CheckOptions<Call, Reply> {
  /** Calls with different keys do not touch each other and are checked apart; without it there is one key. */
  readonly key?: (call: Call) => string;
  /** How many steps of the model may be looked at for one key: 5,000,000 by default, some seconds; for shrinking as many again. */
  readonly maxSteps?: number;
  /** Operations that were said to have done nothing, `history.idle`: named in the explanation where one of them would explain the rest. */
  readonly idle?: readonly Operation<Call, Reply>[];
}

/** What can be said of a history. Only `'linearizable'` is a proof that it is. */
export type Verdict<State, Call, Reply> =
  | {
      readonly kind: 'linearizable';
      /** One order for each key; operations with unknown outcomes are left out where they did not happen. */
      readonly orders: ReadonlyMap<string, readonly Operation<Call, Reply>[]>;
      readonly explanation: string;
    }
  | {
      readonly kind: 'violated';
      readonly key: string;
      /** A small part of the history that has no order, from the state `init` on. */
      readonly history: readonly Operation<Call, Reply>[];
      readonly init: State;
      /** The part in words, one line an operation. */
      readonly explanation: string;
    }
  | { readonly kind: 'undecided'; readonly key: string; readonly explanation: string };

const defaultMaxSteps = 5_000_000;

/**
 * Checks that a history is linearizable: that for each key there is an order of the operations in which each replied as
 * the model does one after the other, and none comes before one that had returned when it was invoked. An operation
 * whose outcome is unknown may take effect at any time after it was invoked, or never.
 *
 * Where there is none, the verdict names a small part that has none either, and tells it in words. A search that takes
 * more than `maxSteps` is `'undecided'`.
 *
 * What it takes, on one slow core, with 8 clients on one row (`npm run bench -- checker`): where most writes pin a version,
 * 10,000 operations with 214 unknown outcomes 0.3 s, 50,000 with 1,035 some seconds. Unknown writes whose condition holds
 * again and again are dearer: where a tenth of the calls are `if exists()`, 2,000 operations with 126 unknown take 0.1 s,
 * 10,000 with 621 are undecided.
 * Histories of a few hundred operations a key, with a tenth unknown, are decided at once; use more keys rather than longer ones.
 *
 * ```ts
 * const history = new History<Statement, RowReply>();
 * await Promise.all(clients.map((db, client) => recordStatement(history, client, db, statement)));
 * const verdict = checkLinearizable(history.operations, rowRegister, { key: rowKey });
 * expect(verdict.kind, verdict.explanation).toBe('linearizable');
 * ```
 */
export function checkLinearizable<State, Call, Reply>(
  operations: readonly Operation<Call, Reply>[],
  model: Model<State, Call, Reply>,
  { key = () => 'the history', maxSteps = defaultMaxSteps, idle = [] }: CheckOptions<Call, Reply> = {},
): Verdict<State, Call, Reply> {
  const orders = new Map<string, readonly Operation<Call, Reply>[]>();
  let undecided: Verdict<State, Call, Reply> | undefined;
  for (const [name, part] of partition(operations, key)) {
    const found = findOrder(part, model, { maxSteps });
    if (found.kind === 'none') {
      const failed = { operations: part, idle: idle.filter(({ call }) => key(call) === name), failure: found.failure };
      return violated(name, failed, model, maxSteps);
    }
    if (found.kind === 'order') orders.set(name, found.order);
    else undecided ??= { kind: 'undecided', key: name, explanation: tooLong(name, part, maxSteps) };
  }
  return (
    undecided ?? { kind: 'linearizable', orders, explanation: `${operations.length} operations on ${orders.size} keys have an order.` }
  );
}

function partition<Call, Reply>(
  operations: readonly Operation<Call, Reply>[],
  key: (call: Call) => string,
): ReadonlyMap<string, Operation<Call, Reply>[]> {
  const parts = new Map<string, Operation<Call, Reply>[]>();
  for (const operation of operations) {
    const name = key(operation.call);
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [operation]);
    else part.push(operation);
  }
  return parts;
}

function violated<State, Call, Reply>(
  key: string,
  failed: Failed<State, Call, Reply>,
  model: Model<State, Call, Reply>,
  maxSteps: number,
): Verdict<State, Call, Reply> {
  const core = shrink(failed, model, maxSteps);
  const explanation = explainCore(key, failed.operations.length, core, model);
  const history = core.operations.filter((operation) => !failed.idle.includes(operation));
  return { kind: 'violated', key, history, init: core.init, explanation };
}

function tooLong(key: string, operations: readonly Operation<unknown, unknown>[], maxSteps: number): string {
  const open = operations.filter(({ returned }) => returned === Infinity).length;
  return `${key}: no order was found in ${maxSteps} steps, which proves nothing. It has ${operations.length} operations, ${open} with unknown outcomes; use more keys with fewer operations each.`;
}
