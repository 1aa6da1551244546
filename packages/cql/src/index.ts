export { adapterNamespace } from './adapter-namespace.ts';
export {
  accessDenied,
  classifyBy,
  type ErrorTable,
  invalid,
  type NativeError,
  rejected,
  type Rule,
  unavailable,
  unknownOutcome,
} from './classify-error.ts';
export { CqlCompiler } from './compile-statement.ts';
export type { AbsentRow, AnswerPlan, CqlCompiled, CqlDialectSettings, CqlFeatures, CqlRequest, Lack, Support } from './compiled.ts';
export { Connection, type CqlClient, type CqlResult, type MakeClient } from './connection.ts';
export { CqlAdapter, type CqlServer } from './cql-adapter.ts';
export { cqlDialect } from './dialect.ts';
export { cqlType, ddl } from './ddl.ts';
export { decodeAnswer } from './decode-answer.ts';
export { decodeColumns, decodeRow } from './decode-value.ts';
export { encodeList, encodeValue } from './encode-value.ts';
export { driverOptions } from './driver-options.ts';
export { makeClient } from './make-client.ts';
export { alreadyExists, textLiteral } from './schema-text.ts';
export { type Namespace, qualifiedName, quoteName, tableNameIn } from './names.ts';
export { allRows } from './pages.ts';
export { prefixEnd } from './prefix-end.ts';
export type { WrittenRequests } from './never-written.ts';
export { consistencies, type Levels, scanOptions, schemaOptions, systemOptions } from './request-options.ts';
export { type ScanSettings, scanTable } from './scan-table.ts';
export { CqlTables, type TableSettings } from './tables.ts';
