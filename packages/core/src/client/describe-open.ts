import { firstLine, type LWTError } from '../errors.ts';
import type { Pin } from '../statement/fence.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { storesToken } from '../statement/write-token.ts';
import type { Row } from '../table/definition.ts';

/** That it could not be found out what became of a write, and how far the search came. */
export interface OpenFinding {
  readonly by: undefined;
  /** What the last read saw; undefined where none succeeded. */
  readonly observed: Row | null | undefined;
  /** What the condition demands of the write token or the version. */
  readonly pin: Pin | undefined;
  /** A fence went out that may or may not have been applied. */
  readonly hasOpenFence: boolean;
  /** What ended the search, where it did not end by itself. */
  readonly failure?: LWTError;
}

/** What was tried and observed, and why it does not tell, in whole sentences. */
export function describeOpen(statement: WriteNode, finding: OpenFinding): string {
  const { observed, failure, hasOpenFence } = finding;
  const fenced = hasOpenFence ? ' A fence was sent, and what became of it is not known either.' : '';
  if (failure !== undefined) return `What would tell failed: ${reasonOf(failure)}${fenced}`;
  const seen = `A strong read afterwards found ${observed === null ? 'no row' : 'the row in error.observed'}`;
  return `${seen}${whyOpen(statement, finding)}${fenced}`;
}

/** What ended a look at the row, in a sentence that claims nothing of the write. */
export function reasonOf(failure: LWTError): string {
  if (failure.code !== 'aborted') return failure.message;
  // It says that nothing was written, by the call that ended.
  const reason = firstLine(failure.cause ?? failure);
  return reason.endsWith('.') ? reason : `${reason}.`;
}

/** Whether a later look may tell more: the write may still arrive and leave its token, or what would tell may work again. */
export function mayTellLater(statement: WriteNode, { failure, pin, observed }: OpenFinding): boolean {
  if (failure !== undefined) return storesToken(statement) || pin !== undefined;
  const isPinGone = pin !== undefined && observed?.[pin.column.name] !== pin.value;
  return storesToken(statement) && !isPinGone;
}

function whyOpen({ kind, table }: WriteNode, { observed, pin }: OpenFinding): string {
  if (kind === 'delete' && observed === null) return '; a delete leaves no write token that would tell whose it was.';
  if (pin !== undefined && observed?.[pin.column.name] === pin.value)
    return `, as the write's condition wants it, but the request may still be on its way: ${pin.column.name} is at the end of its range, so that no fence can replace it.`;
  if (pin !== undefined)
    return `, and ${pin.column.name} is not what the write's condition demands any more: it was applied and overwritten since, or was too late.`;
  if (kind === 'delete')
    return ': it was not applied, or is still on its way. One whose condition pins the write token or a version can be settled.';
  if (table.writeToken === undefined) return '; the table has no write token column, which would tell whose write that is.';
  if (observed === null) return ': the write was not applied, or its row was deleted since, or the request is still on its way.';
  return ", without this write's token: it was not applied, or was overwritten since, or is still on its way. One whose condition pins the write token or a version can be settled.";
}
