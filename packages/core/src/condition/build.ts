import { invalidStatement, type LWTError } from '../errors.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import type { Column, types } from '../table/table.ts';
import { describeType, isCollection, isEmpty, valueType } from '../values/column-type.ts';
import { checkColumn, checkConstant, checkConstants, checkNullable, checkOperand, checkPair, isOperand } from './check-operand.ts';
import {
  beginsWithNode,
  betweenNode,
  comparisonNode,
  containsKeyNode,
  containsNode,
  existsNode,
  junctionNode,
  listNode,
  notExistsNode,
  notNode,
  nullNode,
  valueNode,
} from './factories.ts';
import { limitDepth } from './limit-depth.ts';
import { type ComparisonNode, conditionBrand, type ConditionNode, type ExistsNode, type NotExistsNode } from './nodes.ts';
import { columnOfOperand, type EntryOperand, entryOperand, type ItemOperand, itemOperand, type Operand, sizeOperand } from './operands.ts';

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
export type ComparableKind = OrderedKind | 'boolean' | 'uuid' | 'timeuuid' | 'inet' | CollectionKind;
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
export type CollectionKind = ListKind | SetKind | MapKind;
type ListKind = `list<${string}>`;
type SetKind = `set<${string}>`;
type MapKind = `map<${string}, ${string}>`;
export type PrefixKind = 'text' | 'ascii' | 'blob';

/** A column, or the `size`, an `entry` or an `item` of one: what stands in a comparison. */
export interface Comparable<out T extends string, out N extends string, out K extends string, out V> {
  readonly [types]: { readonly table: T; readonly name: N; readonly kind: K; readonly value: V };
}

type Right<T extends string, M extends string, K extends string, V> = NoInfer<V> | Comparable<NoInfer<T>, M, NoInfer<K>, unknown>;
type Compare<Kinds extends string> = <T extends string, N extends string, K extends Kinds, V, M extends string = never>(
  left: Comparable<T, N, K, V>,
  right: Right<T, M, K, V>,
) => Condition<T, N | M>;
type OnOperand<Kinds extends string> = <T extends string, N extends string>(operand: Comparable<T, N, Kinds, unknown>) => Condition<T, N>;
type OnList<Kinds extends string> = <T extends string, N extends string, K extends Kinds, V>(
  left: Comparable<T, N, K, V>,
  values: readonly NoInfer<V>[],
) => Condition<T, N>;

/** The node behind a condition: plain frozen data. */
export function nodeOf(condition: Condition<string, string>): ConditionNode {
  return condition as never;
}

export function isConditionNode(value: unknown): value is ConditionNode | ExistsNode | NotExistsNode {
  return typeof value === 'object' && value !== null && conditionBrand in value;
}

function comparison(kind: ComparisonNode['kind'], ordered: boolean): (left: unknown, right: unknown) => ConditionNode {
  return (left, right) => {
    checkOperand(kind, left, ordered);
    if (isOperand(right)) return comparisonNode(kind, left, checkPair(kind, left, right));
    const value = checkConstant(kind, left, right);
    // An empty collection is null, so that equality with one is a test for null.
    return isEmpty(left.type, value)
      ? nullNode(kind === 'eq' ? 'isNull' : 'isNotNull', left)
      : comparisonNode(kind, left, valueNode(value));
  };
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
  left: Comparable<T, N, K, V>,
  low: NoInfer<V>,
  high: NoInfer<V>,
): Condition<T, N> {
  const operand: unknown = left;
  checkOperand('between', operand, true);
  return betweenNode(operand, checkConstant('between', operand, low), checkConstant('between', operand, high)) as never;
}

function oneOfNode(left: Operand, values: readonly unknown[]): ConditionNode {
  const full = values.filter((value) => !isEmpty(left.type, value));
  const node = listNode('oneOf', left, full);
  return full.length === values.length ? node : junctionNode('or', [nullNode('isNull', left), node]);
}

function noneOfNode(left: Operand, values: readonly unknown[]): ConditionNode {
  const full = values.filter((value) => !isEmpty(left.type, value));
  const node = listNode('noneOf', left, full);
  return full.length === values.length ? node : junctionNode('and', [nullNode('isNotNull', left), node]);
}

function list(kind: 'oneOf' | 'noneOf'): (left: unknown, values: unknown) => ConditionNode {
  return (left, values) => {
    checkOperand(kind, left, false);
    const checked = checkConstants(kind, left, values);
    return kind === 'oneOf' ? oneOfNode(left, checked) : noneOfNode(left, checked);
  };
}

/** c is one of the values; false where c is null, and for an empty list. */
export const oneOf: OnList<ComparableKind> = list('oneOf') as never;

/** c is none of the values; **true** where c is null, and for an empty list. */
export const noneOf: OnList<ComparableKind> = list('noneOf') as never;

