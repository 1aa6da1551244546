/** One call and how it ended, placed between the other calls of a history. */
export interface Operation<Call, Reply> {
  readonly call: Call;
  /** Undefined where the outcome stayed open: the call may take effect at any time after it was invoked, or never. */
  readonly reply: Reply | undefined;
  /** Places in the order in which calls and replies were seen; `returned` is infinite where the outcome stayed open. */
  readonly invoked: number;
  readonly returned: number;
}

/** Records calls and replies in the order in which they happen in this process. */
export class History<Call, Reply> {
  readonly #operations: Operation<Call, Reply>[] = [];
  #place = 0;

  get operations(): readonly Operation<Call, Reply>[] {
    return this.#operations;
  }

  /**
   * Runs a call and records it. `run` returns the reply; undefined leaves the outcome open, and `noEffect` records
   * nothing: the call certainly did nothing, and tells nothing.
   */
  async record(call: Call, run: () => Promise<Reply | undefined | typeof noEffect>): Promise<void> {
    const invoked = this.#place++;
    const reply = await run();
    if (reply === noEffect) return;
    const returned = reply === undefined ? Infinity : this.#place++;
    this.#operations.push({ call, reply, invoked, returned });
  }
}

/** The end of a call that certainly did nothing and saw nothing. */
export const noEffect: unique symbol = Symbol('no effect');
