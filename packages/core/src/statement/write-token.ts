import { invalidStatement } from '../errors.ts';
import { isMutation } from '../mutation/nodes.ts';
import type { Row, TableDefinition } from '../table/definition.ts';
import { compareValues, valueType } from '../values/column-type.ts';
import { makeStatement } from './build.ts';
import type { Statement, WriteNode } from './nodes.ts';

/** Whether a statement leaves a write token in its row: a delete leaves no row. */
export function storesToken(statement: Statement): statement is Exclude<WriteNode, { kind: 'delete' }> {
  return statement.table.writeToken !== undefined && statement.kind !== 'get' && statement.kind !== 'delete';
}

/** The statement as it is sent: with its write token, where the table has a column for one. */
export function withWriteToken<S extends Statement>(statement: S, token: string): S {
  const column = statement.table.writeToken;
  if (column === undefined || !storesToken(statement)) return statement;
  return makeStatement({ ...statement, set: Object.freeze({ ...statement.set, [column.name]: token }) });
}

/**
 * Whether a row was last written by the statement that stored this token, as far as the row is known. One token belongs to
 * one write; where another write of the row had it too, the row holds other values, and the token proves nothing.
 */
export function carriesToken(statement: Statement, row: Row | null | undefined, token: string | undefined): boolean {
  const { writeToken, version } = statement.table;
  if (writeToken === undefined || token === undefined || row?.[writeToken.name] !== token || !storesToken(statement)) return false;
  // A fence changes the version alone.
  return Object.entries(statement.set).every(
    ([name, value]) => name === version?.name || !Object.hasOwn(row, name) || agrees(statement.table, name, value, row[name]),
  );
}

/** Whether a column may hold this after it was set so; what a mutation leaves is not known here. */
function agrees({ columns }: TableDefinition, name: string, set: unknown, stored: unknown): boolean {
  const type = columns[name]?.type;
  if (type === undefined || isMutation(set) || !valueType(type).comparable) return true;
  return set === null || stored === null ? set === stored : compareValues(type, set, stored) === 0;
}

const maxLength = 1_024;

/** Refuses a token that a statement could not store. */
export function checkToken(statement: Statement, token: unknown): asserts token is string {
  const { table, kind } = statement;
  if (table.writeToken === undefined)
    throw invalidStatement(`token: ${table.name} has no write token column; defineTable names one as writeToken.`);
  if (!storesToken(statement)) throw invalidStatement(`token: a ${kind} stores no write token.`);
  if (typeof token !== 'string' || token === '' || token.length > maxLength || !token.isWellFormed())
    throw invalidStatement(`token is well-formed text of 1 to ${maxLength} characters, another one for each write.`);
}