/** Text by its UTF-8 bytes, or bytes, begin with the prefix; false where c is null. */
export function beginsWith<T extends string, N extends string, K extends PrefixKind, V>(
  left: Comparable<T, N, K, V>,
  prefix: K extends 'blob' ? Uint8Array : string,
): Condition<T, N> {
  const operand: unknown = left;
  checkOperand('beginsWith', operand, false);
  const { table, name } = columnOfOperand(operand);
  if (valueType(operand.type).prefix === undefined) {
    throw invalidStatement(`beginsWith: ${table}.${name} is ${describeType(operand.type)}; only text, ascii and blob have prefixes.`);
  }
  return beginsWithNode(operand, checkConstant('beginsWith', operand, prefix)) as never;
}

/** The list or set has the value as a member; false where it is null. */
export function contains<T extends string, N extends string, V>(
  column: Column<T, N, ListKind | SetKind, readonly V[] | ReadonlySet<V>>,
  value: NoInfer<V>,
): Condition<T, N> {
  const left: unknown = column;
  checkColumn('contains', left);
  if (left.type.kind !== 'list' && left.type.kind !== 'set') throw wrongType('contains', left, 'a list or a set');
  return containsNode(left, checkConstant('contains', left, value, left.type.element)) as never;
}

/** The map has the key; false where the map is null. */
export function containsKey<T extends string, N extends string, W>(
  column: Column<T, N, MapKind, ReadonlyMap<W, unknown>>,
  key: NoInfer<W>,
): Condition<T, N> {
  const left: unknown = column;
  checkColumn('containsKey', left);
  if (left.type.kind !== 'map') throw wrongType('containsKey', left, 'a map');
  return containsKeyNode(left, checkConstant('containsKey', left, key, left.type.key)) as never;
}

function wrongType(operator: string, { table, name, type }: ColumnDefinition, wanted: string): LWTError {
  return invalidStatement(`${operator}: ${table}.${name} is ${describeType(type)}, and ${operator} is said of ${wanted}.`);
}

/** The number of members of a collection, or of bytes of a blob, to compare: `gt(size(t.columns.tags), 2)`. */
export function size<T extends string, N extends string>(
  column: Column<T, N, CollectionKind | 'blob', unknown>,
): Comparable<T, N, 'int', number> {
  const operand: unknown = column;
  checkColumn('size', operand);
  if (!isCollection(operand.type) && operand.type.kind !== 'blob')
    throw wrongType('size', operand, 'a collection or a blob; of text, databases disagree on the unit');
  return sizeOperand(operand) as never;
}

/** The value under a key of a map, to compare: `eq(entry(t.columns.limits, 'daily'), 10)`. */
export function entry<T extends string, N extends string, A extends string, K extends string, W, V>(
  column: Column<T, N, `map<${A}, ${K}>`, ReadonlyMap<W, V>>,
  key: NoInfer<W>,
): Comparable<T, N, K, V> {
  const operand: unknown = column;
  checkColumn('entry', operand);
  if (operand.type.kind !== 'map') throw wrongType('entry', operand, 'a map');
  return entryOperand(operand as EntryOperand['column'], checkConstant('entry', operand, key, operand.type.key)) as never;
}

/** The element of a list at an index from 0, to compare: `eq(item(t.columns.steps, 0), 'start')`. */
export function item<T extends string, N extends string, K extends string, V>(
  column: Column<T, N, `list<${K}>`, readonly V[]>,
  index: number,
): Comparable<T, N, K, V> {
  const operand: unknown = column;
  checkColumn('item', operand);
  if (operand.type.kind !== 'list') throw wrongType('item', operand, 'a list');
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 31)
    throw invalidStatement(`item: the index of ${operand.table}.${operand.name} is an integer from 0, not ${String(index)}.`);
  return itemOperand(operand as ItemOperand['column'], index) as never;
}

function nullTest(kind: 'isNull' | 'isNotNull'): (operand: unknown) => ConditionNode {
  return (operand) => {
    checkNullable(kind, operand);
    return nullNode(kind, operand);
  };
}

/** c holds no value: absent, deleted, expired or null, which are one and the same. */
export const isNull: OnOperand<string> = nullTest('isNull') as never;
/** c holds a value. */
export const isNotNull: OnOperand<string> = nullTest('isNotNull') as never;

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
  return limitDepth(junctionNode('and', members('and', conditions))) as never;
}

/** At least one condition holds. */
export function or<T extends string, N extends string>(...conditions: readonly Condition<T, N>[]): Condition<T, N> {
  return limitDepth(junctionNode('or', members('or', conditions))) as never;
}

/** The condition does not hold. `not(lt(c, v))` is not `gte(c, v)`: it is true where c is null. */
export function not<T extends string, N extends string>(condition: Condition<T, N>): Condition<T, N> {
  return limitDepth(notNode(memberNode('not', condition))) as never;
}

/** The row is there: the whole `if` of an update, replace or delete. */
export function exists(): Exists {
  return existsNode as never;
}

/** The row is not there: the whole `if` of an insert. */
export function notExists(): NotExists {
  return notExistsNode as never;
}
