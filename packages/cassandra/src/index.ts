export { cassandra, type CassandraAdapter, type CassandraOptions, type Replication, scylla, type ScyllaOptions } from './adapter.ts';
export { classifyCassandraError, classifyScyllaError } from './classify.ts';
export type { ConnectionOptions, CqlClient, CqlResult } from './connect.ts';
export { cassandraDialect, type CassandraDialectOptions, type CassandraVersion, scyllaDialect } from './dialect.ts';
export type { SerialConsistency } from './request-options.ts';
export { type CqlCompiled, type CqlRequest, ddl, type Namespace } from '@onlyif/cql';
