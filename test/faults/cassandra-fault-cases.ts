import {
  type CqlFault,
  cqlErrors,
  cqlNotation,
  type CqlReply,
  decodeRows,
  encodeRows,
  Gate,
  opcodes,
  resultKinds,
  voidReply,
} from '@onlyif/testkit';
import type { Told } from './outcome.ts';

export interface FaultCase {
  readonly fault: CqlFault;
  readonly write: Told;
  /** Whether the row holds what was to be written, when the call has ended. */
  readonly written: boolean;
  /** A `get`, of which every attempt meets the fault. */
  readonly read: Told;
  readonly silent?: true;
  /** A repeat cannot help. */
  readonly final?: true;
}

export const unknown = 'outcome-unknown: unknown';
export const notWritten = 'unavailable: not-applied';
export const noFrame = 'protocol: unknown';
const failedRead = 'unavailable: not-applied';
const gaveUp = 'aborted: not-applied';

export const instead = (reply: CqlReply, forward: boolean): CqlFault => ({ kind: 'reply', reply, forward });
export const edited = (edit: (body: Buffer) => Buffer, opcode?: number): CqlFault => ({
  kind: 'edit-reply',
  edit: (reply) => ({ opcode: opcode ?? reply.opcode, flags: 0, body: edit(reply.body) }),
});
export const atSerial = { consistency: 'SERIAL', received: 1, blockFor: 2 } as const;
const commit = { consistency: 'QUORUM', received: 1, blockFor: 2 } as const;
const enough = { consistency: 'SERIAL', received: 2, blockFor: 2, dataPresent: false } as const;
/** Refused at the door, for good. */
const refusedWith = (reply: CqlReply, told: Told): FaultCase => ({ fault: instead(reply, false), write: told, written: false, read: told });

/** An answer in which the cell `[applied]` is null; other rows stay as they are. */
function nullApplied(reply: CqlReply): CqlReply {
  const found = decodeRows(reply);
  if (found === undefined) return reply;
  const { columns, rows } = found;
  return encodeRows({ columns, rows: rows.map((cells) => cells.map((cell, i) => (columns[i]?.name === '[applied]' ? null : cell))) });
}

/**
 * Left out, for they crash cassandra-driver itself with an uncaught exception: a reply on a stream that was not asked on, and
 * an ERROR frame whose body is cut short (lib/streams.js parses it outside every `try`).
 */
