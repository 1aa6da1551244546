import { findOrder, type SearchFailure } from './find-order.ts';
import type { Operation } from './history.ts';
import type { Model } from './model.ts';
import { findSuspects } from './suspects.ts';

/** A part of a history that has no order. */
export interface Core<State, Call, Reply> {
  /** By the order of their calls. */
  readonly operations: readonly Operation<Call, Reply>[];
  /** The state before them. */
  readonly init: State;
  /** The one that has no place; its reply is the last to return. */
  readonly culprit: Operation<Call, Reply>;
  /** The states that were possible when the culprit had to take effect. */
  readonly states: readonly State[];
  /** Each of them alone would explain the history if its outcome had been unknown. */
  readonly suspects: readonly Operation<Call, Reply>[];
}

/** A history without an order, and what was found out about it. */
export interface Failed<State, Call, Reply> {
  readonly operations: readonly Operation<Call, Reply>[];
  /** Said to have done nothing, and therefore no part of the history. */
  readonly idle: readonly Operation<Call, Reply>[];
  readonly failure: SearchFailure<State, Call, Reply>;
}

/** At how many points a history is tried to be cut off, and how many are looked at for that, the latest first. */
const maxCuts = 20;
const maxPoints = 200;
/** How many operations are left for the search for suspects. */
const recent = 80;

/**
 * A small part of a history that shows why the whole has no order.
 *
 * Leaving operations out at will would prove nothing: without the write that it saw, every read is impossible. What is
 * left out here has an order wherever the whole has one, so a part without an order convicts the whole:
 * - operations invoked after the culprit returned;
 * - a beginning that ends in the same state in every order of the whole; that state then stands in its place;
 * - operations that need not have happened for the contradiction (each is first only *forgiven*: it may take effect or
 *   not, as if its outcome were unknown), and that then could change nothing in any order: reads, rejections, writes
 *   whose condition never holds. A write whose effect may have been seen stays.
 *
 * The suspects stay too, and so does what came after them.
 *
 * Shrinking stops, with a larger part, where it would take more than `maxSteps` steps in all.
 */
export function shrink<State, Call, Reply>(
  failed: Failed<State, Call, Reply>,
  model: Model<State, Call, Reply>,
  maxSteps: number,
): Core<State, Call, Reply> {
  return new Shrinking(failed, model, maxSteps).run();
}

class Shrinking<State, Call, Reply> {
  #steps: number;
  #operations: readonly Operation<Call, Reply>[];
  #model: Model<State, Call, Reply>;
  #failure: SearchFailure<State, Call, Reply>;
  #forgiven: ReadonlySet<Operation<Call, Reply>>;

  readonly #idle: readonly Operation<Call, Reply>[];

  constructor({ operations, idle, failure }: Failed<State, Call, Reply>, model: Model<State, Call, Reply>, maxSteps: number) {
    const end = failure.culprit.returned;
    this.#operations = operations.filter(({ invoked }) => invoked < end);
    this.#idle = idle.filter(({ invoked }) => invoked < end);
    this.#forgiven = new Set(this.#operations.filter(({ returned }) => returned > end));
    this.#model = model;
    this.#failure = failure;
    this.#steps = maxSteps;
  }

  run(): Core<State, Call, Reply> {
    this.#cutBeginning((before) => this.#operations.length - before.size >= recent);
    const suspects = findSuspects(
      { operations: this.#operations, idle: this.#idle, forgiven: this.#forgiven, culprit: this.#failure.culprit },
      this.#model,
      this.#steps,
    );
    this.#cutBeginning((before) => suspects.every((suspect) => [...before].every(({ invoked }) => invoked < suspect.invoked)));
    this.#forgive();
    const { culprit, states, effective } = this.#failure;
    const stays = (operation: Operation<Call, Reply>): boolean =>
      effective.has(operation) || !(this.#forgiven.has(operation) || operation.returned === Infinity);
    const kept = new Set([...this.#operations.filter(stays), culprit, ...suspects]);
    return { operations: [...kept].sort((a, b) => a.invoked - b.invoked), init: this.#model.init, culprit, states, suspects };
  }

  #cutBeginning(allowed: (before: ReadonlySet<Operation<Call, Reply>>) => boolean): void {
    let [looked, tried] = [0, 0];
    for (const { state, before } of this.#failure.points()) {
      if (looked++ === maxPoints || tried === maxCuts) return;
      if (!allowed(before)) continue;
      tried++;
      const rest = this.#operations.filter((operation) => !before.has(operation));
      if (this.#fails(rest, { ...this.#model, init: state }, this.#forgiven)) return;
    }
  }

  /** Halves, quarters … of the operations, then each alone. */
  #forgive(): void {
    const required = this.#operations.filter((operation) => !this.#forgiven.has(operation) && operation !== this.#failure.culprit);
    let left = required.filter(({ returned }) => returned !== Infinity).sort((a, b) => a.invoked - b.invoked);
    for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < left.length;) {
        const part = left.slice(from, from + size);
        const without = new Set([...this.#forgiven, ...part]);
        if (this.#fails(this.#operations, this.#model, without)) left = left.filter((operation) => !without.has(operation));
        else from += size;
      }
    }
  }

  /** Keeps a part where it has no order either. */
  #fails(
    operations: readonly Operation<Call, Reply>[],
    model: Model<State, Call, Reply>,
    forgiven: ReadonlySet<Operation<Call, Reply>>,
  ): boolean {
    if (this.#steps <= 0) return false;
    const found = findOrder(operations, model, { maxSteps: this.#steps, forgiven });
    this.#steps -= found.steps;
    if (found.kind !== 'none' || found.failure.culprit !== this.#failure.culprit) return false;
    this.#operations = operations;
    this.#model = model;
    this.#forgiven = forgiven;
    this.#failure = found.failure;
    return true;
  }
}
