import type { Adapter } from '../adapter.ts';
import { administer } from '../administer.ts';
import type { Compiled, NativeHook } from '../dialect/dialect.ts';
import { compileEmulated } from '../dialect/explain-emulation.ts';
import { type Explanation, explainStatement } from '../dialect/explain.ts';
import { invalidStatement, isLWTError, LWTError, withContext } from '../errors.ts';
import { type ClientEvent, emit, type EventListener } from '../events.ts';
import type { ExistingMode, WriteResult } from '../result.ts';
import * as build from '../statement/build.ts';
import { isStatement, type Read, type Statement, type Write, type WriteNode } from '../statement/nodes.ts';
import { checkToken, storesToken, withWriteToken } from '../statement/write-token.ts';
import type { AnyTable, ConditionName, InsertRow, KeyOf, RowOf } from '../table/table.ts';
import { Call } from './call.ts';
import { checkAdapter, checkCallOptions, checkClientOptions } from './check-options.ts';
import { canEmulate, emulateWrite } from './emulate.ts';
import { increments } from '../reference.ts';
import { completeResult } from './complete-result.ts';
import { type RetryOptions, type RetryPolicy, retryPolicy, withRetries } from './retry.ts';
import { eventBase, readRow, type Running } from './run-call.ts';
import { sendWrite } from './send-write.ts';
import { checkSettled, settleWrite, unsettled } from './settle.ts';
import { FirstUseVerifier, type Inspection, type Verification, verifyTable, type VerifyOptions } from './verify-table.ts';

export interface CallOptions<M extends ExistingMode = ExistingMode> {
  /** Gives the call up. Before a request went out: `aborted`, nothing written; after it: `outcome-unknown`. */
  readonly signal?: AbortSignal;
  /** Bounds the whole call, repeats, resolution and completing read included, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
  /** What a rejection shows: the whole row (default), the condition's columns, or nothing. */
  readonly existing?: M;
  /** Lets what the database cannot say be done as a strong read and a pinned write; see `explain` for what that costs. */
  readonly emulate?: boolean;
  /**
   * The write token that the write stores, on a table with a `writeToken` column; a random one by default. One token belongs
   * to one write. Keep it where it outlives the process, and `db.settle(statement, token)` tells later what became of the write.
   */
  readonly token?: string;
  /** Adds to the native request what has no counterpart, such as tracing; the write is then not portable. */
  readonly native?: NativeHook;
}

export interface ClientOptions<M extends ExistingMode = 'row'> {
  readonly onEvent?: EventListener;
  /** The default of the calls. */
  readonly existing?: M;
  /** The default of the calls. */
  readonly emulate?: boolean;
  /** The default of the calls, in milliseconds. */
  readonly timeoutMs?: number;
  /** How requests that certainly did nothing are repeated where that may help; `'off'` for never. */
  readonly retry?: RetryOptions | 'off';
  /** `'first-use'` (default) compares a table with its definition before its first write; `'off'` does not. */
  readonly verify?: 'first-use' | 'off';
}

const defaultTimeoutMs = 10_000;

