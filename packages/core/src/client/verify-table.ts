import type { Adapter, ScanFinding, TableDescription } from '../adapter.ts';
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

/** How long a database may take to describe a table: the writes that wait for it go on, or fail, then. */
const describedWithinMs = 5_000;

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

/** Compares a live table with its definition; throws `schema-mismatch` with all differences, `access-denied` or `unavailable`. */
export async function verifyTable(adapter: Adapter, table: TableDefinition, options: VerifyOptions = {}): Promise<void> {
  const description = await administer(adapter, table, 'inspected', () => describe(adapter, table));
  const problems = description === null ? ['The table does not exist.'] : compareTable(description);
  if (problems.length > 0) throw mismatch(table, problems);
  if (options.scan === true) await administer(adapter, table, 'read', () => scanTable(adapter, table));
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

/** Work on a table as a whole; what fails is an `LWTError`, and no row was written. */
export async function administer<T>(adapter: Adapter, table: TableDefinition, done: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isLWTError(error)) throw error;
    const { code, message, retryable } = adapter.classify(error);
    const open = code === 'outcome-unknown' || code === 'protocol';
    throw new LWTError(
      open ? 'unavailable' : code,
      `Table ${table.name} could not be ${done}. ${open && error instanceof Error ? error.message : message}`,
      {
        cause: error,
        outcome: 'not-applied',
        dialect: adapter.dialect.name,
        retryable: open || retryable,
      },
    );
  }
}

/** Verifies each table once before its first write, whatever the number of calls that wait for it. */
export class FirstUseVerifier {
  readonly #begun = new Map<TableDefinition, Promise<boolean>>();
  readonly #ended = new Set<TableDefinition>();
  readonly #adapter: Adapter;

  constructor(adapter: Adapter) {
    this.#adapter = adapter;
  }

  /** Whether `ensure` has nothing left to do. */
  has(table: TableDefinition): boolean {
    return this.#ended.has(table);
  }

  /** False where the table could not be inspected for lack of permission, the first time that is found. */
  async ensure(table: TableDefinition): Promise<boolean> {
    const earlier = this.#begun.get(table);
    if (earlier !== undefined) {
      await earlier;
      return true;
    }
    const verification = this.#verify(table);
    this.#begun.set(table, verification);
    try {
      const inspected = await verification;
      this.#ended.add(table);
      return inspected;
    } catch (error) {
      this.#begun.delete(table);
      throw error;
    }
  }

  async #verify(table: TableDefinition): Promise<boolean> {
    try {
      await verifyTable(this.#adapter, table);
      return true;
    } catch (error) {
      if (isLWTError(error) && error.code === 'access-denied') return false;
      throw error;
    }
  }
}
