import type { Failure } from '@onlyif/core';

/**
 * What may happen to a conditional write.
 *
 * | fault | the write | the caller is told |
 * |---|---|---|
 * | `'unsent'` | did not leave the process | not applied, retryable (`unavailable`) |
 * | `'throttled'` | refused by the server | not applied, retryable (`throttled`) |
 * | `'contention'` | lost to other writers | not applied, retryable (`contention`) |
 * | `'lost-request'` | never arrives | unknown |
 * | `'late-request'` | arrives after the caller was told, or never if the adapter is closed before | unknown |
 * | `'lost-reply'` | done, or rejected | unknown |
 * | `'no-reply'` | done, or rejected | nothing, until the call's own time is over: unknown |
 * | `'cas-timeout'` | given up by the server, not done | unknown, `answered` |
 * | `'cas-timeout-applied'` | given up by the server, yet done or rejected | unknown, `answered` |
 * | `'duplicate-reply'` | done once, answered twice | the answer |
 * | `'duplicate-request'` | arrives twice | the second answer, where it shows the write's own token; else the first |
 *
 * An adapter answers a call once, so that a duplicate reply changes nothing here; the fault proxies send one on the wire.
 * A duplicate *request* applies twice where its condition still holds, whatever the library does (R41); so only statements
 * that falsify their own condition are duplicated: inserts, deletes, and writes that pin a column to a value and set it to
 * another. Any other is a duplicate reply. Even these apply twice where another writer brings the pinned value back in
 * between: a version must never repeat (R43). The second answer is a rejection, which only a write token tells from that
 * of a lost race.
 */
export type WriteFault =
  | 'unsent'
  | 'throttled'
  | 'contention'
  | 'lost-request'
  | 'late-request'
  | 'lost-reply'
  | 'no-reply'
  | 'cas-timeout'
  | 'cas-timeout-applied'
  | 'duplicate-reply'
  | 'duplicate-request';

/** What may happen to a read: it fails, and may be tried again. */
export type ReadFault = 'failed-read';

export type Fault = WriteFault | ReadFault;

const nothing = 'nothing was written. Try again later.';
const open = 'The write may or may not have happened.';

/** How the caller is told of the faults that end in an error. */
const failures: { readonly [F in Exclude<Fault, 'no-reply' | 'duplicate-reply' | 'duplicate-request'>]: Failure } = {
  unsent: { code: 'unavailable', retryable: true, message: `The request was not sent, so ${nothing}` },
  throttled: { code: 'throttled', retryable: true, message: `The server refused the request for its rate, so ${nothing}` },
  contention: { code: 'contention', retryable: true, message: `Other writers were first, and ${nothing}` },
  'lost-request': { code: 'outcome-unknown', retryable: false, message: `No answer came. ${open}` },
  'late-request': { code: 'outcome-unknown', retryable: false, message: `No answer came in time. ${open}` },
  'lost-reply': { code: 'outcome-unknown', retryable: false, message: `The connection was lost before the answer came. ${open}` },
  'cas-timeout': { code: 'outcome-unknown', retryable: false, message: `The server gave the write up. ${open}`, answered: true },
  'cas-timeout-applied': { code: 'outcome-unknown', retryable: false, message: `The server gave the write up. ${open}`, answered: true },
  'failed-read': { code: 'unavailable', retryable: true, message: 'The read failed. Try again later.' },
};

/** The error of an injected fault, as a driver would throw one: `classify` of the adapter with faults says what it means. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
  readonly fault: keyof typeof failures;

  constructor(fault: keyof typeof failures) {
    super(`Injected: ${fault}.`);
    this.fault = fault;
  }

  get failure(): Failure {
    return failures[this.fault];
  }
}
