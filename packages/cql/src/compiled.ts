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

export interface CqlDialectSettings extends Namespace {
  readonly name: string;
  /** Scylla answers with nulls where the row is absent; a guard in the `IF` tells it from a row of nulls (R34). */
  readonly absentAsNulls: boolean;
  readonly features: CqlFeatures;
}

/** What servers that speak CQL differ in. */
export interface CqlFeatures {
  /** `CONTAINS` and `CONTAINS KEY` in `IF`: Cassandra 4.1 (CASSANDRA-10537). */
  readonly contains: boolean;
  /** R14: Cassandra 4.0 to 5.0 compares `m[k]` with the comparator of the *keys*. */
  readonly entriesByKeyComparator: boolean;
  /** R11: one list parameter may hold null; elsewhere members are parameters of their own. */
  readonly nullInListParameter: boolean;
  /** `l = l + ?` under `IF`: Cassandra 4.1 (R23). */
  readonly append: boolean;
  /** `n = n + ?` on integers under `IF`: Cassandra 5.0 (R21). */
  readonly arithmetic: boolean;
}
