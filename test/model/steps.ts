import {
  addToSet,
  type AnyTable,
  append,
  type ColumnDefinition,
  type ColumnType,
  deleteRow,
  type ExistingMode,
  exists,
  increment,
  insert,
  isLWTError,
  notExists,
  prepend,
  putEntry,
  removeEntry,
  removeFromSet,
  replace,
  type Row,
  update,
  upsert,
  type WriteNode,
} from '@onlyif/core';
import * as fc from 'fast-check';
import { conditionsOn } from './conditions.ts';
import { domainOf, scalarDomain } from './domains.ts';

/** One statement of a sequence, its key left open: every run of the sequence has keys of its own. */
export interface Step {
  /** Which of the keys. */
  readonly key: number;
  readonly write: (key: Row) => WriteNode;
  readonly existing: ExistingMode;
  readonly emulate: boolean;
}

export interface Sequence {
  readonly table: AnyTable;
  readonly steps: readonly Step[];
}

export const keysInSequence = 3;
const maxSteps = 12;

/** Keys of a sequence, made of a text that no other run has. */
export function sequenceKeys(table: AnyTable, text: string): readonly Row[] {
  return Array.from({ length: keysInSequence }, (_, i) =>
    Object.fromEntries(table.key.map(({ name, type }) => [name, type.kind === 'text' ? `${text}-${i}` : i])),
  );
}

/** Rows to begin with, then statements of all verbs. */
export function sequencesOn(table: AnyTable): fc.Arbitrary<Sequence> {
  const rows = fc.array(step(inserts(table)), { maxLength: keysInSequence, size: 'max' });
  const writes = fc.array(step(writesOn(table)), { minLength: 1, maxLength: maxSteps, size: 'max' });
  return fc.tuple(rows, writes).map(([first, then]) => ({ table, steps: [...first, ...then] }));
}

export type WriteTo = (key: Row) => WriteNode;

function step(write: fc.Arbitrary<WriteTo>): fc.Arbitrary<Step> {
  const existing = fc.constantFrom<ExistingMode>('row', 'condition', 'none');
  return fc.record({ key: fc.nat(keysInSequence - 1), write, existing, emulate: fc.boolean() });
}

function writesOn(table: AnyTable): fc.Arbitrary<WriteTo> {
  const condition = conditionsOn(table);
  const ifs = fc.oneof({ weight: 1, arbitrary: fc.constant(exists()) }, { weight: 6, arbitrary: condition });
  const { notNull, regular } = table;
  const changes = cells(regular, changed, []).filter((set) => Object.keys(set).length > 0);
  return fc.oneof(
    { weight: 2, arbitrary: inserts(table) },
    {
      weight: 6,
      arbitrary: pairs(changes, ifs).map(
        ([set, test]): WriteTo =>
          (key) =>
            update(table, key as never, { set, if: test }),
      ),
    },
    {
      weight: 2,
      arbitrary: pairs(rowsOf(table), ifs).map(
        ([row, test]): WriteTo =>
          (key) =>
            replace(table, { ...key, ...row }, { if: test }),
      ),
    },
    {
      weight: 4,
      arbitrary: pairs(cells(regular, changed, notNull), condition)
        .map(
          ([set, test]): WriteTo =>
            (key) =>
              upsert(table, key as never, { set, if: test }),
        )
        .filter(canBuild(table)),
    },
    {
      weight: 2,
      arbitrary: ifs.map(
        (test): WriteTo =>
          (key) =>
            deleteRow(table, key as never, { if: test }),
      ),
    },
  );
}

function inserts(table: AnyTable): fc.Arbitrary<WriteTo> {
  return rowsOf(table).map(
    (row): WriteTo =>
      (key) =>
        insert(table, { ...key, ...row }, { if: notExists() }),
  );
}

/** Rows with a value or a null in every column, and rows that leave columns out. */
function rowsOf(table: AnyTable): fc.Arbitrary<Row> {
  return fc.oneof(cells(table.regular, cell, table.regular), cells(table.regular, cell, table.notNull));
}

function pairs<A, B>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>): fc.Arbitrary<readonly [A, B]> {
  return fc.tuple(a, b);
}

/** Whether a statement can be built: an upsert that always holds, or that sets nothing, cannot. */
export function canBuild(table: AnyTable): (write: WriteTo) => boolean {
  const [key = {}] = sequenceKeys(table, 'any');
  return (write) => {
    try {
      write(key);
      return true;
    } catch (error) {
      if (isLWTError(error) && error.code === 'invalid-statement') return false;
      throw error;
    }
  };
}

type CellOf = (column: ColumnDefinition) => fc.Arbitrary<unknown>;

/** Some of the columns, and all that are required, each with a value. */
function cells(columns: readonly ColumnDefinition[], cellOf: CellOf, required: readonly ColumnDefinition[]): fc.Arbitrary<Row> {
  const fields = Object.fromEntries(columns.map((column) => [column.name, cellOf(column)]));
  return fc.record(fields, { requiredKeys: required.map(({ name }) => name), noNullPrototype: true });
}

function cell({ type, notNull }: ColumnDefinition): fc.Arbitrary<unknown> {
  const value = fc.constantFrom(...domainOf(type));
  return notNull ? value : fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
}

function changed(column: ColumnDefinition): fc.Arbitrary<unknown> {
  const mutation = mutationOf(column.type);
  return mutation === undefined ? cell(column) : fc.oneof(cell(column), mutation);
}

const integers: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'int']);
const bigints: ReadonlySet<string> = new Set(['bigint', 'varint']);

/** A mutation that the column's type has; undefined where it has none. */
function mutationOf(type: ColumnType): fc.Arbitrary<unknown> | undefined {
  if (integers.has(type.kind)) return fc.constantFrom(1, -1, 0, 100).map((by) => increment(by));
  if (bigints.has(type.kind)) return fc.constantFrom(1n, -1n, 0n, 2n ** 62n).map((by) => increment(by));
  if (type.kind === 'decimal') return fc.constantFrom('0.1', '-1', '1.50').map((by) => increment(by));
  if (type.kind === 'list') return members(type.element.kind).chain((values) => fc.constantFrom(append(...values), prepend(...values)));
  if (type.kind === 'set')
    return members(type.element.kind).chain((values) => fc.constantFrom(addToSet(...values), removeFromSet(...values)));
  if (type.kind !== 'map') return undefined;
  const [key, value] = [fc.constantFrom(...scalarDomain(type.key.kind)), fc.constantFrom(...scalarDomain(type.value.kind))];
  return fc.oneof(
    fc.tuple(key, value).map(([k, v]) => putEntry(k, v)),
    key.map((k) => removeEntry(k)),
  );
}

function members(kind: Parameters<typeof scalarDomain>[0]): fc.Arbitrary<readonly unknown[]> {
  return fc.uniqueArray(fc.constantFrom(...scalarDomain(kind).slice(0, 3)), { maxLength: 2 });
}
