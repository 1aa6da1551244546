import {
  type Client,
  get,
  isLWTError,
  type LWTError,
  type LWTErrorCode,
  type LWTResult,
  type Row,
  type Statement,
  type WriteNode,
} from '@onlyif/core';
import { noEffect, type RowReply } from '@onlyif/testkit';
import type { HotRow } from './hot-row.ts';
import type { Tally } from './tally.ts';

/** Codes of calls that certainly did nothing where that is their outcome: the row was busy, or something was broken. */
const nothingDone: ReadonlySet<LWTErrorCode> = new Set(['aborted', 'conflict', 'contention', 'protocol', 'throttled', 'unavailable']);
const settleWithinMs = 5_000;

export interface Caller {
  /** The number of the client. */
  readonly client: number;
  readonly db: Client;
  /** Asks later what became of a write that was left open. */
  readonly settler: Client | undefined;
  readonly tally: Tally;
}

/** Runs a statement of a client and records how it ended, be it later; a row that was read after a rejection is a read of its own. */
export async function recordCall(row: HotRow, caller: Caller, statement: Statement, timeoutMs: number): Promise<void> {
  const token = row.tokenFor(statement);
  const ended = await row.record(caller.client, statement, () => replyTo(caller, statement, token, timeoutMs));
  const { reply } = ended ?? {};
  if (ended === undefined || reply?.kind !== 'write' || reply.result.applied || reply.result.source !== 'read') return;
  row.add({ ...ended, call: get(row.subject.table, row.key), reply: { kind: 'read', row: reply.result.existing } });
}

async function replyTo(caller: Caller, statement: Statement, token: string | undefined, timeoutMs: number) {
  const { db } = caller;
  try {
    if (statement.kind === 'get') return { kind: 'read', row: await db.execute<Row>(statement, { timeoutMs }) } satisfies RowReply;
    const options = { timeoutMs, emulate: true, ...(token === undefined ? {} : { token }) };
    return written(await db.execute(statement, options));
  } catch (error) {
    return endOf(error, () => settle(caller, statement, token));
  }
}

/** What became of a write that was left open; undefined where that cannot be told. */
async function settle({ settler, tally }: Caller, statement: Statement, token: string | undefined) {
  if (settler === undefined || statement.kind === 'get' || !canBeSettled(statement)) return undefined;
  try {
    const reply = written(await settler.settle(statement, token, { timeoutMs: settleWithinMs }));
    tally.settled(reply.result.applied ? 'applied' : 'not-applied');
    return reply;
  } catch (error) {
    tally.settled('unknown');
    return endOf(error, async () => undefined);
  }
}

/** By the token that it stored; or, as it stores none, a delete that pinned a version. */
function canBeSettled({ table, kind }: WriteNode): boolean {
  return table.writeToken !== undefined || (table.version !== undefined && kind === 'delete');
}

function written(result: object): { readonly kind: 'write'; readonly result: LWTResult<Row> } {
  return { kind: 'write', result: result as LWTResult<Row> };
}

/** Throws what no history explains. */
async function endOf<T>(error: unknown, ifUnknown: () => Promise<T>): Promise<T | typeof noEffect> {
  if (!isLWTError(error)) throw error;
  const { outcome, code }: LWTError = error;
  if (outcome === 'unknown') return ifUnknown();
  if (nothingDone.has(code)) return noEffect;
  throw error;
}
