import { type CompileOptions, type Cost, type Dialect, invalidStatement, LWTError, type Statement } from '@onlyif/core';
import { type CqlCompiled, cqlDialect, type CqlFeatures, type Lack, type Namespace } from '@onlyif/cql';

/** What Amazon Keyspaces takes by its grammar, and does not document the meaning of. Refused unless set to true. */
export interface Undocumented {
  /** `c != null` in `IF`: `isNotNull`, and the guard of conditions that nulls fulfil. */
  readonly notNull?: boolean;
  /** `m[k]` and `l[i]` in `IF`: `entry` and `item`, also on null. */
  readonly elements?: boolean;
}

export interface KeyspacesDialectOptions extends Namespace {
  readonly undocumented?: Undocumented;
}

/** What Amazon Keyspaces can say, without a connection. */
export function keyspacesDialect({ undocumented = {}, ...namespace }: KeyspacesDialectOptions = {}): Dialect<CqlCompiled> {
  const { capabilities, ...dialect } = cqlDialect(
    { ...namespace, name: 'keyspaces', absentRow: 'unclear', features: featuresWith(undocumented), maxKeyBytes },
    { readCloses: false },
  );
  const compile: Dialect<CqlCompiled>['compile'] = (statement, options) => {
    checkColumns(statement);
    return billed(dialect.compile(statement, options), options);
  };
  return { ...dialect, capabilities, compile };
}

const maxKeyBytes = { partition: 2048, clustering: 850, source: 'Developer Guide, "Quotas"' };
/** The same page; 166 where a table has TTL, which nothing shows here. */
const maxColumns = 225;

function checkColumns(statement: Statement): void {
  const count = 'set' in statement ? Object.keys(statement.set).length : 0;
  if (count > maxColumns)
    throw new LWTError(
      'limit-exceeded',
      `${statement.kind} of ${statement.table.name} sets ${count} columns; Amazon Keyspaces takes ${maxColumns} in one statement (Developer Guide, "Quotas").`,
    );
}

const noContains: Lack = {
  why: 'needs CONTAINS in a condition, which Amazon Keyspaces does not have (Developer Guide, "UPDATE")',
  instead: 'split the statement',
};
const noArithmetic: Lack = {
  why: 'needs `n = n + ?` under IF, which Amazon Keyspaces does not have (Developer Guide, "Supported Cassandra APIs, operations, functions, and data types")',
  instead: 'split the statement',
};
const noMembership: Lack = {
  why: 'needs IN, which Amazon Keyspaces does not take in UPDATE and DELETE (Developer Guide, "Functional differences")',
  instead: 'split the statement',
};
const noInequality: Lack = {
  why: 'needs != on a whole collection, which Amazon Keyspaces does not take in a conditional update (Developer Guide, "Functional differences")',
  instead: 'split the statement',
};
const unknownNotNull: Lack = {
  why: 'needs != null, which the documentation of Amazon Keyspaces does not mention (it has = null: AWS Database Blog, "Improved performance for lightweight transactions"); the setting undocumented.notNull sends it',
  instead: 'keyspacesDialect({ undocumented: { notNull: true } }), once a probe in your Region has shown that it holds',
};
const unknownElements: Lack = {
  why: 'compares an element of a collection, which Amazon Keyspaces has in its grammar, without a word on elements that are not there (Developer Guide, "UPDATE"); the setting undocumented.elements sends it',
  instead: 'keyspacesDialect({ undocumented: { elements: true } }), once a probe in your Region has shown that it holds',
};

const known: readonly string[] = ['notNull', 'elements'] satisfies (keyof Undocumented)[];

function featuresWith(undocumented: Undocumented): CqlFeatures {
  const unknown = Object.keys(undocumented).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw invalidStatement(`keyspaces: undocumented is of ${known.join(', ')}; not ${unknown.join(', ')}.`);
  return {
    grammar: 'Developer Guide, "UPDATE": IF <column> <operator> <term> AND …',
    contains: noContains,
    entriesByKeyComparator: false,
    nullInListParameter: false,
    append: true,
    arithmetic: noArithmetic,
    membership: noMembership,
    notNull: undocumented.notNull === true ? true : unknownNotNull,
    elements: undocumented.elements === true ? true : unknownElements,
    collectionInequality: noInequality,
  };
}

/**
 * Developer Guide, "Estimate capacity consumption of lightweight transactions": a false condition is billed like a write.
 * A false `IF [NOT] EXISTS` on a table with TTL and without client-side timestamps may take read units besides.
 */
function billed(compiled: CqlCompiled, options: CompileOptions = {}): CqlCompiled {
  const capacity = compiled.statement.kind === 'get' ? costOfRead(compiled.statement) : costOfWrite(compiled.cost, options);
  return { ...compiled, cost: { ...compiled.cost, capacity } };
}

type Capacity = NonNullable<Cost['capacity']>;

function costOfWrite({ roundTrips }: Cost, { existing = 'row' }: CompileOptions): Capacity {
  const then = (trips: number, read: string): string => (trips > 1 && existing !== 'none' ? `; then ${read}` : '');
  return {
    applied: '1 write unit for each started KB of the row',
    notApplied: `1 write unit for each started KB of the row${then(roundTrips.notApplied, '1 read unit for each started 4 KB of it')}`,
    rowAbsent: `1 write unit; of an insert, for each started KB of the row${then(roundTrips.rowAbsent, '1 read unit')}`,
  };
}

function costOfRead(statement: Statement): Capacity {
  const units = statement.kind === 'get' && statement.consistency === 'eventual' ? '0.5' : '1';
  const read = `${units} read unit for each started 4 KB of the row`;
  return { applied: read, notApplied: read, rowAbsent: `${units} read unit` };
}
