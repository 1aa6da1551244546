import {
  type AnyTable,
  type CallOptions,
  type Client,
  get,
  isLWTError,
  type LWTErrorCode,
  type LWTResult,
  type Row,
  type Statement,
} from '@onlyif/core';
import { type History, noEffect, type Operation } from './history.ts';
import type { RowReply } from './row-register.ts';

/** Codes of calls that certainly did nothing and are the database's or the caller's doing, not a mistake of the test. */
const nothingDone: ReadonlySet<LWTErrorCode> = new Set([
  'aborted',
  'closed',
  'conflict',
  'contention',
  'invalid-value',
  'throttled',
  'unavailable',
]);

/**
 * Runs a statement on a client and records how it ended for `rowRegister`: an unknown outcome is left open, an error that
 * says that nothing was written takes the call out of the history, so that an effect which it had all the same shows.
 * A row that was read after a rejection is recorded as a read of its own, for it must be as fresh as one. Returns what was
 * recorded, undefined where nothing was done. Throws errors that no history explains, such as `unsupported`.
 */
export async function recordStatement(
  history: History<Statement, RowReply>,
  client: number,
  db: Client,
  statement: Statement,
  options: CallOptions = {},
): Promise<Operation<Statement, RowReply> | undefined> {
  const ended = await history.record(client, statement, () => replyTo(db, statement, options));
  const { reply } = ended ?? {};
  if (ended === undefined || reply?.kind !== 'write' || reply.result.applied || reply.result.source !== 'read') return ended;
  // The builders made this key for this table.
  const call = get(statement.table as AnyTable, statement.key as never);
  history.add({ ...ended, call, reply: { kind: 'read', row: reply.result.existing } });
  return ended;
}

async function replyTo(db: Client, statement: Statement, options: CallOptions): Promise<RowReply | undefined | typeof noEffect> {
  try {
    if (statement.kind === 'get') return { kind: 'read', row: await db.execute<Row>(statement, options) };
    return { kind: 'write', result: (await db.execute(statement, options)) as LWTResult<Row> };
  } catch (error) {
    if (!isLWTError(error)) throw error;
    if (error.outcome === 'unknown') return undefined;
    if (nothingDone.has(error.code)) return noEffect;
    throw error;
  }
}
