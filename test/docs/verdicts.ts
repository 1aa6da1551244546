import { readFileSync } from 'node:fs';
import { cassandraDialect, scyllaDialect } from '@onlyif/cassandra';
import { type Dialect, type Explanation, portability, type Statement } from '@onlyif/core';
import { dynamodbDialect } from '@onlyif/dynamodb';
import { memoryDialect } from '@onlyif/memory';
import { table } from './generated.ts';
import { root } from './pages.ts';

const dialects: readonly Dialect[] = [memoryDialect(), cassandraDialect(), scyllaDialect(), dynamodbDialect()];
const versions = readFileSync(`${root}versions.env`, 'utf8');
const version = (pattern: RegExp): string => pattern.exec(versions)?.[1] ?? 'of an unknown version';
const backends = [
  'memory',
  `Cassandra ${version(/^CASSANDRA_VERSION=(.+)$/m)}`,
  `ScyllaDB ${version(/^SCYLLA_IMAGE=.+:(.+)$/m)}`,
  `DynamoDB Local ${version(/^DYNAMODB_LOCAL_VERSION=(.+)$/m)}`,
];

/** Statements that all dialects judge alike, each for itself, and the test that runs them. */
export interface VerdictRow {
  readonly construct: string;
  readonly statements: readonly Statement[];
  readonly test: string;
}

/** One row a construct, one column a backend; `describe` says what a native statement shows. */
export function verdictTable(first: string, rows: readonly VerdictRow[], describe: (explanation: Explanation) => string): string {
  const reasons = new Reasons();
  const lines = rows.map(({ construct, statements, test }) => {
    const explained = dialects.map((dialect) => oneVerdict(construct, portability(statements, [dialect])));
    const cells = explained.map((explanation) => (explanation.verdict === 'refused' ? reasons.cell(explanation) : describe(explanation)));
    return [construct, ...cells, test];
  });
  return `${table([first, ...backends, 'proven by'], lines)}\n\n${reasons.list()}`;
}

/** The first explanation, where all have its verdict. */
function oneVerdict(construct: string, explanations: readonly Explanation[]): Explanation {
  const [first] = explanations;
  if (first !== undefined && explanations.every(({ verdict }) => verdict === first.verdict)) return first;
  throw new Error(`The statements of the row ${construct} differ in their verdict: split the row.`);
}

/** The reasons of refusals, numbered in the order of their first use. */
class Reasons {
  readonly #texts: string[] = [];

  cell({ reason = '', alternative = '' }: Explanation): string {
    const text = `${reason} Instead: ${alternative}.`;
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `refused (${this.#texts.indexOf(text) + 1})`;
  }

  list(): string {
    return this.#texts.map((text, i) => `${i + 1}. ${text}`).join('\n');
  }
}