export const faultCases: { readonly [name: string]: FaultCase } = {
  'request dropped': { fault: { kind: 'drop-request' }, write: unknown, written: false, read: gaveUp, silent: true },
  'reply dropped': { fault: { kind: 'drop-reply' }, write: unknown, written: true, read: gaveUp, silent: true },
  'request held for a while': { fault: { kind: 'hold-request', until: 30 }, write: 'applied', written: true, read: 'row' },
  'reply held for a while': { fault: { kind: 'hold-reply', until: 30 }, write: 'applied', written: true, read: 'row' },
  'reply held for ever': { fault: { kind: 'hold-reply', until: new Gate() }, write: unknown, written: true, read: gaveUp, silent: true },
  'reply cut short, then silence': {
    fault: { kind: 'truncate-reply', bytes: 12, followedBy: 'silence' },
    write: unknown,
    written: true,
    read: gaveUp,
    silent: true,
  },
  'reply cut short, then FIN': {
    fault: { kind: 'truncate-reply', bytes: 12, followedBy: 'end' },
    write: unknown,
    written: true,
    read: failedRead,
  },
  'RST before execution': { fault: { kind: 'disconnect', how: 'reset', when: 'before' }, write: unknown, written: false, read: failedRead },
  'RST after execution': { fault: { kind: 'disconnect', how: 'reset', when: 'after' }, write: unknown, written: true, read: failedRead },
  'FIN before execution': { fault: { kind: 'disconnect', how: 'end', when: 'before' }, write: unknown, written: false, read: failedRead },
  'FIN after execution': { fault: { kind: 'disconnect', how: 'end', when: 'after' }, write: unknown, written: true, read: failedRead },
  'reply twice': { fault: { kind: 'duplicate-reply' }, write: 'applied', written: true, read: 'row' },
  'R41 request twice, the second reply: no client can tell this from a lost race': {
    fault: { kind: 'duplicate-request' },
    write: 'rejected',
    written: true,
    read: 'row',
  },
  '[applied] is null': { fault: { kind: 'edit-reply', edit: nullApplied }, write: noFrame, written: true, read: 'row' },
  'VOID reply': { fault: instead(voidReply, true), write: noFrame, written: true, read: 'protocol: not-applied' },
  'unknown kind of result': {
    fault: edited((body) => Buffer.concat([cqlNotation.int(99), body.subarray(4)])),
    write: noFrame,
    written: true,
    read: 'protocol: not-applied',
  },
  'RESULT with a garbage body': {
    fault: edited(() => Buffer.concat([cqlNotation.int(resultKinds.rows), Buffer.alloc(40, 0x5a)])),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'reply one byte short': { fault: edited((body) => body.subarray(0, -1)), write: unknown, written: true, read: failedRead },
  'unknown opcode': { fault: edited((body) => body, 0x7f), write: unknown, written: true, read: failedRead },
  'READY instead of RESULT': {
    fault: edited(() => Buffer.alloc(0), opcodes.READY),
    write: noFrame,
    written: true,
    read: 'protocol: not-applied',
  },
  'WriteTimeout CAS': { fault: instead(cqlErrors.writeTimeout('CAS', atSerial), true), write: unknown, written: true, read: failedRead },
  'WriteTimeout CAS, never applied': {
    fault: instead(cqlErrors.writeTimeout('CAS', atSerial), false),
    write: unknown,
    written: false,
    read: failedRead,
  },
  'WriteTimeout SIMPLE': {
    fault: instead(cqlErrors.writeTimeout('SIMPLE', commit), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'WriteTimeout SIMPLE, never applied': {
    fault: instead(cqlErrors.writeTimeout('SIMPLE', commit), false),
    write: unknown,
    written: false,
    read: failedRead,
  },
  'WriteTimeout BATCH_LOG': {
    fault: instead(cqlErrors.writeTimeout('BATCH_LOG', commit), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'WriteFailure CAS': {
    fault: instead(cqlErrors.writeFailure('CAS', { ...atSerial, failures: 1 }), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'CAS write unknown': { fault: instead(cqlErrors.casWriteUnknown(atSerial), true), write: unknown, written: true, read: failedRead },
  'Unavailable at SERIAL, never began': {
    fault: instead(cqlErrors.unavailable('SERIAL', 2, 1), false),
    write: notWritten,
    written: false,
    read: failedRead,
  },
  'Unavailable at QUORUM, after execution': {
    fault: instead(cqlErrors.unavailable('QUORUM', 2, 1), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'Unavailable at LOCAL_QUORUM, after execution': {
    fault: instead(cqlErrors.unavailable('LOCAL_QUORUM', 2, 1), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'ReadTimeout, after execution': { fault: instead(cqlErrors.readTimeout(enough), true), write: unknown, written: true, read: failedRead },
  'ReadFailure, after execution': {
    fault: instead(cqlErrors.readFailure({ ...enough, failures: 1 }), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'Overloaded, at the door': { fault: instead(cqlErrors.overloaded(), false), write: unknown, written: false, read: failedRead },
  'Overloaded, after execution': { fault: instead(cqlErrors.overloaded(), true), write: unknown, written: true, read: failedRead },
  'Truncate error': { fault: instead(cqlErrors.truncateError(), true), write: unknown, written: true, read: failedRead },
  'Function failure': {
    fault: instead(cqlErrors.functionFailure('k', 'f', ['int']), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'server error, after execution': { fault: instead(cqlErrors.serverError(), true), write: unknown, written: true, read: failedRead },
  'an error of no table, after execution': {
    fault: instead({ ...cqlErrors.serverError(), body: Buffer.concat([cqlNotation.int(0x9999), cqlNotation.string('words')]) }, true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'config error, after execution': {
    fault: instead(cqlErrors.configError('words'), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  IsBootstrapping: { fault: instead(cqlErrors.bootstrapping(), false), write: notWritten, written: false, read: failedRead },
  Invalid: {
    fault: instead(cqlErrors.invalid('words'), false),
    write: 'rejected-by-server: not-applied',
    written: false,
    read: 'rejected-by-server: not-applied',
  },
  'unprepared, with an id that nobody knows': {
    fault: instead(cqlErrors.unprepared(Buffer.from('nosuch')), false),
    write: notWritten,
    written: false,
    read: failedRead,
    final: true,
  },
  'CDC write failure, after execution': {
    fault: instead(cqlErrors.cdcWriteFailure(), true),
    write: unknown,
    written: true,
    read: failedRead,
  },
  'protocol error': refusedWith(cqlErrors.protocolError('words'), 'rejected-by-server: not-applied'),
  'bad credentials': refusedWith(cqlErrors.badCredentials('words'), 'access-denied: not-applied'),
  'syntax error': refusedWith(cqlErrors.syntaxError('words'), 'rejected-by-server: not-applied'),
  unauthorized: refusedWith(cqlErrors.unauthorized('words'), 'access-denied: not-applied'),
  'already exists': refusedWith(cqlErrors.alreadyExists('k', 't'), 'rejected-by-server: not-applied'),
};
