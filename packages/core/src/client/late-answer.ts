import type { Answer } from '../adapter.ts';
import type { LWTError } from '../errors.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { asLWTError, type Running } from './run-call.ts';

/** How a request ended after all: with its answer, or with an error that says that nothing was written. */
export type LateEnd = { readonly answer: Answer } | { readonly refusal: LWTError };

/** The answer to a write that went out and is not waited for alone any more: where it comes, it tells more than any read. */
export class LateAnswer {
  /** Undefined where nothing came yet that tells. */
  end: LateEnd | undefined;
  /** Whether nothing at all came yet. */
  isPending = true;
  readonly #ended: Promise<void>;
  readonly #running: Running;

  constructor(running: Running, statement: WriteNode, request: Promise<Answer>) {
    this.#running = running;
    this.#ended = request
      .then(
        (answer) => void (this.end = { answer }),
        (error: unknown) => {
          const refusal = asLWTError(running, statement, 'write', error, true);
          if (refusal.outcome === 'not-applied') this.end = { refusal };
        },
      )
      .finally(() => (this.isPending = false));
  }

  /** Waits for it as long as the call lasts. */
  async wait(): Promise<LateEnd | undefined> {
    await this.#running.call.race('read', this.#ended).catch(() => undefined);
    return this.end;
  }
}
