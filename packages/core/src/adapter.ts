import type { Compiled, Dialect, NativeHook } from './dialect/dialect.ts';
import type { LWTErrorCode } from './errors.ts';
import type { ColumnDefinition, ColumnRole, Row, TableDefinition } from './table/definition.ts';

/** What an adapter is told of the call that it serves. */
export interface CallContext {
  /** Aborts when the caller gives up or the call's time is over. */
  readonly signal: AbortSignal;
  /** The time that is left, in milliseconds; at least 1. */
  remainingMs(): number;
  /**
   * Must be called right before the request is handed to the driver: from there on, giving up leaves the outcome open.
   * Throws where the call was given up before; the request must then not be sent.
   */
  dispatched(): void;
  readonly native: NativeHook | undefined;
  /** One for each write, and the same where the client repeats it; 36 characters. */
  readonly requestToken: string;
}

/** How the server answered a conditional write. */
export type Answer =
  | { readonly applied: true }
  /** The row that was judged, whole; null where there is none. */
  | { readonly applied: false; readonly known: 'row'; readonly row: Row | null }
  /** The row is there, and these are some of its columns as judged. */
  | { readonly applied: false; readonly known: 'columns'; readonly columns: Row }
  /** The answer does not tell whether there is a row. */
  | { readonly applied: false; readonly known: 'nothing' };

/** What a native error means for a conditional write. */
export interface Failure {
  readonly code: LWTErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** What happened and what to do, in whole sentences. */
  readonly message: string;
  /**
   * True where the server itself said that it gave the write up without knowing its end (R35): no request is still on its
   * way, so a read that closes proposals settles it. Absent where nothing was heard.
   */
  readonly answered?: boolean;
}

export interface DescribedColumn {
  /** The name in the database. */
  readonly name: string;
  /** The type as the database writes it. */
  readonly type: string;
  readonly role: ColumnRole;
}

/** A live table beside what the definition wants of it. */
export interface TableDescription {
  readonly found: readonly DescribedColumn[];
  readonly wanted: readonly DescribedColumn[];
  /** What else forbids conditional writes on it, in whole sentences. */
  readonly problems: readonly string[];
  /** What does not forbid them, but may surprise. */
  readonly warnings?: readonly string[];
}

/** What a scan found in one cell of a row. */
export interface ScanFinding {
  /** At least the key of the row. */
  readonly key: Row;
  /** `'null'`: a `notNull` column without a value. `'future'`: a value whose write time has not come yet (R44). */
  readonly kind: 'null' | 'future';
  readonly column: ColumnDefinition;
}

export interface TableAdministration {
  /** Creates the table and returns when it can be used. For development and tests. */
  create(table: TableDefinition): Promise<void>;
  drop(table: TableDefinition): Promise<void>;
  /** `null` where there is no such table. Throws native errors. Nobody waits for it any more once the signal has aborted. */
  describe(table: TableDefinition, signal?: AbortSignal): Promise<TableDescription | null>;
  /** What other writers left in rows that conditional writes cannot live with; reads the whole table. */
  scan(table: TableDefinition): AsyncIterable<ScanFinding>;
}

/**
 * A dialect with a connection. It sends what the dialect compiled and decodes the answer, and holds no semantics:
 * retrying, completing reads, tracing and the wrapping of errors are the client's.
 */
export interface Adapter<C extends Compiled = Compiled> {
  readonly dialect: Dialect<C>;
  /** The driver's own client, for queries that this library does not make; undefined until an own client connected. */
  readonly client: unknown;
  /**
   * Sends one conditional write, once. Throws native errors, which `classify` places, or `LWTError`s with code
   * `protocol` (an answer without a clear outcome), `schema-mismatch` (not applied, and the row contradicts the definition)
   * or `unavailable` (this request was certainly never written, though its native error, in `cause`, leaves that open).
   */
  execute(compiled: C, context: CallContext): Promise<Answer>;
  /** Reads one row, by a compiled `get`; `null` where there is none. Throws native errors. */
  read(compiled: C, context: CallContext): Promise<Row | null>;
  /** What an error thrown by `execute` or `read` means; for what is not in its table, `outcome-unknown`. */
  classify(error: unknown): Failure;
  readonly tables: TableAdministration;
  /** The key as the driver takes it. */
  encodeKey(table: TableDefinition, key: Row): unknown;
  /** A row as the driver returned it, decoded as `get` decodes it. Throws `schema-mismatch`. */
  decodeRow(table: TableDefinition, nativeRow: unknown): Row;
  /** Ends what the adapter opened itself; a client that the caller passed in stays open. */
  close(): Promise<void>;
}
