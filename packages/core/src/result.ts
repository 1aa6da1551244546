import type { LWTError } from './errors.ts';
import type { AnyTable, KeyOf, RowOf } from './table/table.ts';

/** The write happened. */
export interface Applied {
  readonly applied: true;
}

/** The write certainly did not happen, and this is the row that forbade it. */
export interface NotApplied<Row> {
  readonly applied: false;
  /** The row decoded as `get` decodes it; null where there is none. */
  readonly existing: Row | null;
  /** `'decision'`: the very row that was judged. `'read'`: a strong read at or after the decision. */
  readonly source: 'decision' | 'read';
}

/** The write certainly did not happen; the read that would have shown the row failed. */
export interface NotAppliedUnseen {
  readonly applied: false;
  readonly source: 'unavailable';
  readonly existing?: undefined;
  readonly cause: LWTError;
}

/** The outcome of a conditional write. An outcome that is not known is thrown as an `LWTError`, never returned. */
export type LWTResult<Row> = Applied | NotApplied<Row> | NotAppliedUnseen;

/** The outcome where `existing: 'none'` asked for no row. */
export type LWTOutcome = Applied | { readonly applied: false; readonly source: 'decision' };

/** What the result shows of the row that forbade the write. */
export type ExistingMode = 'row' | 'condition' | 'none';

/** The result of a write on `T` whose condition reads the columns `N`, in a mode. */
export type WriteResult<T extends AnyTable, N extends string, M extends ExistingMode> = {
  readonly row: LWTResult<RowOf<T>>;
  readonly condition: LWTResult<KeyOf<T> & Pick<RowOf<T>, N & keyof RowOf<T>>>;
  readonly none: LWTOutcome;
}[M];
