import { isDeepStrictEqual } from 'node:util';
import { isLWTError, judge, type LWTResult, type Row, type Statement } from '@onlyif/core';
import { rowWords } from './describe-row.ts';
import type { Model } from './model.ts';

/** How a statement on a row ended: a write by its result, a read by the row. */
export type RowReply = { readonly kind: 'write'; readonly result: LWTResult<Row> } | { readonly kind: 'read'; readonly row: Row | null };

/**
 * One row as the reference semantics sees it: what a statement does to it, and what it may reply. It begins absent; for
 * a row that was there before, take `{ ...rowRegister, init: row }`. Reads must be strong ones.
 */
export const rowRegister: Model<Row | null, Statement, RowReply> = {
  init: null,
  step: (row, statement, reply) => {
    if (statement.kind === 'get') return reply?.kind !== 'read' || shows(reply.row, row) ? { state: row } : undefined;
    const { applied, after } = judgeOf(statement, row);
    if (reply === undefined) return { state: after };
    const fits = reply.kind === 'write' && reply.result.applied === applied && showsRow(reply.result, row);
    return fits ? { state: after } : undefined;
  },
  changesNothing: (_, reply) => reply.kind === 'read' || !reply.result.applied,
  equal: isDeepStrictEqual,
  hash: (row) =>
    row === null
      ? ''
      : Object.keys(row)
          .sort()
          .map((name) => scalarText(row[name]))
          .join('\u0000'),
  words: rowWords,
};

/** A row that was judged is the row as it was; one that was read afterwards says nothing of that moment. */
function showsRow(result: LWTResult<Row>, row: Row | null): boolean {
  return result.applied || result.source !== 'decision' || !('existing' in result) || shows(result.existing ?? null, row);
}

/** Whether the columns that were shown are those of the row. */
function shows(shown: Row | null, row: Row | null): boolean {
  if (shown === null || row === null) return shown === row;
  return Object.keys(shown).every((name) => isDeepStrictEqual(shown[name], row[name]));
}

/** Equal for equal values. */
function scalarText(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : String(value);
}

/** An increment that leaves its range changes nothing. */
function judgeOf(statement: Exclude<Statement, { kind: 'get' }>, row: Row | null): { applied: boolean; after: Row | null } {
  try {
    return judge(statement, row);
  } catch (error) {
    if (isLWTError(error)) return { applied: false, after: row };
    throw error;
  }
}
