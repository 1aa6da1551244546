import { invalidStatement } from '../errors.ts';
import type { Row } from '../table/definition.ts';
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

/** Whether a row was last written by the statement that stored this token. */
export function carriesToken({ table }: Statement, row: Row | null | undefined, token: string | undefined): boolean {
  const column = table.writeToken;
  return column !== undefined && token !== undefined && row?.[column.name] === token;
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
