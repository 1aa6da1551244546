/** One call and how it ended, placed between the other calls of a history. */
export interface Operation<Call, Reply> {
  /** The number of the client that made the call, for explanations. */
  readonly client: number;
  readonly call: Call;
  /** Undefined where the outcome is unknown: the call may take effect at any time after it was invoked, or never. */
  readonly reply: Reply | undefined;
  /**
   * Places in the order in which calls and replies were seen; `returned` is infinite where the outcome is unknown. A call
   * at the very place of another's return may have come before it.
   */
  readonly invoked: number;
  readonly returned: number;
}

/**
 * Records calls and replies in the order in which they happen in this process.
 *
 * ```ts
 * const history = new History<string, number>();
 * await history.record(1, 'read', async () => 42);
 * ```
 */
export class History<Call, Reply> {
  readonly #operations = new Set<Operation<Call, Reply>>();
  readonly #idle: Operation<Call, Reply>[] = [];
  #place = 0;

  /** What was recorded so far, in the order of the calls; what has not returned yet has an unknown outcome. */
  get operations(): readonly Operation<Call, Reply>[] {
    return [...this.#operations].sort((a, b) => a.invoked - b.invoked);
  }

  /** The calls that certainly did nothing; they have no reply. */
  get idle(): readonly Operation<Call, Reply>[] {
    return this.#idle;
  }

  /**
   * Runs a call of a client and records it, and returns what was recorded. `run` returns the reply; undefined says that
   * the outcome is unknown, and `noEffect` puts the call among the
   * `idle` ones, out of the history: it certainly did nothing, and tells nothing.
   * Where `run` throws, the outcome is recorded as unknown, and the error thrown on.
   */
  async record(
    client: number,
    call: Call,
    run: () => Promise<Reply | undefined | typeof noEffect>,
  ): Promise<Operation<Call, Reply> | undefined> {
    const open: Operation<Call, Reply> = { client, call, reply: undefined, invoked: this.#place++, returned: Infinity };
    this.#operations.add(open);
    const reply = await run();
    if (reply === undefined) return open;
    this.#operations.delete(open);
    if (reply === noEffect) {
      this.#idle.push({ ...open, returned: this.#place++ });
      return undefined;
    }
    const ended = { ...open, reply, returned: this.#place++ };
    this.#operations.add(ended);
    return ended;
  }

  /** Adds an operation that was seen in another way; its places are those of operations in this history. */
  add(operation: Operation<Call, Reply>): void {
    this.#operations.add(operation);
  }
}

/** The end of a call that certainly did nothing and saw nothing. */
export const noEffect: unique symbol = Symbol('no effect');
