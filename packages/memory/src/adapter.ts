import {
  type Adapter,
  type Answer,
  type AnyTable,
  type CallContext,
  checkNames,
  type Compiled,
  type Dialect,
  type Failure,
  insert,
  type InsertRow,
  judge,
  keyOf,
  LWTError,
  notExists,
  type Row,
  type ScanFinding,
  type Statement,
  type TableDefinition,
  type TableDescription,
} from '@onlyif/core';
import { memoryDialect } from './dialect.ts';
import { describeTable } from './describe-table.ts';
import { Store } from './store.ts';

export interface MemoryOptions {
  /** Refuses what this dialect refuses, with the same error. */
  readonly like?: Dialect;
  /** Names per environment: the name of a table here, from its name in the definition. */
  readonly tableName?: (name: string) => string;
}

/** The adapter `memory()`, with what tests want besides. */
export interface MemoryAdapter extends Adapter {
  /** Every statement that was executed, in order. */
  readonly statements: readonly Statement[];
  /** Puts rows into a table as they are, without a condition. */
  seed<T extends AnyTable>(table: T, rows: readonly InsertRow<T>[]): void;
}

/**
 * An adapter that keeps rows in this process, by the reference semantics: `createClient(memory())`.
 * Tables come to be at their first use.
 */
export function memory(options: MemoryOptions = {}): MemoryAdapter {
  checkNames('The options of memory', ['like', 'tableName'] satisfies (keyof MemoryOptions)[], options);
  return new Memory(options);
}

class Memory implements MemoryAdapter {
  readonly dialect: Dialect;
  readonly client = undefined;
  readonly statements: Statement[] = [];
  readonly tables = {
    create: async (table: TableDefinition): Promise<void> => this.#create(table),
    drop: async (table: TableDefinition): Promise<void> => void this.#tables.delete(this.#tableName(table.native)),
    describe: async (table: TableDefinition): Promise<TableDescription | null> => describeTable(this.#live(table).definition, table),
    scan: (table: TableDefinition): AsyncIterable<ScanFinding> => this.#scan(table),
  };
  readonly #tables = new Map<string, { readonly definition: TableDefinition; readonly store: Store }>();
  readonly #tableName: (name: string) => string;

  constructor({ like, tableName = (name) => name }: MemoryOptions) {
    this.#tableName = tableName;
    const own = memoryDialect({ tableName });
    this.dialect = like === undefined ? own : refusingLike(own, like);
  }

  async execute({ statement }: Compiled, context: CallContext): Promise<Answer> {
    if (statement.kind === 'get') throw new LWTError('invalid-statement', 'A get is read, not executed.');
    context.dispatched();
    await turn();
    this.statements.push(statement);
    const { store } = this.#live(statement.table);
    const before = store.read(statement.table, statement.key);
    const { applied, after } = judge(statement, before);
    if (!applied) return { applied: false, known: 'row', row: before };
    store.write(statement.table, statement.key, after);
    return { applied: true };
  }

  async read({ statement }: Compiled, context: CallContext): Promise<Row | null> {
    context.dispatched();
    await turn();
    this.statements.push(statement);
    const row = this.#live(statement.table).store.read(statement.table, statement.key);
    if (row === null || statement.kind !== 'get' || statement.columns === undefined) return row;
    return Object.fromEntries(statement.columns.map((name) => [name, row[name]]));
  }

  seed<T extends AnyTable>(table: T, rows: readonly InsertRow<T>[]): void {
    for (const row of rows) {
      const statement = insert(table, row, { if: notExists() });
      this.#live(table).store.write(table, statement.key, judge(statement, null).after);
    }
  }

  classify(error: unknown): Failure {
    return { code: 'outcome-unknown', retryable: false, message: `The memory adapter failed: ${String(error)}` };
  }

  encodeKey(table: TableDefinition, key: Row): Row {
    return keyOf(table as AnyTable, key) as Row;
  }

  decodeRow(_table: TableDefinition, nativeRow: unknown): Row {
    return nativeRow as Row;
  }

  async close(): Promise<void> {}

  #create(table: TableDefinition): void {
    const name = this.#tableName(table.native);
    if (!this.#tables.has(name)) this.#tables.set(name, { definition: table, store: new Store() });
  }

  #live(table: TableDefinition): { readonly definition: TableDefinition; readonly store: Store } {
    this.#create(table);
    return this.#tables.get(this.#tableName(table.native)) as never;
  }

  async *#scan(table: TableDefinition): AsyncIterable<ScanFinding> {
    for (const key of this.#live(table).store.rows(table)) {
      for (const column of table.notNull) if (key[column.name] === null) yield { key, kind: 'null', column };
    }
  }
}

/** One event-loop turn, so that concurrent callers interleave as they do with a server. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function refusingLike(own: Dialect, like: Dialect): Dialect {
  return {
    name: like.name,
    capabilities: like.capabilities,
    compile: (statement, options) => {
      const { cost, notes } = like.compile(statement, options);
      return { ...own.compile(statement, options), cost, notes };
    },
  };
}
