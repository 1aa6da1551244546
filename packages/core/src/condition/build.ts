import { invalidStatement, LWTError } from '../errors.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import type { Column } from '../table/table.ts';
import { checkValue } from '../values/check-value.ts';
import { scalarType } from '../values/column-type.ts';
import {
  beginsWithNode,
  betweenNode,
  comparisonNode,
  existsNode,
  junctionNode,
  listNode,
  notExistsNode,
  notNode,
  nullNode,
  valueNode,
} from './factories.ts';
import { type ComparisonNode, conditionBrand, type ConditionNode, type ExistsNode, type NotExistsNode } from './nodes.ts';

declare const conditionOf: unique symbol;

/** A condition on one row of the table `T` that reads the columns `N`. Made by `eq`, `and` …; opaque, see `nodeOf`. */
export interface Condition<out T extends string, out N extends string> {
  readonly [conditionOf]: { readonly table: T; readonly columns: N };
}

declare const existenceOf: unique symbol;
/** `exists()`: the whole `if` of an update, replace or delete. */
export interface Exists {
  readonly [existenceOf]: 'exists';
}
/** `notExists()`: the whole `if` of an insert. */
export interface NotExists {
  readonly [existenceOf]: 'notExists';
}

/** The CQL types whose values can be compared for equality: all but `json`. */
export type ComparableKind = OrderedKind | 'boolean' | 'uuid' | 'timeuuid' | 'inet';
export type OrderedKind =
  | 'text'
  | 'ascii'
  | 'int'
  | 'smallint'
  | 'tinyint'
  | 'bigint'
  | 'varint'
  | 'decimal'
  | 'float'
  | 'double'
  | 'blob'
  | 'timestamp'
  | 'date'
  | 'time';
export type PrefixKind = 'text' | 'ascii' | 'blob';

type Right<T extends string, M extends string, K extends string, V> = NoInfer<V> | Column<NoInfer<T>, M, NoInfer<K>, unknown>;
type Compare<Kinds extends string> = <T extends string, N extends string, K extends Kinds, V, M extends string = never>(
  column: Column<T, N, K, V>,
  right: Right<T, M, K, V>,
) => Condition<T, N | M>;
type OnColumn<Kinds extends string> = <T extends string, N extends string>(column: Column<T, N, Kinds, unknown>) => Condition<T, N>;
type OnList<Kinds extends string> = <T extends string, N extends string, K extends Kinds, V>(
  column: Column<T, N, K, V>,
  values: readonly NoInfer<V>[],
) => Condition<T, N>;

/** The node behind a condition: plain frozen data. */
export function nodeOf(condition: Condition<string, string>): ConditionNode {
  return condition as never;
}

export function isConditionNode(value: unknown): value is ConditionNode | ExistsNode | NotExistsNode {
  return typeof value === 'object' && value !== null && conditionBrand in value;
}

function comparison(kind: ComparisonNode['kind'], ordered: boolean): (left: ColumnDefinition, right: unknown) => ComparisonNode {
  return (left, right) => {
    checkOperand(kind, left, ordered);
    return comparisonNode(kind, left, isColumn(right) ? pairedColumn(kind, left, right) : valueNode(operandValue(kind, left, right)));
  };
}

function isColumn(value: unknown): value is ColumnDefinition {
  return typeof value === 'object' && value !== null && (value as ColumnDefinition).kind === 'column' && 'native' in value;
}

function checkOperand(operator: string, left: unknown, ordered: boolean): void {
  if (!isColumn(left)) throw invalidStatement(`${operator}(…) takes a column of a table first, such as table.columns.version.`);
  if (left.role === 'partition' || left.role === 'clustering') {
    throw invalidStatement(`${left.table}.${left.name} is a key column: the key is already given, so it cannot stand in a condition.`);
  }
  const type = scalarType(left.type);
  if (!type.comparable)
    throw invalidStatement(`${operator}: ${left.table}.${left.name} is ${left.type.kind}; its conditions are isNull and isNotNull.`);
  if (ordered && !type.ordered)
    throw invalidStatement(`${operator}: ${left.table}.${left.name} is ${left.type.kind}, which has no order that all databases share.`);
}

function pairedColumn(operator: string, left: ColumnDefinition, right: ColumnDefinition): ColumnDefinition {
  checkOperand(operator, right, false);
  if (right.table !== left.table)
    throw invalidStatement(`${operator}: ${left.table}.${left.name} and ${right.table}.${right.name} belong to different tables.`);
  if (right.type.kind !== left.type.kind) {
    throw invalidStatement(
      `${operator}: ${left.table}.${left.name} is ${left.type.kind} and ${right.name} is ${right.type.kind}; both sides need one type.`,
    );
  }
  return right;
}

function operandValue(operator: string, column: ColumnDefinition, value: unknown): unknown {
  if (value === null) {
    const instead = operator === 'ne' || operator === 'noneOf' ? 'isNotNull' : 'isNull';
    throw new LWTError(
      'invalid-value',
      `${operator}(${column.table}.${column.name}, null): say ${instead}(${column.name}); null is compared with isNull and isNotNull only.`,
    );
  }
  return checkValue(column, value);
}

