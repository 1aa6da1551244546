export {
  cassandra,
  type CassandraAdapter,
  type CassandraOptions,
  type Replication,
  scylla,
  type ScyllaOptions,
  type SerialConsistency,
} from './adapter.ts';
export { classifyCassandraError, classifyScyllaError } from './classify.ts';
export type { ConnectionOptions } from './connect.ts';
export { cassandraDialect, type CassandraDialectOptions, type CassandraVersion, scyllaDialect } from './dialect.ts';
export { type CqlClient, type CqlCompiled, type CqlRequest, type CqlResult, ddl, type Namespace } from '@onlyif/cql';
