import { type Answer, type ColumnDefinition, LWTError, type Row } from '@onlyif/core';
import type { CqlCompiled } from './compiled.ts';
import { checkNotNull, decodeColumns, decodeRow } from './decode-value.ts';

const appliedColumn = '[applied]';

/**
 * Reads the answer to a conditional write. `[applied]` is taken by name and must be a boolean: the driver's
 * `wasApplied()` says true where it is missing.
 */
export function decodeAnswer(rows: readonly Row[] | undefined, { answer, statement }: CqlCompiled, absentAsNulls: boolean): Answer {
  const row = theRow(rows);
  if (row[appliedColumn] === true) return { applied: true };
  switch (answer.kind) {
    case 'insert':
      return { applied: false, known: 'row', row: decodeRow(statement.table, row) };
    case 'exists':
      return { applied: false, known: 'row', row: null };
    case 'condition':
      return absentAsNulls ? decodeNullsOrRow(answer.columns, answer.guard, row) : decodeRowOrNothing(answer.columns, answer.guard, row);
  }
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
  return guard === undefined ? { applied: false, known: 'nothing' } : { applied: false, known: 'row', row: null };
}
