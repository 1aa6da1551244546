import type { Condition, Exists, NotExists } from '../condition/build.ts';
import { isConditionNode } from '../condition/build.ts';
import { normalise } from '../condition/normalise.ts';
import { checkNames } from '../check-names.ts';
import { invalidStatement } from '../errors.ts';
import { columnOf, type Row, type TableDefinition } from '../table/definition.ts';
import type { AnyTable, ConditionName, EqualsOf, InsertRow, KeyOf, RowOf, SetOf, types, UpsertSetOf } from '../table/table.ts';
import { checkCondition, checkUpsertCondition } from './check-condition.ts';
import { checkKey, checkSet, pickKey, requireNotNull, unknownColumn } from './check-row.ts';
import { type GetStatement, type Read, type ReadConsistency, type Statement, statementBrand, type Write } from './nodes.ts';

type NameOf<T extends AnyTable> = T[typeof types]['name'];

/** A condition, or a record of equalities in which null means is-null. */
export type ConditionInput<T extends AnyTable, N extends string> =
  Condition<NameOf<T>, N> | { readonly [C in N & ConditionName<T>]: EqualsOf<T>[C] };

export interface InsertOptions {
  readonly if: NotExists;
}
export interface ChangeOptions<T extends AnyTable, N extends string> {
  readonly if: Exists | ConditionInput<T, N>;
}
export interface UpdateOptions<T extends AnyTable, N extends string> extends ChangeOptions<T, N> {
  readonly set: SetOf<T>;
}
export interface UpsertOptions<T extends AnyTable, N extends string> {
  readonly set: UpsertSetOf<T>;
  readonly if: ConditionInput<T, N>;
}
export interface GetOptions<C extends string> {
  /** `'strong'` by default. */
  readonly consistency?: ReadConsistency;
  /** Only these columns; the whole row by default. */
  readonly columns?: readonly C[];
}

export function makeStatement(fields: Statement): never {
  return Object.freeze(fields) as never;
}

function checkTable(table: unknown): asserts table is TableDefinition {
  if (typeof table !== 'object' || table === null || !Array.isArray((table as TableDefinition).partitionKey)) {
    throw invalidStatement('The first argument is a table made by defineTable.');
  }
}

/** Where there are none, what they lack says more. */
function checkOptions(verb: string, known: readonly string[], options: unknown): void {
  if (options != null) checkNames(`The options of ${verb}`, known, options);
}

function needsColumns(table: TableDefinition, verb: string): void {
  if (table.regular.length + table.statics.length === 0)
    throw invalidStatement(`${verb} of ${table.name}: the table has key columns only; there is nothing to set.`);
}

/**
 * A new row, written only if there is none: `insert(locks, { service: 'api', locked_by: 'alice' }, { if: notExists() })`.
 * Cassandra: `INSERT INTO … VALUES (…) IF NOT EXISTS`; DynamoDB: `PutItem` with `attribute_not_exists(service)`.
 */
export function insert<T extends AnyTable>(table: T, row: InsertRow<T>, options: InsertOptions): Write<T, keyof RowOf<T> & string> {
  checkTable(table);
  checkOptions('insert', ['if'], options);
  const condition: unknown = (options as InsertOptions | undefined)?.if;
  if (!isConditionNode(condition) || condition.kind !== 'notExists')
    throw invalidStatement(`insert of ${table.name}: the condition is { if: notExists() }, and nothing else.`);
  const set = checkSet(table, row, true);
  requireNotNull(table, set, 'insert');
  return makeStatement({
    [statementBrand]: true,
    kind: 'insert',
    table,
    key: pickKey(table, row as Row),
    set: Object.freeze(set),
    if: condition,
  });
}

/**
 * Sets the named columns of a row that is there: `update(t, { id }, { set: { version: 2 }, if: eq(t.columns.version, 1) })`.
 * Cassandra: `UPDATE … IF "version" = ?`; DynamoDB: `UpdateItem` with `attribute_exists(id) AND version = :v`.
 */
export function update<T extends AnyTable, N extends ConditionName<T> = never>(
  table: T,
  key: KeyOf<T>,
  options: UpdateOptions<T, N>,
): Write<T, N> {
  checkTable(table);
  checkOptions('update', ['set', 'if'], options);
  needsColumns(table, 'update');
  const set = checkSet(table, options?.set, false);
  if (Object.keys(set).length === 0) throw invalidStatement(`update of ${table.name}: \`set\` names no column.`);
  return makeStatement({
    [statementBrand]: true,
    kind: 'update',
    table,
    key: checkKey(table, key),
    set: Object.freeze(set),
    if: checkCondition(table, 'update', options.if),
  });
}

