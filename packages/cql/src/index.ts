export { CqlCompiler } from './compile-statement.ts';
export type { AbsentRow, AnswerPlan, CqlCompiled, CqlDialectSettings, CqlFeatures, CqlRequest, Lack, Support } from './compiled.ts';
export { cqlDialect } from './dialect.ts';
export { cqlType, ddl } from './ddl.ts';
export { decodeAnswer } from './decode-answer.ts';
export { decodeColumns, decodeRow } from './decode-value.ts';
export { encodeList, encodeValue } from './encode-value.ts';
export { type Namespace, qualifiedName, quoteName, tableNameIn } from './names.ts';
export { prefixEnd } from './prefix-end.ts';