function listValues(operator: string, column: ColumnDefinition, values: unknown): readonly unknown[] {
  checkOperand(operator, column, false);
  if (!Array.isArray(values))
    throw new LWTError('invalid-value', `${operator}(${column.table}.${column.name}, …) takes an array of values.`);
  return [...(values as readonly unknown[])].map((value) => operandValue(operator, column, value));
}

/** `c = v`; false where c is null. Of two columns: false where either is null. */
export const eq: Compare<ComparableKind> = comparison('eq', false) as never;
/** `c != v`; **true** where c is null. Of two columns: true where either is null. */
export const ne: Compare<ComparableKind> = comparison('ne', false) as never;
/** `c < v`; false where c is null. */
export const lt: Compare<OrderedKind> = comparison('lt', true) as never;
/** `c <= v`; false where c is null. */
export const lte: Compare<OrderedKind> = comparison('lte', true) as never;
/** `c > v`; false where c is null. */
export const gt: Compare<OrderedKind> = comparison('gt', true) as never;
/** `c >= v`; false where c is null. */
export const gte: Compare<OrderedKind> = comparison('gte', true) as never;

/** `low <= c <= high`; false where c is null, and where low > high. */
export function between<T extends string, N extends string, K extends OrderedKind, V>(
  column: Column<T, N, K, V>,
  low: NoInfer<V>,
  high: NoInfer<V>,
): Condition<T, N> {
  checkOperand('between', column, true);
  return betweenNode(column, operandValue('between', column, low), operandValue('between', column, high)) as never;
}

/** c is one of the values; false where c is null, and for an empty list. */
export const oneOf: OnList<ComparableKind> = ((left: ColumnDefinition, values: unknown) =>
  listNode('oneOf', left, listValues('oneOf', left, values))) as never;

/** c is none of the values; **true** where c is null, and for an empty list. */
export const noneOf: OnList<ComparableKind> = ((left: ColumnDefinition, values: unknown) =>
  listNode('noneOf', left, listValues('noneOf', left, values))) as never;

/** Text by its UTF-8 bytes, or bytes, begin with the prefix; false where c is null. */
export function beginsWith<T extends string, N extends string, K extends PrefixKind, V>(
  column: Column<T, N, K, V>,
  prefix: K extends 'blob' ? Uint8Array : string,
): Condition<T, N> {
  checkOperand('beginsWith', column, false);
  if (scalarType((column as ColumnDefinition).type).prefix === undefined) {
    throw invalidStatement(`beginsWith: ${column.table}.${column.name} is ${column.type.kind}; only text, ascii and blob have prefixes.`);
  }
  return beginsWithNode(column, operandValue('beginsWith', column, prefix)) as never;
}

function nullTest(kind: 'isNull' | 'isNotNull'): (left: ColumnDefinition) => ConditionNode {
  return (left) => {
    if (isColumn(left) && left.type.kind === 'json' && left.role === 'regular') return nullNode(kind, left);
    checkOperand(kind, left, false);
    return nullNode(kind, left);
  };
}

/** c holds no value: absent, deleted, expired or null, which are one and the same. */
export const isNull: OnColumn<string> = nullTest('isNull') as never;
/** c holds a value. */
export const isNotNull: OnColumn<string> = nullTest('isNotNull') as never;

function members(kind: string, conditions: readonly unknown[]): readonly ConditionNode[] {
  if (conditions.length === 0) throw invalidStatement(`${kind}() of nothing: give at least one condition.`);
  return conditions.map((condition) => memberNode(kind, condition));
}

function memberNode(kind: string, condition: unknown): ConditionNode {
  if (!isConditionNode(condition)) throw invalidStatement(`${kind}(…) takes conditions such as eq(column, value).`);
  if (condition.kind === 'exists' || condition.kind === 'notExists') {
    throw invalidStatement(`${condition.kind}() stands alone as the whole condition; it cannot be inside ${kind}(…).`);
  }
  return condition;
}

/** Every condition holds. */
export function and<T extends string, N extends string>(...conditions: readonly Condition<T, N>[]): Condition<T, N> {
  return junctionNode('and', members('and', conditions)) as never;
}

/** At least one condition holds. */
export function or<T extends string, N extends string>(...conditions: readonly Condition<T, N>[]): Condition<T, N> {
  return junctionNode('or', members('or', conditions)) as never;
}

/** The condition does not hold. `not(lt(c, v))` is not `gte(c, v)`: it is true where c is null. */
export function not<T extends string, N extends string>(condition: Condition<T, N>): Condition<T, N> {
  return notNode(memberNode('not', condition)) as never;
}

/** The row is there: the whole `if` of an update, replace or delete. */
export function exists(): Exists {
  return existsNode as never;
}

/** The row is not there: the whole `if` of an insert. */
export function notExists(): NotExists {
  return notExistsNode as never;
}
