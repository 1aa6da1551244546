import { type CqlCompiled, cqlDialect, type CqlFeatures, type Namespace } from '@onlyif/cql';
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

const oldest: CqlFeatures = {
  contains: false,
  entriesByKeyComparator: false,
  nullInListParameter: true,
  append: false,
  arithmetic: false,
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
  const features = { ...oldest, nullInListParameter: false, append: true };
  return cqlDialect({ ...namespace, name: 'scylla', absentRow: 'nulls', features }, { readCloses: true });
}