/** Conditional writes on one database. All methods that return promises only ever reject, with an `LWTError`. */
export class Client<D extends ExistingMode = 'row'> {
  readonly adapter: Adapter;
  readonly #options: ClientOptions<D>;
  readonly #verifier: FirstUseVerifier | undefined;
  readonly #policy: RetryPolicy;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(adapter: Adapter, options: ClientOptions<D>) {
    checkAdapter(adapter);
    checkClientOptions(options);
    this.adapter = adapter;
    this.#options = options;
    this.#policy = retryPolicy(options.retry);
    this.#verifier = options.verify === 'off' ? undefined : new FirstUseVerifier(adapter);
  }

  /** Writes a new row: `db.insert(users, { email, id }, { if: notExists() })`. */
  async insert<T extends AnyTable, M extends ExistingMode = D>(
    table: T,
    row: InsertRow<T>,
    options: build.InsertOptions,
    call?: CallOptions<M>,
  ): Promise<WriteResult<T, keyof RowOf<T> & string, M>> {
    return this.execute(build.insert(table, row, options), call);
  }

  /** Changes columns of a row that is there: `db.update(t, { id }, { set: { version: 2 }, if: { version: 1 } })`. */
  async update<T extends AnyTable, N extends ConditionName<T> = never, M extends ExistingMode = D>(
    table: T,
    key: KeyOf<T>,
    options: build.UpdateOptions<T, N>,
    call?: CallOptions<M>,
  ): Promise<WriteResult<T, N, M>> {
    return this.execute(build.update(table, key, options), call);
  }

  /** Writes all regular columns of a row that is there; left-out ones become null. */
  async replace<T extends AnyTable, N extends ConditionName<T> = never, M extends ExistingMode = D>(
    table: T,
    row: InsertRow<T>,
    options: build.ChangeOptions<T, N>,
    call?: CallOptions<M>,
  ): Promise<WriteResult<T, N, M>> {
    return this.execute(build.replace(table, row, options), call);
  }

  /** Changes columns where the condition holds, and creates the row where it holds on nulls. */
  async upsert<T extends AnyTable, N extends ConditionName<T> = never, M extends ExistingMode = D>(
    table: T,
    key: KeyOf<T>,
    options: build.UpsertOptions<T, N>,
    call?: CallOptions<M>,
  ): Promise<WriteResult<T, N, M>> {
    return this.execute(build.upsert(table, key, options), call);
  }

  /** Removes a row that is there: `db.delete(locks, { service }, { if: { locked_by: 'alice' } })`. */
  async delete<T extends AnyTable, N extends ConditionName<T> = never, M extends ExistingMode = D>(
    table: T,
    key: KeyOf<T>,
    options: build.ChangeOptions<T, N>,
    call?: CallOptions<M>,
  ): Promise<WriteResult<T, N, M>> {
    return this.execute(build.deleteRow(table, key, options), call);
  }

  /** Reads one row by its key; `null` where there is none. Tried again where a repeat may help. */
  async get<T extends AnyTable, C extends keyof RowOf<T> & string = keyof RowOf<T> & string>(
    table: T,
    key: KeyOf<T>,
    options: build.GetOptions<C> & Pick<CallOptions, 'signal' | 'timeoutMs' | 'native'> = {},
  ): Promise<{ readonly [N in C]: RowOf<T>[N] } | null> {
    const { consistency, columns, ...call } = options;
    const own = { ...(consistency !== undefined && { consistency }), ...(columns !== undefined && { columns }) };
    return this.execute(build.get(table, key, own), call);
  }

  /** Runs a statement that `insert`, `update`, `replace`, `upsert`, `deleteRow` or `get` built. */
  async execute<T extends AnyTable, N extends string, M extends ExistingMode = D>(
    statement: Write<T, N>,
    call?: CallOptions<M>,
  ): Promise<WriteResult<T, N, M>>;
  async execute<R>(statement: Read<R>, call?: CallOptions): Promise<R | null>;
  async execute(statement: Statement, call: CallOptions = {}): Promise<unknown> {
    return this.#track(() => this.#run(statement, call, (running, sent) => this.#perform(running, sent, call)));
  }

  /**
   * What became of a write that an earlier call, also of another process, sent with this token and got no clear answer to:
   * applied, or certainly not and never any more. Throws `outcome-unknown` where that cannot be told. Where the row does
   * not carry the token, and the statement's condition names the write token or the version, a conditional write replaces
   * that value, so that the request cannot apply later. A delete stores no token, so it is settled without one.
   */
  async settle<T extends AnyTable, N extends string, M extends ExistingMode = D>(
    statement: Write<T, N>,
    token: string | undefined,
    call?: Omit<CallOptions<M>, 'token' | 'emulate'>,
  ): Promise<WriteResult<T, N, M>>;
  async settle(statement: WriteNode, token: string | undefined, call: Omit<CallOptions, 'token'> = {}): Promise<unknown> {
    const options = token === undefined ? call : { ...call, token };
    const work = async (running: Running, sent: Statement): Promise<unknown> => {
      checkSettled(sent, token);
      await this.#verify(running, sent);
      return completeResult(running, sent, await settleWrite(running, sent), this.#mode(options));
    };
    try {
      return await this.#track(() => this.#run(statement, options, work, unsettled));
    } catch (error) {
      throw isLWTError(error) ? unsettled(error) : error;
    }
  }

  /** What the database would do with a statement: the exact requests, or the reason of the refusal. Sends nothing. */
  explain(statement: Statement, call: CallOptions = {}): Explanation {
    checkStatement(statement);
    checkCallOptions(call);
    if (call.token !== undefined) checkToken(statement, call.token);
    const options = { existing: this.#mode(call), emulate: this.#emulates(call), token: call.token };
    const explanation = explainStatement(this.adapter.dialect, statement, options);
    return call.native === undefined ? explanation : Object.freeze({ ...explanation, portable: false });
  }

  /** Creates the table, for development and tests; an application's tables are used as they are. */
  async createTable(table: AnyTable): Promise<void> {
    await administer(this.adapter, `Table ${table.name} could not be created.`, () => this.adapter.tables.create(table));
  }

  /** Drops the table, for development and tests. */
  async dropTable(table: AnyTable): Promise<void> {
    await administer(this.adapter, `Table ${table.name} could not be dropped.`, () => this.adapter.tables.drop(table));
  }

  /** Compares a live table with its definition; throws `schema-mismatch` with every difference, and returns what else to know of it. */
  async verifyTable(table: AnyTable, options?: VerifyOptions): Promise<Verification> {
    return verifyTable(this.adapter, table, options);
  }

  /** Refuses new calls, waits for those under way, and closes what the adapter opened itself. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => this.adapter.close());
    return this.#closing;
  }

  #mode(call: CallOptions): ExistingMode {
    return call.existing ?? this.#options.existing ?? 'row';
  }

  #emulates(call: CallOptions): boolean {
    return call.emulate ?? this.#options.emulate ?? false;
  }

  async #track(work: () => Promise<unknown>): Promise<unknown> {
    if (this.#closing !== undefined) throw new LWTError('closed', 'The client is closed.');
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** One call: its time, its write token, its events and the context of its error. `sent` is the statement with its token. */
  async #run(
    statement: Statement,
    options: CallOptions,
    work: (running: Running, sent: Statement) => Promise<unknown>,
    asEnd: (error: LWTError) => LWTError = (error) => error,
  ): Promise<unknown> {
    checkStatement(statement);
    checkCallOptions(options);
    if (options.token !== undefined) checkToken(statement, options.token);
    const token = storesToken(statement) ? (options.token ?? crypto.randomUUID()) : undefined;
    const call = new Call(options.timeoutMs ?? this.#options.timeoutMs ?? defaultTimeoutMs, options.signal, options.native);
    const running: Running = { adapter: this.adapter, call, onEvent: this.#options.onEvent, policy: this.#policy, token };
    const started = performance.now();
    try {
      call.throwIfAborted();
      const result = await work(running, token === undefined ? statement : withWriteToken(statement, token));
      this.#emitOutcome(running, statement, started, outcomeOf(statement, result));
      return result;
    } catch (thrown) {
      if (!isLWTError(thrown)) throw thrown;
      const error = asEnd(thrown);
      this.#emitOutcome(running, statement, started, error.outcome, error);
      throw withContext(error, { statement, dialect: this.adapter.dialect.name, attempts: call.attempts, writeToken: token });
    } finally {
      call.end();
    }
  }

  async #perform(running: Running, statement: Statement, options: CallOptions): Promise<unknown> {
    const compiled = this.#compile(statement, options);
    return statement.kind === 'get' ? this.#read(running, compiled) : this.#write(running, statement, compiled, options);
  }

  /** Undefined where the statement is to be emulated. */
  #compile(statement: Statement, options: CallOptions): Compiled | undefined {
    const existing = this.#mode(options);
    const needsRow = existing === 'none' && statement.kind !== 'get' && increments(statement).length > 0;
    try {
      return this.adapter.dialect.compile(statement, { existing: needsRow ? 'condition' : existing });
    } catch (error) {
      if (this.#emulates(options) && statement.kind !== 'get' && canEmulate(error)) return this.#compileEmulation(statement);
      if (isLWTError(error)) this.#emit({ type: 'refusal', ...eventBase(this.adapter, statement), code: error.code });
      throw error;
    }
  }

  /** What the pinned write cannot hold is refused before anything is read. */
  #compileEmulation(statement: WriteNode): undefined {
    compileEmulated(this.adapter.dialect, statement);
  }

  async #read(running: Running, compiled: Compiled | undefined): Promise<unknown> {
    return compiled && readRow(running, compiled, 'read');
  }

  async #write(running: Running, statement: WriteNode, compiled: Compiled | undefined, options: CallOptions): Promise<unknown> {
    await this.#verify(running, statement);
    running.call.throwIfAborted();
    const answer = await (compiled === undefined
      ? emulateWrite(running, statement)
      : withRetries(this.#policy, running.call, () => sendWrite(running, compiled)));
    return completeResult(running, statement, answer, this.#mode(options));
  }

  async #verify({ call }: Running, statement: Statement): Promise<void> {
    if (this.#verifier === undefined || this.#verifier.has(statement.table)) return;
    await call.race(
      'read',
      this.#verifier.ensure(statement.table, (inspection) => this.#tell(statement, inspection)),
    );
  }

  #tell(statement: Statement, inspection: Inspection): void {
    const base = eventBase(this.adapter, statement);
    if (inspection === 'skipped') return this.#emit({ type: 'verification-skipped', ...base });
    for (const warning of inspection.warnings) this.#emit({ type: 'verification-warning', warning, ...base });
  }

  #emit(event: ClientEvent): void {
    emit(this.#options.onEvent, event);
  }

  #emitOutcome(
    { call }: Running,
    statement: Statement,
    started: number,
    outcome: 'applied' | 'not-applied' | 'unknown' | 'read',
    error?: LWTError,
  ): void {
    if (this.#options.onEvent === undefined) return;
    const code = error === undefined ? {} : { code: error.code };
    const durationMs = performance.now() - started;
    this.#emit({ type: 'outcome', outcome, attempts: call.attempts, durationMs, ...eventBase(this.adapter, statement), ...code });
  }
}

function outcomeOf(statement: Statement, result: unknown): 'applied' | 'not-applied' | 'read' {
  if (statement.kind === 'get') return 'read';
  return (result as { applied: boolean }).applied ? 'applied' : 'not-applied';
}

function checkStatement(statement: unknown): asserts statement is Statement {
  if (!isStatement(statement)) throw invalidStatement('A statement is made by insert, update, replace, upsert, deleteRow or get.');
}

/**
 * A client of one database. Swap the adapter, keep the rest:
 * `createClient(cassandra({ client, keyspace: 'app' }))`, `createClient(dynamodb({ client }))`, `createClient(memory())`.
 */
export function createClient<D extends ExistingMode = 'row'>(adapter: Adapter, options: ClientOptions<D> = {}): Client<D> {
  return new Client(adapter, options);
}
