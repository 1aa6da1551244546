import type { Adapter } from '@onlyif/core';
import type { Random } from './random.ts';

/** A database that can be broken. */
export interface TorturePlace {
  readonly name: string;
  /** Ways to it that break; clients share them in turn. */
  readonly adapters: readonly [Adapter, ...Adapter[]];
  /** A way that nothing breaks but the database itself. */
  readonly direct: Adapter;
  /** Breaks things at random until the signal aborts; resolves when everything is whole again. */
  disturb(random: Random, ended: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Resolves after so many milliseconds, or at once where the signal aborts. */
export function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      ended.removeEventListener('abort', done);
      resolve();
    }
    if (ended.aborted) done();
    else ended.addEventListener('abort', done);
  });
}
