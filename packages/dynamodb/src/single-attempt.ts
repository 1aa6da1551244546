/** What is used of a command of the SDK. */
interface Command {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>,
      options: { readonly step: 'finalizeRequest'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
}

/**
 * Lets a command go out once, whatever retries its client was made with (R37): a repeat of a write whose reply was
 * lost would report the own success as a failed condition, and apply an increment twice. The failure of the attempt
 * is hidden from the SDK, which repeats what looks retryable even as a `cause`, and thrown by `settle`.
 */
export class SingleAttempt {
  #failure: { readonly error: unknown } | undefined;

  attach(command: Command): void {
    command.middlewareStack.add(
      (next) => async (args) => {
        if (this.#failure !== undefined) throw new AttemptOver();
        try {
          return await next(args);
        } catch (error) {
          if (clockSkew.has((error as { name?: unknown }).name)) throw error;
          this.#failure = { error };
          throw new AttemptOver();
        }
      },
      { step: 'finalizeRequest', priority: 'low', name: 'onlyifSingleAttempt' },
    );
  }

  /** The error that ended the attempt, where one went out; else the error given. */
  errorOf(error: unknown): unknown {
    return this.#failure === undefined ? error : this.#failure.error;
  }
}

/**
 * Refused for the time in its signature, so certainly not applied. The SDK then corrects its clock and sends again,
 * which it must be let do: without it a machine whose clock is off could never write.
 */
const clockSkew: ReadonlySet<unknown> = new Set([
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);

class AttemptOver extends Error {
  constructor() {
    super('The attempt is over, and a conditional write is never sent twice.');
  }
}
