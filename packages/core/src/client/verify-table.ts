import type { Adapter, ScanFinding, TableDescription } from '../adapter.ts';
import { administer } from '../administer.ts';
import { isLWTError, LWTError } from '../errors.ts';
import type { Row, TableDefinition } from '../table/definition.ts';
import { compareTable } from './compare-table.ts';

export interface VerifyOptions {
  /**
   * Also reads the whole table and reports rows in which a `notNull` column is null and, where the database orders writes
   * by timestamps (Cassandra, ScyllaDB), values whose write time lies in the future.
   */
  readonly scan?: boolean;
}

/** Adapters have limits of their own; beyond this one the next write asks again. */
const describedWithinMs = 30_000;

function describe(adapter: Adapter, table: TableDefinition): Promise<TableDescription | null> {
  return new Promise((resolve, reject) => {
    const late = new AbortController();
    const timer = setTimeout(() => {
      const why = `No answer came within ${describedWithinMs} ms.`;
      reject(new LWTError('unavailable', `Table ${table.name} could not be inspected. ${why}`, { retryable: true }));
      late.abort();
    }, describedWithinMs);
    adapter.tables
      .describe(table, late.signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

/** What verification found that is no difference. */
export interface Verification {
  /** What may surprise of the table, in whole sentences. */
  readonly warnings: readonly string[];
}

/** Compares a live table with its definition; throws `schema-mismatch` with all differences, `access-denied` or `unavailable`. */
export async function verifyTable(adapter: Adapter, table: TableDefinition, options: VerifyOptions = {}): Promise<Verification> {
  const description = await administer(adapter, `Table ${table.name} could not be inspected.`, () => describe(adapter, table));
  const problems = description === null ? ['The table does not exist.'] : compareTable(description);
  if (problems.length > 0) throw mismatch(table, problems);
  if (options.scan === true) await administer(adapter, `Table ${table.name} could not be read.`, () => scanTable(adapter, table));
  return { warnings: description?.warnings ?? [] };
}

const shownRows = 5;

async function scanTable(adapter: Adapter, table: TableDefinition): Promise<void> {
  const found = new Map<string, string[]>();
  for await (const finding of adapter.tables.scan(table)) {
    const what = describeFinding[finding.kind](finding.column.name);
    const keys = found.get(what) ?? [];
    if (keys.length <= shownRows) keys.push(keys.length < shownRows ? describeKey(table, finding.key) : '…');
    found.set(what, keys);
  }
  const problems = [...found].map(([what, keys]) => `${what}: ${keys.join('; ')}.`);
  if (problems.length > 0) throw mismatch(table, problems);
}

const describeFinding: { readonly [K in ScanFinding['kind']]: (column: string) => string } = {
  null: (column) => `Rows hold no value in the notNull column ${column}`,
  future: (column) => `Values of ${column} have a write time in the future, and hide later conditional writes that report applied`,
};

function describeKey(table: TableDefinition, key: Row): string {
  return table.key.map(({ name }) => `${name} = ${String(key[name])}`).join(', ');
}

function mismatch(table: TableDefinition, problems: readonly string[]): LWTError {
  return new LWTError('schema-mismatch', `Table ${table.name} does not fit its definition. ${problems.join(' ')}`);
}

/** How a table was inspected before its first write: not at all, for lack of permission, or with these warnings. */
export type Inspection = 'skipped' | Verification;

/** Permission may be missing for a moment only, such as where credentials were not ready; then it is asked again. */
const skippedForMs = 60_000;

/** Verifies each table once before its first write, whatever the number of calls that wait for it. */
export class FirstUseVerifier {
  readonly #running = new Map<TableDefinition, Promise<void>>();
  /** Until when a table is not inspected again. */
  readonly #holdsUntil = new Map<TableDefinition, number>();
  readonly #adapter: Adapter;

  constructor(adapter: Adapter) {
    this.#adapter = adapter;
  }

  /** Whether `ensure` has nothing left to do. */
  has(table: TableDefinition): boolean {
    const until = this.#holdsUntil.get(table);
    return until === Infinity || (until !== undefined && performance.now() < until);
  }

  /** Tells what was found, where this call is the one that begins it, also after it was given up. */
  ensure(table: TableDefinition, tell: (inspection: Inspection) => void): Promise<void> {
    const running = this.#running.get(table) ?? this.#begin(table, tell).finally(() => this.#running.delete(table));
    this.#running.set(table, running);
    return running;
  }

  async #begin(table: TableDefinition, tell: (inspection: Inspection) => void): Promise<void> {
    const inspection = await this.#inspect(table);
    const isSkippedAgain = inspection === 'skipped' && this.#holdsUntil.has(table);
    this.#holdsUntil.set(table, inspection === 'skipped' ? performance.now() + skippedForMs : Infinity);
    if (!isSkippedAgain) tell(inspection);
  }

  async #inspect(table: TableDefinition): Promise<Inspection> {
    try {
      return await verifyTable(this.#adapter, table);
    } catch (error) {
      if (!isLWTError(error)) throw error;
      // Writes that went on without permission to look do not depend on it later.
      const wasSkipped = this.#holdsUntil.has(table) && error.code !== 'schema-mismatch';
      if (error.code === 'access-denied' || wasSkipped) return 'skipped';
      throw error;
    }
  }
}
