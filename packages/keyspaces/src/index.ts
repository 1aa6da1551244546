export { keyspacesDialect, type KeyspacesDialectOptions, type Undocumented } from './dialect.ts';
export { type CqlCompiled, type CqlRequest, ddl, type Namespace } from '@onlyif/cql';
