import type { ConditionNode, ExistsNode, NotExistsNode } from '../condition/nodes.ts';
import type { Row, TableDefinition } from '../table/definition.ts';
import type { AnyTable, types } from '../table/table.ts';

/** Marks a statement, so that `execute` can tell one from an object that looks like it. */
export const statementBrand: unique symbol = Symbol.for('onlyif.statement') as never;

interface StatementBase {
  readonly [statementBrand]: true;
  readonly table: TableDefinition;
  /** Every key column, canonical and never null. */
  readonly key: Row;
}

/** A new row: `set` holds the columns that were given, key columns excepted. */
export interface InsertStatement extends StatementBase {
  readonly kind: 'insert';
  readonly set: Row;
  readonly if: NotExistsNode;
}
/** Changes the named columns of a row that is there. */
export interface UpdateStatement extends StatementBase {
  readonly kind: 'update';
  readonly set: Row;
  readonly if: ConditionNode | ExistsNode;
}
/** Writes every regular column of a row that is there: `set` holds them all. */
export interface ReplaceStatement extends StatementBase {
  readonly kind: 'replace';
  readonly set: Row;
  readonly if: ConditionNode | ExistsNode;
}
/** Changes the named columns, and creates the row where it is absent and the condition holds on nulls. */
export interface UpsertStatement extends StatementBase {
  readonly kind: 'upsert';
  readonly set: Row;
  readonly if: ConditionNode;
}
export interface DeleteStatement extends StatementBase {
  readonly kind: 'delete';
  readonly if: ConditionNode | ExistsNode;
}
export interface GetStatement extends StatementBase {
  readonly kind: 'get';
  readonly consistency: ReadConsistency;
  /** The columns asked for, besides none: the whole row where it is undefined. */
  readonly columns: readonly string[] | undefined;
}

/**
 * `strong`: sees every write that was acknowledged before the read began.
 * `quorum`: a majority read; on Cassandra it may miss a conditional write that is still being committed.
 * `eventual`: one replica; may miss recent writes.
 */
export type ReadConsistency = 'strong' | 'quorum' | 'eventual';

export type WriteNode = InsertStatement | UpdateStatement | ReplaceStatement | UpsertStatement | DeleteStatement;
/** A statement as frozen, plain data. */
export type Statement = WriteNode | GetStatement;
export type Verb = Statement['kind'];

/** A write with the types of its result: the table, and the columns that its condition reads. */
export type Write<T extends AnyTable, N extends string> = WriteNode & { readonly [types]?: { readonly table: T; readonly columns: N } };
/** A read with the type of the row that it returns. */
export type Read<R> = GetStatement & { readonly [types]?: { readonly row: R } };

export function isStatement(value: unknown): value is Statement {
  return typeof value === 'object' && value !== null && statementBrand in value;
}
