import type { CallContext } from '../adapter.ts';
import type { NativeHook } from '../dialect/dialect.ts';
import { LWTError } from '../errors.ts';

/** One call of the client: its deadline, and whether a request has gone out. */
export class Call implements CallContext {
  readonly signal: AbortSignal;
  readonly native: NativeHook | undefined;
  /** Requests handed to the driver. */
  attempts = 0;
  sent = false;
  readonly #end: number;
  readonly #timer: NodeJS.Timeout;
  readonly #controller = new AbortController();
  readonly #onAbort: () => void;
  readonly #caller: AbortSignal | undefined;

  constructor(timeoutMs: number, caller: AbortSignal | undefined, native: NativeHook | undefined) {
    this.native = native;
    this.signal = this.#controller.signal;
    this.#end = performance.now() + timeoutMs;
    this.#caller = caller;
    this.#onAbort = () => this.#controller.abort(caller?.reason);
    this.#timer = setTimeout(
      () => this.#controller.abort(new DOMException(`The call took longer than ${timeoutMs} ms.`, 'TimeoutError')),
      timeoutMs,
    );
    if (caller?.aborted === true) this.#onAbort();
    caller?.addEventListener('abort', this.#onAbort, { once: true });
  }

  remainingMs(): number {
    return Math.max(1, Math.ceil(this.#end - performance.now()));
  }

  /** Throws where the call was given up meanwhile: what was called aborted must never go out later. */
  dispatched(): void {
    if (this.signal.aborted) throw this.interruption('write');
    this.sent = true;
    this.attempts++;
  }

  /** Lets go of the timer and the caller's signal. */
  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  throwIfAborted(): void {
    if (this.signal.aborted) throw this.interruption('write');
  }

  /** The error of a call that was given up: before a request went out nothing happened, after it nobody knows. */
  interruption(purpose: 'write' | 'read'): LWTError {
    const cause: unknown = this.signal.reason;
    const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
    const why = timedOut ? cause.message : 'The call was aborted.';
    if (this.sent && purpose === 'write') {
      return new LWTError(
        'outcome-unknown',
        `${why} The request had gone out, so the write may or may not have happened: read the row to see.`,
        { cause },
      );
    }
    return new LWTError('aborted', `${why} Nothing was written.`, { cause, retryable: timedOut, outcome: 'not-applied' });
  }

  /** Settles as the promise does, or rejects as soon as the call is given up. */
  async race<T>(purpose: 'write' | 'read', promise: Promise<T>): Promise<T> {
    let onAbort: (() => void) | undefined;
    const given = new Promise<never>((_, reject) => {
      onAbort = () => reject(this.interruption(purpose));
      if (this.signal.aborted) onAbort();
      else this.signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([promise, given]);
    } finally {
      if (onAbort !== undefined) this.signal.removeEventListener('abort', onAbort);
      promise.catch(() => undefined);
    }
  }
}
