import { LWTError } from '../errors.ts';
import type { ColumnDefinition } from '../table/definition.ts';
import { canonicalDecimal } from '../values/decimal.ts';
import { addDecimals } from '../values/add-decimals.ts';
import { compareValues, type ColumnType, isEmpty, keyType, memberType, valueType } from '../values/column-type.ts';
import { type MutationNode, type MutationVisitor, visitMutation } from './nodes.ts';

interface Target {
  readonly type: ColumnType;
  /** Canonical, or null. */
  readonly value: unknown;
}

/** The value after a mutation; an emptied collection is null. An `increment` of null is the caller's to reject. */
export function applyMutation(node: MutationNode, type: ColumnType, value: unknown): unknown {
  const after = visitMutation(appliers, node, { type, value });
  return isEmpty(type, after) ? null : after;
}

/** Whether the sum of an increment is a value of the column. */
export function incrementFits(column: ColumnDefinition, value: unknown, by: unknown): boolean {
  try {
    valueType(column.type).canonical(sum(value, by));
    return true;
  } catch {
    return false;
  }
}

/** The error of an increment whose sum the column cannot hold: nothing is written, and no number wraps. */
export function outOfRange({ table, name, type }: ColumnDefinition, by: unknown): LWTError {
  return new LWTError(
    'invalid-value',
    `${table}.${name}: increment(${String(by)}) leaves the range of ${type.kind}, so nothing was written.`,
  );
}

function sum(value: unknown, by: unknown): unknown {
  if (typeof value === 'bigint') return value + (by as bigint);
  if (typeof value === 'number') return value + (by as number);
  return canonicalDecimal(addDecimals(String(value), String(by)));
}

function members({ value }: Target): readonly unknown[] {
  return [...((value ?? []) as Iterable<unknown>)];
}

function has(type: ColumnType, values: Iterable<unknown>, value: unknown): boolean {
  for (const other of values) if (compareValues(type, other, value) === 0) return true;
  return false;
}

const appliers: MutationVisitor<unknown, Target> = {
  increment: ({ by }, { value }) => sum(value, by),
  addToSet: (node, target) => {
    const present = members(target);
    const added = [...node.members].filter((member) => !has(memberType(target.type), present, member));
    return valueType(target.type).canonical(new Set([...present, ...added]));
  },
  removeFromSet: (node, target) => new Set(members(target).filter((member) => !has(memberType(target.type), node.members, member))),
  append: ({ values }, target) => Object.freeze([...members(target), ...values]),
  prepend: ({ values }, target) => Object.freeze([...values, ...members(target)]),
  putEntry: ({ key, value }, { type, value: map }) => valueType(type).canonical(new Map([...without(type, map, key), [key, value]])),
  removeEntry: ({ key }, { type, value: map }) => new Map(without(type, map, key)),
};

function without(type: ColumnType, map: unknown, key: unknown): (readonly [unknown, unknown])[] {
  return [...((map ?? new Map()) as ReadonlyMap<unknown, unknown>)].filter(([other]) => compareValues(keyType(type), other, key) !== 0);
}
