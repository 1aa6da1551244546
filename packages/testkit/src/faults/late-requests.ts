import type { CallContext } from '@onlyif/core';

/** Requests on their way to the server, of which nobody waits for the answer. */
export class LateRequests {
  readonly #arrivals = new Set<() => Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Sends after so many milliseconds; `Infinity` waits for `arrive`. */
  add(send: () => Promise<unknown>, lateByMs: number): void {
    const arrive = (): Promise<void> => {
      this.#arrivals.delete(arrive);
      // What came of it, nobody hears.
      const sent = send().then(ignore, ignore);
      this.#underWay.add(sent);
      return sent.finally(() => this.#underWay.delete(sent));
    };
    this.#arrivals.add(arrive);
    if (lateByMs === Infinity) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#arrivals.has(arrive)) void arrive();
    }, lateByMs);
    this.#timers.add(timer);
  }

  async arrive(): Promise<void> {
    for (const arrive of this.#arrivals) await arrive();
    await Promise.all(this.#underWay);
  }

  /** Those that have not arrived never do; waits for those that are being served. */
  async drop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#arrivals.clear();
    await Promise.all(this.#underWay);
  }
}

function ignore(): void {}

/** The context of a request that nobody can call back. */
export function detached({ native, requestToken }: CallContext): CallContext {
  const signal = new AbortController().signal;
  return { signal, native, requestToken, remainingMs: () => 10_000, dispatched: () => {} };
}
