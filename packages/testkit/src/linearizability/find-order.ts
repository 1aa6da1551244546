import type { Operation } from './history.ts';

/** What a register does, one call after the other. */
export interface Register<State, Call, Reply> {
  readonly init: State;
  /**
   * The state after a call that ended with this reply, in a box; undefined where the register would not have replied
   * so. Where the outcome stayed open the reply is undefined, and the call has its effect, whatever it replied.
   */
  step(state: State, call: Call, reply: Reply | undefined): { readonly state: State } | undefined;
  equal(a: State, b: State): boolean;
}

/**
 * An order of the operations in which each replied as the register does one after the other, and none comes before
 * one that had returned when it was invoked; undefined where there is none, and the history is not linearizable.
 * Operations whose outcome stayed open may be left out. Searches all orders and remembers what was tried
 * (Wing & Gong 1993, Lowe 2017): for short histories, of one key.
 */
export function findOrder<State, Call, Reply>(
  history: readonly Operation<Call, Reply>[],
  register: Register<State, Call, Reply>,
): readonly Operation<Call, Reply>[] | undefined {
  return new Search(history, register).from(0n, register.init);
}

interface Choice<State, Call, Reply> {
  readonly index: number;
  readonly operation: Operation<Call, Reply>;
  readonly after: State;
}

class Search<State, Call, Reply> {
  readonly #operations: readonly Operation<Call, Reply>[];
  readonly #register: Register<State, Call, Reply>;
  /** The bits of all operations that returned. */
  readonly #returned: bigint;
  /** The states in which a set of operations was ordered already, in vain. */
  readonly #tried = new Map<bigint, State[]>();

  constructor(history: readonly Operation<Call, Reply>[], register: Register<State, Call, Reply>) {
    this.#operations = [...history].sort((a, b) => a.invoked - b.invoked);
    this.#register = register;
    this.#returned = this.#operations.reduce((bits, { reply }, i) => (reply === undefined ? bits : bits | bit(i)), 0n);
  }

  /** The order of what is not `done` yet. */
  from(done: bigint, state: State): readonly Operation<Call, Reply>[] | undefined {
    if ((done & this.#returned) === this.#returned) return [];
    if (this.#wasTried(done, state)) return undefined;
    for (const { index, operation, after } of this.#next(done, state)) {
      const rest = this.from(done | bit(index), after);
      if (rest !== undefined) return [operation, ...rest];
    }
    return undefined;
  }

  /**
   * What may come first of the operations not done: those invoked before any other of them returned, which reply as
   * they did. One that leaves the state as it is can as well come first as later, and is then the only choice; an
   * open one that would do so is none.
   */
  #next(done: bigint, state: State): readonly Choice<State, Call, Reply>[] {
    const left = [...this.#operations.entries()].filter(([index]) => (done & bit(index)) === 0n);
    const firstReturn = Math.min(...left.map(([, { returned }]) => returned));
    const choices: Choice<State, Call, Reply>[] = [];
    for (const [index, operation] of left) {
      if (operation.invoked > firstReturn) break;
      const stepped = this.#register.step(state, operation.call, operation.reply);
      if (stepped === undefined) continue;
      const choice = { index, operation, after: stepped.state };
      if (!this.#register.equal(stepped.state, state)) choices.push(choice);
      else if (operation.reply !== undefined) return [choice];
    }
    return choices;
  }

  #wasTried(done: bigint, state: State): boolean {
    const states = this.#tried.get(done) ?? [];
    if (states.some((other) => this.#register.equal(other, state))) return true;
    this.#tried.set(done, [...states, state]);
    return false;
  }
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}
