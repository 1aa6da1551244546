import type { ColumnDefinition, ShapeStep, TableDefinition } from '@onlyif/core';
import type { AnswerPlan } from './compiled.ts';
import { quoteName } from './names.ts';

/** What the shape of a statement decides: its text, and how its answer is read. */
export interface StatementText {
  readonly cql: string;
  readonly answer: AnswerPlan;
}

/** A table as texts name it. */
export interface TableNames {
  readonly table: TableDefinition;
  readonly name: string;
  /** The clause that addresses a row, with a space before it. */
  readonly where: string;
}

function columnList(columns: readonly ColumnDefinition[]): string {
  return columns.map(({ native }) => quoteName(native)).join(', ');
}

/** The insert of a key and these columns. */
export function insertText({ table, name }: TableNames, regular: readonly ColumnDefinition[]): StatementText {
  const columns = [...table.key, ...regular];
  const cql = `INSERT INTO ${name} (${columnList(columns)}) VALUES (${columns.map(() => '?').join(', ')}) IF NOT EXISTS`;
  return { cql, answer: { kind: 'insert', columns: table.all, guard: undefined } };
}

export function selectText({ name, where }: TableNames, columns: readonly ColumnDefinition[]): StatementText {
  return { cql: `SELECT ${columnList(columns)} FROM ${name}${where}`, answer: { kind: 'exists', columns, guard: undefined } };
}

/** An update or delete, from the steps of its shape: the verb, the columns set, 'IF', the clauses. */
export function changeText({ table, name, where }: TableNames, steps: readonly ShapeStep[]): StatementText {
  const condition = steps.indexOf('IF');
  const set = assignmentsIn(steps.slice(1, condition)).join(', ');
  const head = steps[0] === 'DELETE' ? `DELETE FROM ${name}` : `UPDATE ${name} SET ${set}`;
  const clauses = clausesIn(steps.slice(condition + 1));
  if (clauses.length === 0) return { cql: `${head}${where} IF EXISTS`, answer: { kind: 'exists', columns: [], guard: undefined } };
  const columns = [...new Set(clauses.map(({ column }) => column))];
  const guard = table.notNull.find((column) => columns.includes(column));
  const text = clauses
    .map(({ column, relation }) => `${quoteName(column.native)}${relation.startsWith('[') ? '' : ' '}${relation}`)
    .join(' AND ');
  return { cql: `${head}${where} IF ${text}`, answer: { kind: 'condition', columns, guard } };
}

/** A column is set to a value, or by what the text behind it says: `+`, `-` or `[?]`. */
function assignmentsIn(steps: readonly ShapeStep[]): readonly string[] {
  return steps.flatMap((step, i) => {
    if (typeof step === 'string') return [];
    const name = quoteName((step as ColumnDefinition).native);
    const how = steps[i + 1];
    if (how === '+' || how === '-') return [`${name} = ${name} ${how} ?`];
    return [how === '[?]' ? `${name}[?] = ?` : `${name} = ?`];
  });
}

interface Clause {
  readonly column: ColumnDefinition;
  readonly relation: string;
}

/** Column and relation by turns; none of `IF EXISTS`. */
function clausesIn(steps: readonly ShapeStep[]): Clause[] {
  const clauses: Clause[] = [];
  for (let i = 0; i + 1 < steps.length; i += 2) clauses.push({ column: steps[i] as ColumnDefinition, relation: steps[i + 1] as string });
  return clauses;
}
