import { setMaxListeners } from 'node:events';
import type { CallContext } from '../adapter.ts';
import type { NativeHook } from '../dialect/dialect.ts';
import { LWTError } from '../errors.ts';

/** One call of the client: its deadline, and whether a request has gone out. */
export class Call implements CallContext {
  readonly native: NativeHook | undefined;
  /** Requests handed to the driver. */
  attempts = 0;
  sent = false;
  #requestToken: string | undefined;
  /** Whether the caller gave the call up, or its time is over. */
  aborted = false;
  #reason: unknown;
  #controller: AbortController | undefined;
  readonly #interrupts: (() => void)[] = [];
  readonly #end: number;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;
  readonly #caller: AbortSignal | undefined;

  constructor(timeoutMs: number, caller: AbortSignal | undefined, native: NativeHook | undefined) {
    this.native = native;
    this.#end = performance.now() + timeoutMs;
    this.#caller = caller;
    this.#onAbort = () => this.#abort(caller?.reason);
    this.#timer = setTimeout(() => this.#abort(new DOMException(`The call took longer than ${timeoutMs} ms.`, 'TimeoutError')), timeoutMs);
    if (caller === undefined) return;
    if (caller.aborted) this.#onAbort();
    // One signal may end many calls at once, of which Node would warn as of a leak. One that is not Node's own never warns.
    if (caller instanceof EventTarget) setMaxListeners(Infinity, caller);
    caller.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Made for an adapter that asks for it: on Node a signal costs as much as all the rest of a call. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      // One for each request of the call, of which there may be many.
      setMaxListeners(0, this.#controller.signal);
      if (this.aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get requestToken(): string {
    return (this.#requestToken ??= crypto.randomUUID());
  }

  /** What follows is another request, not a repeat. */
  newRequest(): void {
    this.#requestToken = undefined;
  }

  #abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const interrupt of this.#interrupts) interrupt();
  }

  remainingMs(): number {
    return Math.max(1, Math.ceil(this.#end - performance.now()));
  }

  /** Throws where the call was given up meanwhile: what was called aborted must never go out later. */
  dispatched(): void {
    this.throwIfAborted();
    this.sent = true;
    this.attempts++;
  }

  /** Lets go of the timer, the caller's signal, and of requests that nobody waits for any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  /** Before a request goes out: whatever came before is decided, and this one is never sent. */
  throwIfAborted(): void {
    if (this.aborted) throw this.interruption('read');
  }

  /** The error of a call that was given up: before a request went out nothing happened, after it nobody knows. */
  interruption(purpose: 'write' | 'read'): LWTError {
    if (this.sent && purpose === 'write') return this.unanswered();
    // A write that waited for its turn and was never handed out.
    const waited =
      purpose === 'write' && isTimeout(this.#reason) ? ' The request had not gone out: the driver may be unable to connect.' : '';
    return new LWTError('aborted', `${this.#why}${waited} Nothing was written.`, {
      cause: this.#reason,
      retryable: isTimeout(this.#reason),
      outcome: 'not-applied',
    });
  }

  /** The error of a write that went out and was not answered before the call was given up. */
  unanswered(): LWTError {
    return new LWTError('outcome-unknown', `${this.#why} ${maybeWritten}`, { cause: this.#reason });
  }

  get #why(): string {
    if (!isTimeout(this.#reason)) return 'The call was aborted.';
    const { message } = this.#reason;
    // That of `AbortSignal.timeout` is no sentence.
    return message.endsWith('.') ? message : `${message}.`;
  }

  /** Waits; rejects as soon as the call is given up, with the timer gone. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.aborted) return reject(this.interruption('read'));
      const timer = setTimeout(resolve, ms);
      this.#interrupts.push(() => {
        clearTimeout(timer);
        reject(this.interruption('read'));
      });
    });
  }

  /**
   * Settles as the promise does, or rejects as soon as the call is given up. With a limit in milliseconds it is not waited
   * for any longer than that, but for a write that has not gone out by then: that one may take half of what is left.
   */
  race<T>(purpose: 'write' | 'read', promise: Promise<T>, limitMs?: number): Promise<T> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const started = performance.now();
      const limit = (ms: number): void => {
        timer = setTimeout(() => {
          if (purpose === 'write' && !this.sent) limit(this.remainingMs() / 2);
          else reject(noAnswer(purpose, performance.now() - started));
        }, ms);
      };
      if (limitMs !== undefined) limit(limitMs);
      const settle =
        <V>(end: (value: V) => void) =>
        (value: V): void => {
          clearTimeout(timer);
          end(value);
        };
      promise.then(settle(resolve), settle(reject));
      // In a microtask of its own: an answer that is there already wins.
      const interrupt = (): void => queueMicrotask(() => settle(reject)(this.interruption(purpose)));
      if (this.aborted) interrupt();
      else this.#interrupts.push(interrupt);
    });
  }
}

const maybeWritten = 'The request had gone out, so the write may or may not have happened.';

function isTimeout(reason: unknown): reason is DOMException {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

function noAnswer(purpose: 'write' | 'read', limitMs: number): LWTError {
  const why = `No answer came within ${Math.round(limitMs)} ms.`;
  const cause = new DOMException(why, 'TimeoutError');
  return purpose === 'read'
    ? new LWTError('unavailable', `The read failed; it may be tried again. ${why}`, { cause, retryable: true })
    : new LWTError('outcome-unknown', `${why} ${maybeWritten}`, { cause });
}
