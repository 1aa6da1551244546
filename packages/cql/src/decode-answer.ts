import { type Answer, type ColumnDefinition, LWTError, type Row } from '@onlyif/core';
import type { AbsentRow, CqlCompiled } from './compiled.ts';
import { checkNotNull, decodeColumns, decodeRow } from './decode-value.ts';

const appliedColumn = '[applied]';

/**
 * Reads the answer to a conditional write. `[applied]` is taken by name and must be a boolean: the driver's
 * `wasApplied()` says true where it is missing.
 */
export function decodeAnswer(rows: readonly Row[] | undefined, { answer, statement }: CqlCompiled, absentRow: AbsentRow): Answer {
  const row = theRow(rows);
  if (row[appliedColumn] === true) return { applied: true };
  switch (answer.kind) {
    case 'insert':
      return absentRow === 'unclear' && !isWhole(statement.table.all, row)
        ? nothing
        : { applied: false, known: 'row', row: decodeRow(statement.table, row) };
    case 'exists':
      return { applied: false, known: 'row', row: null };
    case 'condition':
      return decoders[absentRow](answer.columns, answer.guard, row);
  }
}

const nothing: Answer = Object.freeze({ applied: false, known: 'nothing' });

type DecodeRejection = (columns: readonly ColumnDefinition[], guard: ColumnDefinition | undefined, row: Row) => Answer;

const decoders: { readonly [A in AbsentRow]: DecodeRejection } = {
  'left-out': decodeRowOrNothing,
  nulls: decodeNullsOrRow,
  unclear: decodeRowOrUnclear,
};

function isWhole(columns: readonly ColumnDefinition[], row: Row): boolean {
  return columns.every(({ native }) => Object.hasOwn(row, native));
}

function theRow(rows: readonly Row[] | undefined): Row {
  const row = rows?.[0];
  if (rows?.length !== 1 || row === undefined || !Object.hasOwn(row, appliedColumn) || typeof row[appliedColumn] !== 'boolean') {
    throw new LWTError(
      'protocol',
      `The answer to a conditional write is one row with a boolean ${appliedColumn}; this one is not, so the outcome is not known. Read the row to see.`,
    );
  }
  return row;
}

/** Cassandra: no column beside `[applied]` where the row is absent, all columns of the condition where it is there. */
function decodeRowOrNothing(columns: readonly ColumnDefinition[], guard: ColumnDefinition | undefined, row: Row): Answer {
  const present = columns.filter(({ native }) => Object.hasOwn(row, native));
  if (present.length === 0) return { applied: false, known: 'row', row: null };
  if (present.length !== columns.length)
    throw new LWTError('protocol', 'The answer to a rejected write holds some columns of its condition and lacks others.', {
      outcome: 'not-applied',
    });
  return presentRow(columns, guard, row);
}

function presentRow(columns: readonly ColumnDefinition[], guard: ColumnDefinition | undefined, row: Row): Answer {
  const decoded = decodeColumns(columns, row);
  if (guard !== undefined) checkNotNull([guard], decoded);
  return { applied: false, known: 'columns', columns: decoded };
}

/** ScyllaDB: all columns always, null where the row is absent; only a `notNull` column tells that from a row of nulls. */
function decodeNullsOrRow(columns: readonly ColumnDefinition[], guard: ColumnDefinition | undefined, row: Row): Answer {
  if (columns.some(({ native }) => (row[native] ?? null) !== null)) return presentRow(columns, guard, row);
  return guard === undefined ? nothing : { applied: false, known: 'row', row: null };
}

/** Keyspaces: a row whose columns came back with a value among them is there; anything else tells nothing. */
function decodeRowOrUnclear(columns: readonly ColumnDefinition[], guard: ColumnDefinition | undefined, row: Row): Answer {
  const valued = isWhole(columns, row) && columns.some(({ native }) => (row[native] ?? null) !== null);
  return valued ? presentRow(columns, guard, row) : nothing;
}
