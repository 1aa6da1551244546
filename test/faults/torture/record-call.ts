import { type Client, isLWTError, type LWTResult, type Row, type Statement, type WriteNode } from '@onlyif/core';
import { recordStatement } from '@onlyif/testkit';
import type { HotRow } from './hot-row.ts';
import type { Tally } from './tally.ts';

const settleWithinMs = 5_000;

export interface Caller {
  /** The number of the client. */
  readonly client: number;
  readonly db: Client;
  /** Asks later what became of a write that was left open. */
  readonly settler: Client | undefined;
  readonly tally: Tally;
}

/** Runs a statement of a client and records how it ended, be it later. */
export async function recordCall(
  row: HotRow,
  { client, db, settler, tally }: Caller,
  statement: Statement,
  timeoutMs: number,
): Promise<void> {
  const settle = async (write: WriteNode, token: string | undefined): Promise<LWTResult<Row>> => {
    try {
      const result = (await settler?.settle(write, token, { timeoutMs: settleWithinMs })) as LWTResult<Row>;
      tally.settled(result.applied ? 'applied' : 'not-applied');
      return result;
    } catch (error) {
      if (isLWTError(error)) tally.settled('unknown');
      throw error;
    }
  };
  const options = { timeoutMs, emulate: true };
  const asks = settler !== undefined && statement.kind !== 'get' && canBeSettled(statement);
  await recordStatement(row, client, db, statement, asks ? { ...options, settle } : options);
}

/** By the token that it stored; or, as it stores none, a delete that pinned a version. */
function canBeSettled({ table, kind }: WriteNode): boolean {
  return table.writeToken !== undefined || (table.version !== undefined && kind === 'delete');
}
