import { randomUUID } from 'node:crypto';
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
  storesToken,
  withWriteToken,
  type WriteNode,
} from '@onlyif/core';
import { type History, noEffect, type Operation } from './history.ts';
import type { RowReply } from './row-register.ts';

export interface RecordOptions extends CallOptions {
  /**
   * Asks what became of a write that was left open, such as `(write, token) => other.settle(write, token)`; what it throws
   * with the outcome `unknown` leaves it open.
   */
  readonly settle?: (write: WriteNode, token: string | undefined) => Promise<LWTResult<Row>>;
}

/** Codes of calls that certainly did nothing and are the database's or the caller's doing, not a mistake of the test. */
const nothingDone: ReadonlySet<LWTErrorCode> = new Set([
  'aborted',
  'closed',
  'conflict',
  'contention',
  'invalid-value',
  'protocol',
  'throttled',
  'unavailable',
]);

/**
 * Runs a statement on a client and records how it ended for `rowRegister`: an unknown outcome is left open, an error that
 * says that nothing was written takes the call out of the history, so that an effect which it had all the same shows.
 * On a table with a write token the call is recorded with the token that it leaves in the row: one of its own, unless
 * `token` gives one. A row that was read after a rejection is recorded as a read of its own, for it must be as fresh as
 * one. Returns what was recorded, undefined where nothing was done. Throws errors that no history explains, such as
 * `unsupported`.
 */
export async function recordStatement(
  history: History<Statement, RowReply>,
  client: number,
  db: Client,
  statement: Statement,
  { settle, ...options }: RecordOptions = {},
): Promise<Operation<Statement, RowReply> | undefined> {
  const token = options.token ?? (storesToken(statement) ? randomUUID() : undefined);
  const call = token === undefined ? options : { ...options, token };
  const stored = token === undefined ? statement : withWriteToken(statement, token);
  const ended = await history.record(client, stored, () =>
    replyTo(db, statement, call, async (error) => {
      if (error.outcome !== 'unknown' || settle === undefined || statement.kind === 'get') return endOf(error);
      return settle(statement, token).then(written, endOf);
    }),
  );
  const { reply } = ended ?? {};
  if (ended === undefined || reply?.kind !== 'write' || reply.result.applied || reply.result.source !== 'read') return ended;
  // The builders made this key for this table.
  const read = get(statement.table as AnyTable, statement.key as never);
  history.add({ ...ended, call: read, reply: { kind: 'read', row: reply.result.existing } });
  return ended;
}

type Ending = RowReply | undefined | typeof noEffect;

async function replyTo(
  db: Client,
  statement: Statement,
  options: CallOptions,
  failed: (error: { readonly outcome: string }) => Promise<Ending>,
): Promise<Ending> {
  try {
    if (statement.kind === 'get') return { kind: 'read', row: await db.execute<Row>(statement, options) };
    return written(await db.execute(statement, options));
  } catch (error) {
    if (!isLWTError(error)) throw error;
    return failed(error);
  }
}

function written(result: object): RowReply {
  return { kind: 'write', result: result as LWTResult<Row> };
}

/** Throws what no history explains. */
function endOf(error: unknown): Ending {
  if (!isLWTError(error)) throw error;
  if (error.outcome === 'unknown') return undefined;
  if (nothingDone.has(error.code)) return noEffect;
  throw error;
}
