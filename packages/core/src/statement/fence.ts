import { comparisonNode, valueNode } from '../condition/factories.ts';
import type { ConditionNode } from '../condition/nodes.ts';
import { normalise } from '../condition/normalise.ts';
import { incrementFits } from '../mutation/apply-mutation.ts';
import { isMutation } from '../mutation/nodes.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import { valueType } from '../values/column-type.ts';
import { makeStatement } from './build.ts';
import { statementBrand, type WriteNode } from './nodes.ts';

/** A value that a statement's condition demands, that the statement replaces, and that never returns (R35). */
export interface Pin {
  readonly column: ColumnDefinition;
  readonly value: unknown;
}

/**
 * The write token or the version that a statement pins, where there is one. Once it is gone from the row, the statement
 * can never apply any more, however late it arrives; while it is there, the statement has not applied.
 */
export function pinOf(statement: WriteNode): Pin | undefined {
  const { table, if: condition } = statement;
  if (table.writeToken === undefined && table.version === undefined) return undefined;
  if (condition.kind === 'exists' || condition.kind === 'notExists') return undefined;
  const clauses = clausesOf(normalise(condition));
  for (const column of [table.writeToken, table.version]) {
    const pin = column && pinned(clauses, column);
    if (pin !== undefined && replaces(statement, pin)) return pin;
  }
  return undefined;
}

function clausesOf(condition: ConditionNode): readonly ConditionNode[] {
  return condition.kind === 'and' ? condition.nodes : [condition];
}

function pinned(clauses: readonly ConditionNode[], column: ColumnDefinition): Pin | undefined {
  for (const clause of clauses) {
    if (clause.kind === 'eq' && clause.left === column && clause.right.kind === 'value') return { column, value: clause.right.value };
  }
  return undefined;
}

function replaces(statement: WriteNode, { column, value }: Pin): boolean {
  if (statement.kind === 'delete') return true;
  const next = statement.set[column.name];
  // Every write stores a token, also one that has not been given its own yet.
  if (column === statement.table.writeToken) return next !== value;
  if (isMutation(next)) return next.kind === 'increment' && Number(next.by) !== 0;
  return next !== undefined && next !== value;
}

/** A write that replaces a pinned value and nothing else, and the value that it leaves. */
export interface Fence {
  readonly statement: WriteNode;
  readonly value: unknown;
  /** Whether no other writer would leave that value. */
  readonly recognisable: boolean;
}

/** Undefined where no value can follow: an integer version at the end of its range. */
export function fenceOf({ table, key }: WriteNode, { column, value }: Pin): Fence | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const one = typeof value === 'bigint' ? 1n : 1;
  if (isNumber && !incrementFits(column, value, one)) return undefined;
  const next = isNumber ? (value as number) + (one as number) : valueType(column.type).canonical(crypto.randomUUID());
  const statement: WriteNode = makeStatement({
    [statementBrand]: true,
    kind: 'update',
    table,
    key,
    set: Object.freeze({ [column.name]: next }),
    if: comparisonNode('eq', column, valueNode(value)),
  });
  return { statement, value: next, recognisable: !isNumber };
}
