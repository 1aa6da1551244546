import type { Answer } from '../adapter.ts';
import { columnsOf } from '../condition/columns-of.ts';
import { isLWTError } from '../errors.ts';
import { overflow } from '../reference.ts';
import type { ExistingMode, LWTOutcome, LWTResult } from '../result.ts';
import type { WriteNode } from '../statement/nodes.ts';
import { carriesToken } from '../statement/write-token.ts';
import type { ColumnDefinition, Row } from '../table/definition.ts';
import { completingRead, type Running } from './run-call.ts';

/** Turns the server's answer into the result, with one strong read where the answer does not hold what was asked for. */
export async function completeResult(
  running: Running,
  statement: WriteNode,
  answer: Answer,
  mode: ExistingMode,
): Promise<LWTResult<Row> | LWTOutcome> {
  if (answer.applied || isOwn(running, statement, answer)) return applied;
  refuseOverflow(statement, answer);
  if (mode === 'none') return rejected;
  const wanted = wantedColumns(statement, mode);
  const judged = judgedRow(statement, answer, wanted);
  if (judged !== undefined) return { applied: false, existing: judged && pick(judged, wanted), source: 'decision' };
  return readExisting(running, statement, wanted);
}

/** A rejection by a row that carries the write's own token is the second answer to a request that was delivered twice. */
function isOwn({ token }: Running, statement: WriteNode, answer: Exclude<Answer, { applied: true }>): boolean {
  if (answer.known === 'nothing') return false;
  return carriesToken(statement, answer.known === 'row' ? answer.row : answer.columns, token);
}

const applied: LWTOutcome = Object.freeze({ applied: true });
const rejected: LWTOutcome = Object.freeze({ applied: false, source: 'decision' });

/** R21: where only the range of an increment forbade the write, that is an error of its own. */
function refuseOverflow(statement: WriteNode, answer: Exclude<Answer, { applied: true }>): void {
  if (answer.known === 'nothing') return;
  const error = overflow(statement, answer.known === 'row' ? answer.row : { ...answer.columns, ...statement.key });
  if (error !== undefined) throw error;
}

function wantedColumns(statement: WriteNode, mode: ExistingMode): readonly ColumnDefinition[] {
  const { table } = statement;
  if (mode === 'row' || statement.if.kind === 'notExists') return table.all;
  return statement.if.kind === 'exists' ? table.key : [...table.key, ...columnsOf(statement.if)];
}

/** The row as the server judged it, where the answer holds all of what is wanted. */
function judgedRow(
  statement: WriteNode,
  answer: Exclude<Answer, { applied: true }>,
  wanted: readonly ColumnDefinition[],
): Row | null | undefined {
  if (answer.known === 'row') return answer.row;
  if (answer.known === 'nothing') return undefined;
  const row = { ...answer.columns, ...statement.key };
  return wanted.every((column) => Object.hasOwn(row, column.name)) ? row : undefined;
}

function pick(row: Row, columns: readonly ColumnDefinition[]): Row {
  return Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]));
}

/** R33: a read that fails leaves the write certainly not applied; only the row stays unseen. */
async function readExisting(running: Running, statement: WriteNode, wanted: readonly ColumnDefinition[]): Promise<LWTResult<Row>> {
  try {
    const row = await completingRead(running, statement);
    if (carriesToken(statement, row, running.token)) return { applied: true };
    return { applied: false, existing: row && pick(row, wanted), source: 'read' };
  } catch (error) {
    if (!isLWTError(error)) throw error;
    if (error.code === 'schema-mismatch') throw error;
    return { applied: false, source: 'unavailable', cause: error };
  }
}