/** Writes every regular column of a row that is there; left-out ones become null. Columns outside the definition stay. */
export function replace<T extends AnyTable, N extends ConditionName<T> = never>(
  table: T,
  row: InsertRow<T>,
  options: ChangeOptions<T, N>,
): Write<T, N> {
  checkTable(table);
  checkOptions('replace', ['if'], options);
  needsColumns(table, 'replace');
  const set = checkSet(table, row, true) as Record<string, unknown>;
  requireNotNull(table, set, 'replace');
  for (const column of table.regular) set[column.name] ??= null;
  return makeStatement({
    [statementBrand]: true,
    kind: 'replace',
    table,
    key: pickKey(table, row as Row),
    set: Object.freeze(set),
    if: checkCondition(table, 'replace', options?.if),
  });
}

/**
 * Sets the named columns if the condition holds, also on a row that is not there, whose columns are null.
 * `set` holds every `notNull` column. Absence is said by `isNull` of a `notNull` column.
 */
export function upsert<T extends AnyTable, N extends ConditionName<T> = never>(
  table: T,
  key: KeyOf<T>,
  options: UpsertOptions<T, N>,
): Write<T, N> {
  checkTable(table);
  checkOptions('upsert', ['set', 'if'], options);
  needsColumns(table, 'upsert');
  const set = checkSet(table, options?.set, false);
  requireNotNull(table, set, 'upsert');
  if (!table.regular.some((column) => set[column.name] != null))
    throw invalidStatement(`upsert of ${table.name}: set a regular column to a value, or the row would not come to be.`);
  const condition = checkUpsertCondition(table, options.if);
  const normal = normalise(condition);
  if (normal.kind === 'constant' && normal.value)
    throw invalidStatement(`upsert of ${table.name}: the condition always holds, and no write goes out without one.`);
  return makeStatement({
    [statementBrand]: true,
    kind: 'upsert',
    table,
    key: checkKey(table, key),
    set: Object.freeze(set),
    if: condition,
  });
}

/** Removes a row that is there: `deleteRow(locks, { service: 'api' }, { if: { locked_by: 'alice' } })`. */
export function deleteRow<T extends AnyTable, N extends ConditionName<T> = never>(
  table: T,
  key: KeyOf<T>,
  options: ChangeOptions<T, N>,
): Write<T, N> {
  checkTable(table);
  checkOptions('delete', ['if'], options);
  return makeStatement({
    [statementBrand]: true,
    kind: 'delete',
    table,
    key: checkKey(table, key),
    if: checkCondition(table, 'delete', options?.if),
  });
}

const consistencies: readonly string[] = ['strong', 'quorum', 'eventual'] satisfies ReadConsistency[];

/** Reads one row by its whole key; `null` where there is none. */
export function get<T extends AnyTable, C extends keyof RowOf<T> & string = keyof RowOf<T> & string>(
  table: T,
  key: KeyOf<T>,
  options: GetOptions<C> = {},
): Read<{ readonly [N in C]: RowOf<T>[N] }> {
  checkTable(table);
  checkOptions('get', ['consistency', 'columns'], options);
  const { consistency = 'strong', columns } = options;
  if (!consistencies.includes(consistency)) throw invalidStatement(`get: consistency is one of ${consistencies.join(', ')}.`);
  if (columns?.length === 0) throw invalidStatement('get: `columns` names no column.');
  for (const name of columns ?? []) if (columnOf(table, name) === undefined) throw unknownColumn(table, name);
  const names = columns && Object.freeze([...new Set(columns)]);
  return makeStatement({ [statementBrand]: true, kind: 'get', table, key: checkKey(table, key), consistency, columns: names });
}

/** The strong read of a whole row whose key was checked before. */
export function wholeRow(table: TableDefinition, key: Row): GetStatement {
  return makeStatement({ [statementBrand]: true, kind: 'get', table, key, consistency: 'strong', columns: undefined });
}

/** The key of a row: its key columns and nothing else. */
export function keyOf<T extends AnyTable>(table: T, row: KeyOf<T>): KeyOf<T> {
  checkTable(table);
  return pickKey(table, row as Row);
}
