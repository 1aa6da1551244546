import type { Answer } from '../adapter.ts';
import { invalidStatement, LWTError, withContext } from '../errors.ts';
import type { Statement, WriteNode } from '../statement/nodes.ts';
import { storesToken } from '../statement/write-token.ts';
import { reasonOf } from './describe-open.ts';
import { resolveWrite } from './resolve.ts';
import type { Running } from './run-call.ts';

/** Finds out what became of a write that an earlier call sent. Nobody knows here what the server answered, if it did. */
export function settleWrite(running: Running, sent: WriteNode): Promise<Answer> {
  return resolveWrite(running, sent, new LWTError('outcome-unknown', 'The write may or may not have happened.'));
}

export function checkSettled(statement: Statement, token: string | undefined): asserts statement is WriteNode {
  if (statement.kind === 'get') throw invalidStatement('A get writes nothing, so there is nothing to settle.');
  if (token === undefined && storesToken(statement)) throw invalidStatement('settle takes the write token that the write was sent with.');
}

/** Whatever ends `settle` without a result says nothing of the write that it was asked about. */
export function unsettled(error: LWTError): LWTError {
  if (error.outcome === 'unknown') return error;
  if (error.code === 'invalid-statement') return withContext(error, { outcome: 'unknown' });
  const { retryable } = error;
  return new LWTError('outcome-unknown', `What became of the write could not be found out: ${reasonOf(error)}`, {
    cause: error,
    retryable,
  });
}
