import { type CallContext, LWTError } from '@onlyif/core';
import { isRefusal } from './classify.ts';
import type { DynamoDbClient } from './connect.ts';

type Handler = (args: unknown) => Promise<unknown>;

/** What is used of a command of the SDK. Names are not given to middlewares: one without a name cannot be displaced. */
interface Command {
  readonly middlewareStack: {
    add(
      middleware: (next: Handler) => Handler,
      options: { readonly step: 'initialize' | 'deserialize'; readonly priority: 'high' | 'low' },
    ): void;
  };
}

type Ended = { readonly kind: 'answered'; readonly result: unknown } | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Lets a command go out once, whatever retries its client was made with (R37): a repeat of a write whose reply was
 * lost would report the own success as a failed condition, and apply an increment twice. What the one request met
 * decides, and no middleware of the client can change it; who asks for a second request gets the first one's reply.
 */
export class SingleAttempt {
  readonly #context: CallContext;
  #entered = false;
  #countedEarly = false;
  /** The one request: sent where it is there. */
  #reply: Promise<unknown> | undefined;
  #attempt: Promise<Ended> | undefined;
  #ended: Ended | undefined;
  #soon: NodeJS.Immediate | undefined;
  #settle: ((ended: Ended) => void) | undefined;

  constructor(context: CallContext) {
    this.#context = context;
  }

  /** The output of the command; throws the error of the attempt as the SDK made it, as soon as it is known. */
  async send(client: DynamoDbClient, command: object): Promise<unknown> {
    this.#attach(command as Command);
    const { signal } = this.#context;
    signal.throwIfAborted();
    const ended = await new Promise<Ended>((resolve) => {
      this.#settle = resolve;
      client.send(command as never, { abortSignal: signal }).then(
        (output) => this.#outside({ kind: 'answered', result: { output } }),
        (error: unknown) => this.#outside({ kind: 'failed', error }),
      );
      // A client that does not start with the middlewares may do without them: count the request as sent.
      if (!this.#entered) this.#countEarly();
    });
    if (ended.kind === 'failed') throw ended.error;
    return (ended.result as { readonly output: unknown }).output;
  }

  /** Steps of the SDK from the outermost to the innermost: initialize, serialize, build, finalizeRequest (retries, signing), deserialize. */
  #attach({ middlewareStack }: Command): void {
    middlewareStack.add((next) => (args) => this.#enter(next, args), { step: 'initialize', priority: 'high' });
    middlewareStack.add((next) => (args) => this.#pass(next, args), { step: 'deserialize', priority: 'high' });
    // The innermost of all: retries at every step are above it.
    middlewareStack.add((next) => (args) => this.#request(next, args), { step: 'deserialize', priority: 'low' });
  }

  #countEarly(): void {
    this.#countedEarly = true;
    this.#context.dispatched();
  }

  #enter(next: Handler, args: unknown): Promise<unknown> {
    this.#entered = true;
    return next(args);
  }

  /** The failure is hidden from the SDK, which repeats what looks retryable even as a `cause`. */
  async #pass(next: Handler, args: unknown): Promise<unknown> {
    const ended = await (this.#attempt ??= this.#run(next, args));
    if (ended.kind === 'failed') throw new AttemptOver();
    return ended.result;
  }

  async #run(next: Handler, args: unknown): Promise<Ended> {
    const ended = await this.#meet(next, args);
    this.#ended = ended;
    // The client's own middlewares see the end first, unless they take their time.
    this.#soon = setImmediate(() => this.#settle?.(ended));
    return ended;
  }

  async #meet(next: Handler, args: unknown): Promise<Ended> {
    try {
      const result = await next(args);
      return isEmpty(result) ? { kind: 'failed', error: noAnswer() } : { kind: 'answered', result };
    } catch (error) {
      if (!isClockSkew(error)) return { kind: 'failed', error };
      this.#attempt = undefined;
      this.#reply = undefined;
      throw error;
    }
  }

  async #request(next: Handler, args: unknown): Promise<unknown> {
    if (this.#reply === undefined) {
      if (!this.#countedEarly) this.#context.dispatched();
      this.#countedEarly = false;
      this.#reply = next(args);
    }
    return this.#reply;
  }

  /** What the client says counts only where no request went out: a middleware may have ended the call in its stead. */
  #outside(ended: Ended): void {
    clearImmediate(this.#soon);
    if (this.#attempt === undefined) this.#settle?.(ended);
    else if (this.#ended !== undefined) this.#settle?.(this.#ended);
    else if (ended.kind === 'failed') this.#settle?.({ kind: 'failed', error: new LeftOpen(ended.error) });
  }
}

/**
 * Refused for the time in its signature, so certainly not applied. The SDK then corrects its clock and sends again,
 * which it must be let do: without it a machine whose clock is off could never write.
 */
function isClockSkew(error: unknown): boolean {
  return isRefusal(error) && clockSkew.has((error as { readonly name?: unknown }).name);
}

export const clockSkew: ReadonlySet<unknown> = new Set([
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);

/** The SDK takes a reply without a body for a success; DynamoDB answers with JSON, at least `{}`. */
function isEmpty(result: unknown): boolean {
  const { response } = result as { readonly response?: { readonly headers?: { readonly 'content-length'?: string } } };
  return response?.headers?.['content-length'] === '0';
}

function noAnswer(): LWTError {
  return new LWTError('protocol', 'The answer has no body, so it does not say whether the write happened: read the row to see.');
}

class AttemptOver extends Error {
  constructor() {
    super('The attempt is over, and a conditional write is never sent twice.');
  }
}

/** The client gave up while the request was under way: its error says nothing of the write. */
class LeftOpen extends Error {
  constructor(cause: unknown) {
    super(`The client ended the call before the request was answered: ${String(cause)}`, { cause });
  }
}
