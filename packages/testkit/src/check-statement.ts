import { isDeepStrictEqual } from 'node:util';
import {
  type AnyTable,
  type Client,
  columnsOf,
  emulation,
  type ExistingMode,
  get,
  isLWTError,
  judge,
  type LWTResult,
  type Row,
  type WriteNode,
} from '@onlyif/core';
import { inspect } from 'node:util';

/** The codes of a refusal that comes before any I/O. */
const refusals: ReadonlySet<string> = new Set(['unsupported', 'limit-exceeded', 'invalid-value']);

/**
 * Runs a statement on a row that is known, and compares outcome, existing row (in all modes) and stored row with the
 * reference semantics; or, where the adapter refuses the statement, checks that it does so and that nothing changed,
 * and runs it emulated where it says that it can be.
 * Returns what is wrong, in sentences.
 */
export async function checkStatement(db: Client, statement: WriteNode, before: Row | null): Promise<readonly string[]> {
  const { verdict, reason, alternative } = db.explain(statement);
  if (verdict !== 'refused')
    return [...(await checkOutcome(db, statement, before, {})), ...(await checkStored(db, statement, judge(statement, before).after))];
  const problems = [...(await checkRefusal(db, statement, reason)), ...(await checkStored(db, statement, before))];
  if (alternative !== emulation) return problems;
  const emulated = [
    ...(await checkOutcome(db, statement, before, { emulate: true })),
    ...(await checkStored(db, statement, judge(statement, before).after)),
  ];
  return [...problems, ...emulated.map((problem) => `emulated: ${problem}`)];
}

async function checkStored(db: Client, statement: WriteNode, expected: Row | null): Promise<readonly string[]> {
  const stored = await db.execute(get(statement.table as AnyTable, statement.key as never));
  return same(stored, expected) ? [] : [`stored ${show(stored)}, expected ${show(expected)}`];
}

async function checkRefusal(db: Client, statement: WriteNode, reason: string | undefined): Promise<readonly string[]> {
  try {
    return [`explain refuses it, and it was executed: ${show(await db.execute(statement))}`];
  } catch (error) {
    if (!isLWTError(error)) throw error;
    const problems: string[] = [];
    if (!refusals.has(error.code)) problems.push(`refused with ${error.code}`);
    if (error.attempts !== 0) problems.push(`refused after ${error.attempts} requests`);
    if (error.message !== reason) problems.push(`refused with "${error.message}", and explain says "${String(reason)}"`);
    return problems;
  }
}

async function checkOutcome(
  db: Client,
  statement: WriteNode,
  before: Row | null,
  options: { readonly emulate?: boolean },
): Promise<readonly string[]> {
  const expected = judge(statement, before);
  const first = (await db.execute(statement, options)) as LWTResult<Row>;
  if (first.applied !== expected.applied) return [`applied: ${first.applied}, expected ${expected.applied}`];
  if (first.applied) return Object.keys(first).length === 1 ? [] : [`an applied result holds more: ${show(first)}`];
  const problems = [...checkExisting('row', first, statement, before)];
  for (const mode of ['condition', 'none'] as const) {
    problems.push(
      ...checkExisting(mode, (await db.execute(statement, { ...options, existing: mode })) as LWTResult<Row>, statement, before),
    );
  }
  return problems;
}

function checkExisting(mode: ExistingMode, result: LWTResult<Row>, statement: WriteNode, before: Row | null): readonly string[] {
  if (result.applied) return [`existing: '${mode}' was applied, and the same statement had not been`];
  if (mode === 'none') return 'existing' in result ? ["existing: 'none' has the property existing"] : [];
  const expected = before && pick(before, namesIn(mode, statement));
  const problems = same(result.existing, expected) ? [] : [`existing: '${mode}' is ${show(result.existing)}, expected ${show(expected)}`];
  if (result.source !== 'decision' && result.source !== 'read') problems.push(`existing: '${mode}' has source ${result.source}`);
  return problems;
}

function namesIn(mode: ExistingMode, statement: WriteNode): readonly string[] {
  const { table } = statement;
  if (mode === 'row' || statement.if.kind === 'notExists') return table.all.map(({ name }) => name);
  const read = statement.if.kind === 'exists' ? [] : columnsOf(statement.if);
  return [...table.key, ...read].map(({ name }) => name);
}

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

function show(value: unknown): string {
  const shown =
    typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) : value;
  return inspect(shown, { breakLength: Infinity, depth: 4 });
}
