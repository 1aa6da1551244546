import { readFileSync } from 'node:fs';
import { cassandraDialect, scyllaDialect } from '@onlyif/cassandra';
import { type Dialect, type Explanation, portability, type Statement } from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { keyspacesDialect } from '@onlyif/keyspaces';
import { memoryDialect } from '@onlyif/memory';
import { table } from './generated.ts';
import { root } from './pages.ts';

const versions = readFileSync(`${root}versions.env`, 'utf8');
const version = (pattern: RegExp): string => pattern.exec(versions)?.[1] ?? 'of an unknown version';

/** A column of a table of verdicts. */
export interface Backend {
  readonly title: string;
  readonly dialect: Dialect;
}

const backends: readonly Backend[] = [
  { title: 'memory', dialect: memoryDialect() },
  { title: `Cassandra ${version(/^CASSANDRA_VERSION=(.+)$/m)}`, dialect: cassandraDialect() },
  { title: `ScyllaDB ${version(/^SCYLLA_IMAGE=.+:(.+)$/m)}`, dialect: scyllaDialect() },
  { title: 'Keyspaces, by its documentation', dialect: keyspacesDialect() },
  { title: `DynamoDB Local ${version(/^DYNAMODB_LOCAL_VERSION=(.+)$/m)}`, dialect: dynamodbDialect() },
];

/** Statements that all dialects judge alike, each for itself, and the test that runs them. */
export interface VerdictRow {
  readonly construct: string;
  readonly statements: readonly Statement[];
  readonly test?: string;
}

/** What a cell shows beside the verdict of what is not refused. */
export type Describe = (explanation: Explanation) => string;

/** One row a construct, one column a backend; tests stand in a last column, where there are any. */
export function verdictTable(first: string, rows: readonly VerdictRow[], describe: Describe, columns = backends): string {
  const reasons = new Reasons();
  const lines = rows.map(({ construct, statements, test }) => [
    construct,
    ...columns.map(({ dialect }) => cell(construct, statements, dialect, describe, reasons)),
    ...(test === undefined ? [] : [test]),
  ]);
  const last = rows.some(({ test }) => test !== undefined) ? ['proven by'] : [];
  return `${table([first, ...columns.map(({ title }) => title), ...last], lines)}\n\n${reasons.list()}`;
}

function cell(construct: string, statements: readonly Statement[], dialect: Dialect, describe: Describe, reasons: Reasons): string {
  const explained = oneVerdict(construct, portability(statements, [dialect]));
  const sent = explained.verdict === 'refused' ? '' : describe(explained);
  const shown = sent === '' ? '' : `: ${sent}`;
  if (explained.verdict === 'native') return `native${shown}`;
  const [refusal] = portability(explained.statement, [dialect], { emulate: false });
  return `${explained.verdict} (${reasons.number(refusal ?? explained)})${shown}`;
}

/** The first explanation, where all have its verdict. */
function oneVerdict(construct: string, explanations: readonly Explanation[]): Explanation {
  const [first] = explanations;
  if (first !== undefined && explanations.every(({ verdict }) => verdict === first.verdict)) return first;
  const verdicts = explanations.map(({ verdict }) => verdict).join(', ');
  throw new Error(`The statements of the row ${construct} differ in their verdict on ${first?.dialect}, split the row: ${verdicts}.`);
}

/** What the reason of one condition says of others as well. */
const itsCondition = /^The condition ".*" (needs|compares|also holds) /;

/** The reasons of refusals, numbered in the order of their first use. */
class Reasons {
  readonly #texts: string[] = [];

  number({ reason = '', alternative = '' }: Explanation): number {
    const instead = alternative.startsWith('emulate:') ? `\`${alternative}\`` : alternative;
    const text = `${reason.replace(itsCondition, 'It $1 ')} Instead: ${instead}.`;
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return this.#texts.indexOf(text) + 1;
  }

  list(): string {
    return this.#texts.map((text, i) => `${i + 1}. ${text}`).join('\n');
  }
}

/** The condition of the write as it is sent. */
export function sentCondition({ requests, statement }: Explanation): string {
  const { cql, ConditionExpression } = lastOf(requests);
  if (typeof cql === 'string') return code(cql.slice(cql.indexOf(' IF ') + 1));
  return typeof ConditionExpression === 'string' ? code(resolved(requests, ConditionExpression, statement)) : '';
}

/** What the write sets, and its condition. */
export function sentChange(explanation: Explanation): string {
  const { requests, statement } = explanation;
  const { cql, UpdateExpression } = lastOf(requests);
  const condition = sentCondition(explanation);
  const set = typeof cql === 'string' ? / (SET .*) WHERE /.exec(cql)?.[1] : UpdateExpression;
  return typeof set === 'string' ? `${code(resolved(requests, set, statement))}, ${condition}` : condition;
}

function lastOf(requests: readonly object[]): Record<string, unknown> {
  return { ...requests.at(-1) };
}

/** An expression with the columns behind its aliases; what is no column is the key of a map. */
function resolved(requests: readonly object[], expression: string, { table: { all } }: Statement): string {
  const names = lastOf(requests)['ExpressionAttributeNames'] as Record<string, string>;
  const columns = new Set(all.map(({ native }) => native));
  const nameOf = (alias: string): string => (columns.has(names[alias] ?? alias) ? (names[alias] ?? alias) : 'k');
  return expression.replaceAll(/#n\d+/g, nameOf).replaceAll(/:v\d+/g, '?');
}

/** Number columns of the suite have their type in their name. */
function code(text: string): string {
  return `\`${text.replaceAll('"', '').replaceAll(/\bn_[a-z]+\b/g, 'n')}\``;
}
