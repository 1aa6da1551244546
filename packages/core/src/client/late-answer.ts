import type { Answer } from '../adapter.ts';
import type { LWTError } from '../errors.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { asLWTError, type Running } from './run-call.ts';

/** How a request ended after all: with its answer, or with an error that says that nothing was written. */
export type LateEnd = { readonly answer: Answer } | { readonly refusal: LWTError };

/** The answer to a write that went out and is not waited for alone any more: where it comes, it tells more than any read. */
export class LateAnswer {
  /** A repeat of the request may still arrive, so that it tells nothing that the request itself was not applied (R38). */
  hasOpenRepeats = false;
  /** Whether nothing at all came yet. */
  isPending = true;
  readonly #ended: Promise<void>;
  #end: LateEnd | undefined;
  readonly #running: Running;

  constructor(running: Running, statement: WriteNode, request: Promise<Answer>) {
    this.#running = running;
    this.#ended = request
      .then(
        (answer) => void (this.#end = { answer }),
        (error: unknown) => {
          const refusal = asLWTError(running, statement, 'write', error, true);
          if (refusal.outcome === 'not-applied') this.#end = { refusal };
        },
      )
      .finally(() => (this.isPending = false));
  }

  /** Undefined where nothing came yet that tells. */
  get end(): LateEnd | undefined {
    const end = this.#end;
    const isApplied = end !== undefined && 'answer' in end && end.answer.applied;
    return this.hasOpenRepeats && !isApplied ? undefined : end;
  }

  /** Waits for it as long as the call lasts. */
  async wait(): Promise<LateEnd | undefined> {
    await this.#running.call.race('read', this.#ended).catch(() => undefined);
    return this.end;
  }
}
