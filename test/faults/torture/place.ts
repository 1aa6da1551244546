import type { Adapter } from '@onlyif/core';
import type { Counts } from './counts.ts';
import type { Random } from './random.ts';

/** How rows are reached, with the options that all who write to a table must share; each of the ways has tables of its own. */
export interface Ways {
  readonly name: string;
  /** Ways that break; clients share them in turn. */
  readonly broken: readonly [Adapter, ...Adapter[]];
  /** A way that nothing breaks but the database itself. */
  readonly direct: Adapter;
  /** Whether an unknown outcome can be resolved where a row has no evidence: by a repeat. */
  readonly repeats: boolean;
}

/** A database that can be broken. */
export interface TorturePlace {
  readonly name: string;
  readonly ways: readonly Ways[];
  /** What was done to the database itself, and how often. */
  readonly disturbances: Counts;
  /** What was done to requests and replies, by the kind of the fault. */
  faults(): Counts;
  /** Breaks things at random until the signal aborts. */
  disturb(random: Random, ended: AbortSignal): Disturbing;
  close(): Promise<void>;
}

export interface Disturbing {
  /** Resolves when every kind of disturbance has happened. */
  readonly once: Promise<void>;
  /** Resolves when everything is whole again, after the signal. */
  readonly over: Promise<void>;
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
