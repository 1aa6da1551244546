import { isLWTError } from '../errors.ts';
import type { Statement } from '../statement/nodes.ts';
import type { CompileOptions, Dialect } from './dialect.ts';

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
  /** Why it is refused, in one sentence. */
  readonly reason?: string;
  /** What to write instead. */
  readonly alternative?: string;
  /** False where it is refused, and where a `native` hook changes the request. */
  readonly portable: boolean;
}

export function explainStatement(dialect: Dialect, statement: Statement, options: CompileOptions = {}): Explanation {
  try {
    const { requests, notes } = dialect.compile(statement, options);
    return Object.freeze({
      dialect: dialect.name,
      statement,
      verdict: 'native',
      requests,
      roundTrips: requests.length,
      notes,
      portable: true,
    });
  } catch (error) {
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
}

/**
 * One explanation for each statement and dialect, in that order, without a connection:
 * `portability([claim, release], [cassandraDialect(), dynamodbDialect()])`.
 */
export function portability(statements: Statement | readonly Statement[], dialects: readonly Dialect[]): readonly Explanation[] {
  const list = Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
  return list.flatMap((statement) => dialects.map((dialect) => explainStatement(dialect, statement)));
}
