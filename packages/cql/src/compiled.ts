import type { ColumnDefinition, Compiled } from '@onlyif/core';
import type { Namespace } from './names.ts';

/** One CQL request: the text of a prepared statement and its parameters as JavaScript values, in order. */
export interface CqlRequest {
  readonly cql: string;
  readonly parameters: readonly unknown[];
}

/** What tells a live row from an absent one in the answer to a rejected write. */
export interface AnswerPlan {
  readonly kind: 'insert' | 'exists' | 'condition';
  /** The columns of the `IF`, each once. */
  readonly columns: readonly ColumnDefinition[];
  /** The `notNull` column among them that proves the row, where there is one. */
  readonly guard: ColumnDefinition | undefined;
}

export interface CqlCompiled extends Compiled {
  readonly cql: string;
  /** The parameters as bytes. */
  readonly bytes: readonly (Buffer | null)[];
  readonly answer: AnswerPlan;
}

/**
 * How a rejected update or delete says that there is no row (R34). `'left-out'`: by no column beside `[applied]` (Cassandra).
 * `'nulls'`: by nulls in all columns of the condition, which a guard in the `IF` tells from a row of nulls (Scylla).
 * `'unclear'`: not in a way that is documented, so that only a value in a column tells anything (Keyspaces).
 */
export type AbsentRow = 'left-out' | 'nulls' | 'unclear';

export interface CqlDialectSettings extends Namespace {
  readonly name: string;
  readonly absentRow: AbsentRow;
  readonly features: CqlFeatures;
  /** The most bytes of a partition key and of a clustering key, all columns together; by default only the protocol's own limit holds. */
  readonly maxKeyBytes?: { readonly partition: number; readonly clustering: number; readonly source: string };
}

/** Whether a server takes a construct; where it does not, or does not document it, the reason. */
export type Support = true | Lack;

export interface Lack {
  /** What follows the construct in a refusal: "needs …, which …", with its source. */
  readonly why: string;
  /** The advice where emulation cannot help either. */
  readonly instead: string;
}

/** What servers that speak CQL differ in. */
export interface CqlFeatures {
  /** Where it stands what a condition can say. */
  readonly grammar: string;
  /** `CONTAINS` and `CONTAINS KEY` in `IF`: Cassandra 4.1 (CASSANDRA-10537). */
  readonly contains: Support;
  /** R14: Cassandra 4.0 to 5.0 compares `m[k]` with the comparator of the *keys*. */
  readonly entriesByKeyComparator: boolean;
  /** R11: one list parameter may hold null; elsewhere members are parameters of their own. */
  readonly nullInListParameter: boolean;
  /** `l = l + ?` under `IF`: Cassandra 4.1 (R23). */
  readonly append: Support;
  /** `n = n + ?` on integers under `IF`: Cassandra 5.0 (R21). */
  readonly arithmetic: Support;
  /** `c IN ?` in `IF`. */
  readonly membership: Support;
  /** `c != null` in `IF`, and so the guard that keeps a condition from holding on an absent row (R2). */
  readonly notNull: Support;
  /** `m[?]` and `l[?]` in `IF`. */
  readonly elements: Support;
  /** `c != ?` in `IF`, of a whole collection. */
  readonly collectionInequality: Support;
}
