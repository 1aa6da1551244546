import type { CallContext, NativeHook, ReadConsistency } from '@onlyif/core';

export type SerialConsistency = 'SERIAL' | 'LOCAL_SERIAL';

/** Consistency levels by their numbers in the native protocol, section 3. */
const levels = { LOCAL_ONE: 0x000a, QUORUM: 0x0004, LOCAL_QUORUM: 0x0006, SERIAL: 0x0008, LOCAL_SERIAL: 0x0009 } as const;

const commitLevels = { SERIAL: levels.QUORUM, LOCAL_SERIAL: levels.LOCAL_QUORUM } as const;

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

/** The options of one conditional write, set whatever the client's defaults are: one attempt, explicit levels, no client timestamp. */
export function writeOptions(serial: SerialConsistency, context: CallContext): Record<string, unknown> {
  return {
    ...onlyTracing(context.native),
    prepare: true,
    isIdempotent: false,
    retry: neverRetry,
    consistency: commitLevels[serial],
    serialConsistency: levels[serial],
    timestamp: null,
    readTimeout: context.remainingMs() + driverSlackMs,
  };
}

export function readOptions(serial: SerialConsistency, consistency: ReadConsistency, context: CallContext): Record<string, unknown> {
  const byName = { strong: levels[serial], quorum: commitLevels[serial], eventual: levels.LOCAL_ONE };
  return {
    ...onlyTracing(context.native),
    prepare: true,
    isIdempotent: true,
    retry: askNextHost,
    consistency: byName[consistency],
    fetchSize,
    readTimeout: Math.max(minReadMs, context.remainingMs() / hostsOfRead),
  };
}

const nativeNames = ['executionProfile', 'traceQuery', 'customPayload'] as const;

/** What a `native` hook may add; all else that it returns is dropped. */
function onlyTracing(native: NativeHook | undefined): Record<string, unknown> {
  if (native === undefined) return {};
  const wanted = native({});
  return Object.fromEntries(nativeNames.filter((name) => wanted[name] !== undefined).map((name) => [name, wanted[name]]));
}

const wholePages = { prepare: true, isIdempotent: true, retry: askNextHost, fetchSize };

/** Options of reads of system tables, whose answers fit in one page. Not prepared: a node that stands still would hold that up. */
export const systemOptions: Readonly<Record<string, unknown>> = Object.freeze({
  ...wholePages,
  prepare: false,
  consistency: levels.LOCAL_ONE,
  readTimeout: 3_000,
});
/** Options of a read of a whole table, page by page. */
export const scanOptions: Readonly<Record<string, unknown>> = Object.freeze({ ...wholePages, consistency: levels.QUORUM });
/** Options of schema statements. */
export const schemaOptions: Readonly<Record<string, unknown>> = Object.freeze({ prepare: false, isIdempotent: false, retry: neverRetry });
