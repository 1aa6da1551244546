import { addedBy, type CallContext, type ReadConsistency } from '@onlyif/core';

/** Consistency levels by their numbers in the native protocol, section 3. */
export const consistencies = { LOCAL_ONE: 0x000a, QUORUM: 0x0004, LOCAL_QUORUM: 0x0006, SERIAL: 0x0008, LOCAL_SERIAL: 0x0009 } as const;

/** The levels of requests to one kind of server. */
export interface Levels {
  readonly write: number;
  /** Of the Paxos round of a write; `null` where the frame shall not name one. */
  readonly serial: number | null;
  readonly reads: { readonly [C in ReadConsistency]: number };
  /** Of a read of a whole table. */
  readonly scan: number;
}

/** A retry policy that never retries: the driver's own repeats on Unavailable whatever `isIdempotent` says. */
const rethrow = Object.freeze({ decision: 0 });
const neverRetry = Object.freeze({
  onReadTimeout: () => rethrow,
  onWriteTimeout: () => rethrow,
  onUnavailable: () => rethrow,
  onRequestError: () => rethrow,
});

/**
 * A read has no effect that a repeat could double, so where one host does not answer the next one is asked; else a node that
 * stands still would take all the time of a call.
 */
const nextHost = Object.freeze({ decision: 1, useCurrentHost: false });
const askNextHost = Object.freeze({ ...neverRetry, onRequestError: () => nextHost });

/** Set whatever the client's defaults are: a page of one row would look like the whole answer. */
const fetchSize = 5_000;

/** A host has this share of the call's time to answer a read, and never less than a second, in which a server gives a read up. */
const hostsOfRead = 3;
const minReadMs = 1_000;

/** The driver's own time limit only backs up the call's, which is the shorter one. */
const driverSlackMs = 500;
/** Node turns a longer delay into 1 ms. */
const longestTimerMs = 2 ** 31 - 1;

/** The options of one conditional write, set whatever the client's defaults are: one attempt, explicit levels, no client timestamp. */
export function writeOptions(levels: Levels, context: CallContext): Record<string, unknown> {
  return {
    ...addedBy(context.native, nativeNames),
    prepare: true,
    isIdempotent: false,
    retry: neverRetry,
    consistency: levels.write,
    serialConsistency: levels.serial,
    timestamp: null,
    readTimeout: Math.min(context.remainingMs() + driverSlackMs, longestTimerMs),
  };
}

export function readOptions(levels: Levels, consistency: ReadConsistency, context: CallContext): Record<string, unknown> {
  return {
    ...addedBy(context.native, nativeNames),
    prepare: true,
    isIdempotent: true,
    retry: askNextHost,
    consistency: levels.reads[consistency],
    fetchSize,
    readTimeout: Math.max(minReadMs, context.remainingMs() / hostsOfRead),
  };
}

const nativeNames = ['executionProfile', 'traceQuery', 'customPayload'] as const;

const wholePages = { prepare: true, isIdempotent: true, retry: askNextHost, fetchSize };

/** Options of reads of system tables, whose answers fit in one page. Not prepared: a node that stands still would hold that up. */
export const systemOptions: Readonly<Record<string, unknown>> = Object.freeze({
  ...wholePages,
  prepare: false,
  consistency: consistencies.LOCAL_ONE,
  readTimeout: 3_000,
});
/** Options of a read of a whole table, page by page. */
export function scanOptions({ scan }: Levels): Readonly<Record<string, unknown>> {
  return { ...wholePages, consistency: scan };
}

/** Options of schema statements. */
export const schemaOptions: Readonly<Record<string, unknown>> = Object.freeze({ prepare: false, isIdempotent: false, retry: neverRetry });
