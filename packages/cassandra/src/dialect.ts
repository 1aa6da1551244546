import { type CqlCompiled, cqlDialect, type CqlFeatures, type Lack, type Namespace } from '@onlyif/cql';
import type { Dialect } from '@onlyif/core';

/** The Cassandra versions that the dialect tells apart. */
export type CassandraVersion = '3.11' | '4.0' | '4.1' | '5.0';

export interface CassandraDialectOptions extends Namespace {
  /** The oldest version that a statement shall run on; `'5.0'` by default. */
  readonly version?: CassandraVersion;
}

/**
 * What Apache Cassandra can say, without a connection. A read at SERIAL finishes or discards what a write that was given up
 * left behind; in 3.11 it does so from 3.11.10 on (CASSANDRA-12126), which nothing shows where tables are not verified.
 */
export function cassandraDialect({ version = '5.0', ...namespace }: CassandraDialectOptions = {}): Dialect<CqlCompiled> {
  const settings = { ...namespace, name: 'cassandra', absentRow: 'left-out', features: featuresOf[version] } as const;
  return cqlDialect(settings, { readCloses: version !== '3.11' });
}

/** The oldest release of each version whose strong reads are linearizable (CASSANDRA-12126). */
export const oldestRelease: { readonly [V in CassandraVersion]: string } = { '3.11': '3.11.10', '4.0': '4.0', '4.1': '4.1', '5.0': '5.0' };

const split = 'split the statement';
const noContains: Lack = { why: 'needs CONTAINS in a condition, which Cassandra has from 4.1 on (CASSANDRA-10537)', instead: split };
const noAppend: Lack = { why: 'is a conditional list append, which Cassandra has from 4.1 on (R23)', instead: split };
const noArithmetic: Lack = { why: 'needs `n = n + ?` under IF, which Cassandra has from 5.0 on (R21)', instead: split };

const oldest: CqlFeatures = {
  grammar: 'CQL grammar: IF <column> <operator> <term> AND …',
  contains: noContains,
  entriesByKeyComparator: false,
  nullInListParameter: true,
  append: noAppend,
  arithmetic: noArithmetic,
  membership: true,
  notNull: true,
  elements: true,
  collectionInequality: true,
};
const featuresOf: { readonly [V in CassandraVersion]: CqlFeatures } = {
  '3.11': oldest,
  '4.0': { ...oldest, entriesByKeyComparator: true },
  '4.1': { ...oldest, entriesByKeyComparator: true, contains: true, append: true },
  '5.0': { ...oldest, entriesByKeyComparator: true, contains: true, append: true, arithmetic: true },
};

/** What ScyllaDB can say, without a connection. */
export function scyllaDialect(namespace: Namespace = {}): Dialect<CqlCompiled> {
  const features: CqlFeatures = {
    ...oldest,
    nullInListParameter: false,
    contains: { why: 'needs CONTAINS in a condition, which ScyllaDB does not take (scylladb issue 13586)', instead: split },
    append: true,
    arithmetic: { why: 'needs `n = n + ?` under IF, which ScyllaDB 6.2 does not have', instead: split },
  };
  return cqlDialect({ ...namespace, name: 'scylla', absentRow: 'nulls', features }, { readCloses: true });
}
