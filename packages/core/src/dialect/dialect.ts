import { invalidStatement, LWTError } from '../errors.ts';
import type { ExistingMode } from '../result.ts';
import type { Statement } from '../statement/nodes.ts';
import type { TableDefinition } from '../table/definition.ts';

/** What a dialect says of itself, for documentation and for suites that ask before they test. */
export interface Capabilities {
  /** Conditions with `or` or a remaining `not`, and comparisons of two columns, in one request. */
  readonly booleanLogic: boolean;
  /** Statements on tables that declare static columns. */
  readonly staticColumns: boolean;
  /** Whether a strong read finishes or discards a write that the server gave up half-way, so that it cannot take effect later. */
  readonly readCloses: boolean;
  /**
   * True where a condition cannot say beside others that its row is there, so that emulation pins a `notNull` column to its
   * observed value wherever the other pins may all be null. Absent where it can.
   */
  readonly pinsGuard?: boolean;
  /** The most columns that a partition key and a clustering key may have. */
  readonly maxKeyColumns: { readonly partition: number; readonly clustering: number };
}

/** A change to a request that has no counterpart elsewhere. It gets a copy; condition, values and retries stay as they were. */
export type NativeHook = (request: Record<string, unknown>) => Record<string, unknown>;

/** For adapters: what a hook may add to a request, by these names; all else that it returns is dropped. */
export function addedBy(native: NativeHook | undefined, names: readonly string[]): Record<string, unknown> {
  if (native === undefined) return {};
  const wanted = wantedBy(native);
  return Object.fromEntries(names.filter((name) => wanted[name] !== undefined).map((name) => [name, wanted[name]]));
}

function wantedBy(native: NativeHook): Record<string, unknown> {
  try {
    const wanted: unknown = native({});
    if (wanted instanceof Promise) wanted.catch(() => undefined);
    else if (typeof wanted === 'object' && wanted !== null) return wanted as Record<string, unknown>;
  } catch (error) {
    throw invalidStatement('The native hook threw, so the request was not sent; see error.cause.', { cause: error });
  }
  throw invalidStatement('The native hook returned no object, or a promise of one, so the request was not sent.');
}

export interface CompileOptions {
  /** What the result shall show where the write is not applied; `'row'` by default. */
  readonly existing?: ExistingMode;
}

/** What a statement costs when it applies, when it does not, and when there is no row. */
export interface Cost {
  /** Requests until the result is known, a completing read included. */
  readonly roundTrips: PerOutcome<number>;
  /** What the service bills, by its own rules; absent where nothing is billed by the request. */
  readonly capacity?: PerOutcome<string>;
}

export interface PerOutcome<T> {
  readonly applied: T;
  readonly notApplied: T;
  readonly rowAbsent: T;
}

/** A statement ready to send. Adapters extend it with what they need to send and to decode. */
export interface Compiled {
  readonly statement: Statement;
  /** The exact requests, in order: CQL text with parameters, or DynamoDB inputs. */
  readonly requests: readonly object[];
  /** What the caller should know of them, in whole sentences. */
  readonly notes: readonly string[];
  readonly cost: Cost;
  /**
   * R38: for so many milliseconds a repeat with the same request token is answered like the first where that succeeded, and
   * written once. Absent where a repeat is another write.
   */
  readonly repeatableMs?: number;
}

/**
 * How one database says a statement. Pure: no I/O, no state but caches.
 * `compile` throws `LWTError` for what the database cannot do exactly: `unsupported`, `limit-exceeded`,
 * or `invalid-value` for a value that it cannot hold.
 */
export interface Dialect<C extends Compiled = Compiled> {
  readonly name: string;
  readonly capabilities: Capabilities;
  compile(statement: Statement, options?: CompileOptions): C;
}

/** The alternative of a refusal that emulation would lift. */
export const emulation = 'emulate: true';

/** A refusal with its reason in one sentence, and what to write instead. */
export function unsupported(reason: string, alternative: string): LWTError {
  return new LWTError('unsupported', reason, { alternative });
}

/** Static columns can be declared; no dialect writes tables that declare one yet. */
export function refuseStatics(table: TableDefinition): void {
  const [column] = table.statics;
  if (column === undefined) return;
  throw unsupported(
    `${table.name}.${column.name} is static, and statements on tables with static columns are not supported yet.`,
    'keep the shared values in a table of their own, keyed by the partition key',
  );
}
