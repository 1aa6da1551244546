/** What an object does, one call after the other: a pure model of one key. */
export interface Model<State, Call, Reply> {
  /** The state before the first call. */
  readonly init: State;
  /**
   * The state after a call that ended with this reply, in a box; undefined where the object would not have replied so.
   * Where the outcome is unknown the reply is undefined, and the call has its effect, whatever it replied. Must be pure.
   */
  step(state: State, call: Call, reply: Reply | undefined): { readonly state: State } | undefined;
  /**
   * True of a call that ended with this reply and leaves every state as it is: a read, a rejection. The search then tries
   * one place for it, where it tries all for others. Left out, it holds for none.
   */
  changesNothing?(call: Call, reply: Reply): boolean;
  equal(a: State, b: State): boolean;
  /** Equal for equal states. Without it every new state is compared with all that were met before. */
  hash?(state: State): string;
  /** How calls, replies and states read in an explanation; by default as `util.inspect` shows them. */
  readonly words?: ModelWords<State, Call, Reply>;
}

export interface ModelWords<State, Call, Reply> {
  call(call: Call): string;
  /** `call` is what the reply was given to. */
  reply(reply: Reply, call: Call): string;
  /** `call` is any of the history. */
  state(state: State, call: Call): string;
}
