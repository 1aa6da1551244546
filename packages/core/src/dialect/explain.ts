import { isLWTError } from '../errors.ts';
import { pinOf } from '../statement/fence.ts';
import type { Statement, WriteNode } from '../statement/nodes.ts';
import { storesToken, withWriteToken } from '../statement/write-token.ts';
import { type Compiled, type CompileOptions, type Cost, type Dialect, emulation } from './dialect.ts';
import { compileEmulated } from './explain-emulation.ts';

/** What a database would do with a statement, found without a connection. */
export interface Explanation {
  readonly dialect: string;
  readonly statement: Statement;
  /** `'native'`: one request of the database itself. `'emulated'`: asked for, and exact. `'refused'`: not possible exactly. */
  readonly verdict: 'native' | 'emulated' | 'refused';
  /** The exact requests; none where it is refused. */
  readonly requests: readonly object[];
  /** Requests until the outcome is known. A completing read of a rejected write may follow; the notes say so. */
  readonly roundTrips: number;
  readonly notes: readonly string[];
  /** Absent where it is refused. */
  readonly cost?: Cost;
  /** Why it is refused, in one sentence. */
  readonly reason?: string;
  /** What to write instead. */
  readonly alternative?: string;
  /** False where it is refused, and where a `native` hook changes the request. */
  readonly portable: boolean;
}

export interface ExplainOptions extends CompileOptions {
  readonly emulate?: boolean;
  /** The write token that is shown. */
  readonly token?: string | undefined;
}

export function explainStatement(dialect: Dialect, statement: Statement, options: ExplainOptions = {}): Explanation {
  const sent = withWriteToken(statement, options.token ?? anyToken);
  try {
    const compiled = dialect.compile(sent, options.existing === undefined ? {} : { existing: options.existing });
    return possible(dialect, statement, 'native', compiled);
  } catch (error) {
    const lifted = options.emulate === true && isLWTError(error) && error.alternative === emulation;
    return lifted && sent.kind !== 'get' ? explainEmulated(dialect, statement, sent) : refused(dialect, statement, error);
  }
}

/** What stands for the write token that each call makes. */
const anyToken = '00000000-0000-4000-8000-000000000000';

function explainEmulated(dialect: Dialect, statement: Statement, sent: WriteNode): Explanation {
  try {
    return possible(dialect, statement, 'emulated', compileEmulated(dialect, sent));
  } catch (error) {
    // A key or a value that the database cannot hold stays one.
    return refused(dialect, statement, error);
  }
}

function possible(
  dialect: Dialect,
  statement: Statement,
  verdict: 'native' | 'emulated',
  compiled: Pick<Compiled, 'requests' | 'notes' | 'cost'>,
): Explanation {
  const { requests, cost } = compiled;
  const notes = [...compiled.notes, ...resolutionNotes(statement)];
  return Object.freeze({ dialect: dialect.name, statement, verdict, requests, roundTrips: requests.length, notes, cost, portable: true });
}

/** What may follow an unknown outcome. */
function resolutionNotes(statement: Statement): readonly string[] {
  if (statement.kind === 'get') return [];
  const { writeToken } = statement.table;
  const pin = pinOf(statement);
  const stores = writeToken !== undefined && storesToken(statement);
  return [
    ...(stores
      ? [`Each call stores a write token of its own in ${writeToken.name}; after an unknown outcome a strong read looks for it.`]
      : []),
    ...(pin === undefined
      ? []
      : [
          `${stores ? 'Where that does not tell' : 'After an unknown outcome, where a strong read does not tell'}, a second conditional write replaces the value of ${pin.column.name} that the condition names.`,
        ]),
  ];
}

function refused(dialect: Dialect, statement: Statement, error: unknown): Explanation {
  if (!isLWTError(error)) throw error;
  return Object.freeze({
    dialect: dialect.name,
    statement,
    verdict: 'refused',
    requests: [],
    roundTrips: 0,
    notes: [],
    reason: error.message,
    ...(error.alternative === undefined ? {} : { alternative: error.alternative }),
    portable: false,
  });
}

export interface PortabilityOptions {
  /** Whether what can be emulated counts as `'emulated'` (default) or as `'refused'`. */
  readonly emulate?: boolean;
}

/**
 * One explanation for each statement and dialect, in that order, without a connection:
 * `portability([claim, release], [cassandraDialect(), dynamodbDialect()])`.
 */
export function portability(
  statements: Statement | readonly Statement[],
  dialects: readonly Dialect[],
  { emulate = true }: PortabilityOptions = {},
): readonly Explanation[] {
  const list = Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
  return list.flatMap((statement) => dialects.map((dialect) => explainStatement(dialect, statement, { emulate })));
}
