import type {
  Adapter,
  Answer,
  CallContext,
  Capabilities,
  Compiled,
  Cost,
  Dialect,
  Failure,
  Row,
  ScanFinding,
  TableDefinition,
  TableDescription,
} from '@onlyif/core';

/** What the stub does; what is left out succeeds: the write is applied, the row absent, the table as defined. */
export interface Script {
  readonly execute?: (context: CallContext, compiled: Compiled) => Promise<Answer>;
  readonly read?: (context: CallContext, compiled: Compiled) => Promise<Row | null>;
  readonly classify?: (error: unknown) => Failure;
  readonly describe?: (table: TableDefinition) => Promise<TableDescription | null>;
  readonly scan?: (table: TableDefinition) => AsyncIterable<ScanFinding>;
  readonly compile?: Dialect['compile'];
  readonly capabilities?: Partial<Capabilities>;
}

const stubCapabilities: Capabilities = {
  booleanLogic: true,
  readCloses: false,
  staticColumns: true,
  maxKeyColumns: { partition: 9, clustering: 9 },
};
const stubCost: Cost = { roundTrips: { applied: 1, notApplied: 1, rowAbsent: 1 } };

/** A stub: an adapter without a database that follows a script and keeps what it was asked for. */
export class StubAdapter implements Adapter {
  readonly client = undefined;
  readonly executed: Compiled[] = [];
  readonly reads: Compiled[] = [];
  readonly contexts: CallContext[] = [];
  readonly described: TableDefinition[] = [];
  closed = 0;
  readonly #script: Script;

  readonly dialect: Dialect;

  constructor(script: Script = {}) {
    this.#script = script;
    this.dialect = {
      name: 'stub',
      capabilities: { ...stubCapabilities, ...script.capabilities },
      compile: (statement, options) =>
        script.compile?.(statement, options) ?? { statement, requests: [{ stub: statement.kind }], notes: ['a stub'], cost: stubCost },
    };
  }

  readonly tables = {
    create: async (): Promise<void> => {},
    drop: async (): Promise<void> => {},
    describe: async (table: TableDefinition): Promise<TableDescription | null> => {
      this.described.push(table);
      return this.#script.describe === undefined ? asDefined : this.#script.describe(table);
    },
    scan: (table: TableDefinition): AsyncIterable<ScanFinding> => this.#script.scan?.(table) ?? nothing(),
  };

  async execute(compiled: Compiled, context: CallContext): Promise<Answer> {
    this.executed.push(compiled);
    this.contexts.push(context);
    if (this.#script.execute !== undefined) return this.#script.execute(context, compiled);
    context.dispatched();
    return { applied: true };
  }

  async read(compiled: Compiled, context: CallContext): Promise<Row | null> {
    this.reads.push(compiled);
    if (this.#script.read !== undefined) return this.#script.read(context, compiled);
    context.dispatched();
    return null;
  }

  classify(error: unknown): Failure {
    return this.#script.classify?.(error) ?? { code: 'outcome-unknown', retryable: false, message: `Not in the table: ${String(error)}.` };
  }

  encodeKey(_table: TableDefinition, key: Row): Row {
    return key;
  }

  decodeRow(_table: TableDefinition, row: unknown): Row {
    return row as Row;
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

const asDefined: TableDescription = { found: [], wanted: [], problems: [] };

async function* nothing(): AsyncIterable<ScanFinding> {}

/** A script that hands the request out and gets this answer. */
export function answering(answer: Answer): NonNullable<Script['execute']> {
  return async (context) => {
    context.dispatched();
    return answer;
  };
}

/** A script that hands the request out and never hears of it again. */
export async function silence(context: CallContext): Promise<never> {
  context.dispatched();
  return new Promise(() => undefined);
}

/** A script that fails, after the request went out or before it. */
export function failing(error: unknown, when: 'before' | 'after'): (context: CallContext) => Promise<never> {
  return async (context) => {
    if (when === 'after') context.dispatched();
    throw error;
  };
}
