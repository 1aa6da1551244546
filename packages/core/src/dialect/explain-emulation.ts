import { emptyRow, valuesAfter } from '../reference.ts';
import { wholeRow } from '../statement/build.ts';
import type { Statement, WriteNode } from '../statement/nodes.ts';
import { pinnedColumns, pinnedStatement } from '../statement/pin.ts';
import type { Row } from '../table/definition.ts';
import type { ColumnType, ScalarKind } from '../values/column-type.ts';
import type { Compiled, Cost, Dialect } from './dialect.ts';

/** What stands for an observed value in the pinned write that an explanation shows. */
const stand: { readonly [K in ScalarKind]: unknown } = {
  text: 'observed',
  ascii: 'observed',
  int: 0,
  smallint: 0,
  tinyint: 0,
  bigint: 0n,
  varint: 0n,
  decimal: '0',
  float: 0,
  double: 0,
  boolean: false,
  blob: new Uint8Array([0]),
  uuid: '00000000-0000-0000-0000-000000000000',
  timeuuid: '00000000-0000-1000-8000-000000000000',
  timestamp: new Date(0),
  date: '1970-01-01',
  time: '00:00:00.000000000',
  inet: '0.0.0.0',
  json: 'observed',
};

function standFor(type: ColumnType): unknown {
  switch (type.kind) {
    case 'list':
      return [stand[type.element.kind]];
    case 'set':
      return new Set([stand[type.element.kind]]);
    case 'map':
      return new Map([[stand[type.key.kind], stand[type.value.kind]]]);
    default:
      return stand[type.kind];
  }
}

/** One round of emulation: the strong read, and the write pinned to values that stand for those observed. */
export function compileEmulated(dialect: Dialect, statement: WriteNode): Pick<Compiled, 'requests' | 'notes' | 'cost'> {
  const { table, key } = statement;
  const observed: Row = {
    ...emptyRow(table),
    ...Object.fromEntries(pinnedColumns(statement, dialect.capabilities).map(({ name, type }) => [name, standFor(type)])),
  };
  const after: Row = statement.kind === 'delete' ? observed : { ...observed, ...valuesAfter(statement, observed) };
  const read = dialect.compile(wholeRow(table, key));
  const write = dialect.compile(pinnedStatement(statement, observed, after, dialect.capabilities), { existing: 'condition' });
  return {
    requests: [...read.requests, ...write.requests],
    notes: emulationNotes(dialect, statement),
    cost: costOf(statement, read, write),
  };
}

/** Without the rounds that other writers make necessary. An absent row is only made by an upsert. */
function costOf({ kind }: WriteNode, read: Compiled, write: Compiled): Cost {
  const makes = kind === 'upsert';
  const roundTrips = { applied: 2, notApplied: 1, rowAbsent: makes ? 2 : 1 };
  const [read1, write1] = [read.cost.capacity, write.cost.capacity];
  if (read1 === undefined || write1 === undefined) return { roundTrips };
  const both = (first: string): string => `${first}; then ${write1.applied}`;
  const rowAbsent = makes ? both(read1.rowAbsent) : read1.rowAbsent;
  return { roundTrips, capacity: { applied: both(read1.applied), notApplied: read1.applied, rowAbsent } };
}

/** What the caller should know of an emulated statement. */
function emulationNotes({ capabilities }: Dialect, statement: Statement): readonly string[] {
  const columns = statement.kind === 'get' ? [] : pinnedColumns(statement, capabilities).map(({ name }) => name);
  return [
    `One strong read, then one conditional write pinned to the observed values of ${columns.join(', ')}; shown with values that stand for them.`,
    'Where another writer changes one of them in between, the write is sent again, pinned to what the answer showed, or both are; up to 10 rounds with full jitter, then the call ends as contention, not applied.',
  ];
}
