import type { Operation } from './history.ts';
import type { Model } from './model.ts';

/** Where an operation does not fit a state. */
export const impossible = -1;

/** The states that a search met, as numbers, and the steps between them, each computed once. */
export class StateSpace<State, Call, Reply> {
  /** How many steps were looked at, remembered ones included. */
  steps = 0;
  readonly #model: Model<State, Call, Reply>;
  readonly #operations: readonly Operation<Call, Reply>[];
  readonly #quiet: readonly boolean[];
  readonly #states: State[] = [];
  readonly #byHash = new Map<string, number[]>();
  readonly #next = new Map<number, number>();

  constructor(model: Model<State, Call, Reply>, operations: readonly Operation<Call, Reply>[]) {
    this.#model = model;
    this.#operations = operations;
    this.#quiet = operations.map(({ call, reply }) => reply !== undefined && model.changesNothing?.(call, reply) === true);
    this.#number(model.init);
  }

  /** Whether an operation that returned leaves every state as it is. */
  isQuiet(index: number): boolean {
    return this.#quiet[index] === true;
  }

  /** The number of the first state is 0. */
  state(number: number): State {
    return this.#states[number] as State;
  }

  /** The state after an operation, or `impossible`. */
  after(state: number, index: number): number {
    this.steps++;
    const step = state * this.#operations.length + index;
    const known = this.#next.get(step);
    if (known !== undefined) return known;
    const operation = this.#operations[index];
    const stepped = operation && this.#model.step(this.state(state), operation.call, operation.reply);
    const next = stepped === undefined ? impossible : this.#number(stepped.state);
    this.#next.set(step, next);
    return next;
  }

  #number(state: State): number {
    const hash = this.#model.hash?.(state) ?? '';
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find((number) => this.#model.equal(this.state(number), state));
    if (known !== undefined) return known;
    this.#byHash.set(hash, [...alike, this.#states.length]);
    return this.#states.push(state) - 1;
  }
}
