export type {
  Adapter,
  Answer,
  CallContext,
  DescribedColumn,
  Failure,
  ScanFinding,
  TableAdministration,
  TableDescription,
} from './adapter.ts';
export { administer } from './administer.ts';
export { checkNames } from './check-names.ts';
export { checkOptions, type Expected, expected } from './expected.ts';
export { type CallOptions, Client, type ClientOptions, createClient } from './client/client.ts';
export type { RetryOptions } from './client/retry.ts';
export type { Verification, VerifyOptions } from './client/verify-table.ts';
export {
  and,
  beginsWith,
  between,
  type CollectionKind,
  type Comparable,
  contains,
  containsKey,
  entry,
  item,
  size,
  type ComparableKind,
  type Condition,
  eq,
  exists,
  type Exists,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  nodeOf,
  noneOf,
  not,
  notExists,
  type NotExists,
  oneOf,
  or,
  type OrderedKind,
  type PrefixKind,
} from './condition/build.ts';
export { columnsOf } from './condition/columns-of.ts';
export { describeCondition } from './condition/describe-condition.ts';
export { evaluate } from './condition/evaluate.ts';
export { impliesRow } from './condition/implies-row.ts';
export type * from './condition/nodes.ts';
export { visit } from './condition/nodes.ts';
export { normalise } from './condition/normalise.ts';
export { type Clause, type Existing, rejectedBy } from './condition/rejected-by.ts';
export {
  addedBy,
  type Capabilities,
  type Compiled,
  type CompileOptions,
  type Cost,
  type Dialect,
  emulation,
  type NativeHook,
  type PerOutcome,
  refuseStatics,
  unsupported,
} from './dialect/dialect.ts';
export { type ClientMaker, DriverClient } from './driver-client.ts';
export { type Explanation, portability, type PortabilityOptions } from './dialect/explain.ts';
export { Shapes, type ShapeStep } from './dialect/shapes.ts';
export {
  errorCodes,
  type ErrorOutcome,
  invalidStatement,
  isLWTError,
  LWTError,
  type LWTErrorCode,
  type LWTErrorDetails,
} from './errors.ts';
export type {
  AttemptEvent,
  ClientEvent,
  EmulationRoundEvent,
  EventListener,
  OutcomeEvent,
  RefusalEvent,
  ResolutionEvent,
  VerificationSkippedEvent,
  VerificationWarningEvent,
} from './events.ts';
export { parse, type Parsed } from './json/parse.ts';
export { serialize } from './json/serialize.ts';
export { addToSet, append, increment, type Mutation, mutationOf, prepend, putEntry, removeEntry, removeFromSet } from './mutation/build.ts';
export { incrementBound, type IncrementBound } from './mutation/increment-bound.ts';
export { isMutation, type MutationNode, type MutationVisitor, visitMutation } from './mutation/nodes.ts';
export { columnOfOperand, sameOperand } from './condition/operands.ts';
export { emptyRow, increments, judge, overflow, type Judgement } from './reference.ts';
export type { Applied, ExistingMode, LWTOutcome, LWTResult, NotApplied, NotAppliedUnseen, WriteResult } from './result.ts';
export {
  type ChangeOptions,
  type ConditionInput,
  deleteRow,
  get,
  type GetOptions,
  insert,
  type InsertOptions,
  keyOf,
  replace,
  update,
  type UpdateOptions,
  upsert,
  type UpsertOptions,
} from './statement/build.ts';
export type {
  DeleteStatement,
  GetStatement,
  InsertStatement,
  Read,
  ReadConsistency,
  ReplaceStatement,
  Statement,
  UpdateStatement,
  UpsertStatement,
  Verb,
  Write,
  WriteNode,
} from './statement/nodes.ts';
export { storesToken, withWriteToken } from './statement/write-token.ts';
export {
  ascii,
  bigint,
  blob,
  boolean,
  type ColumnBuilders,
  type ColumnFlag,
  type ColumnSpec,
  date,
  decimal,
  double,
  float,
  inet,
  int,
  json,
  list,
  map,
  set,
  type NullableSpec,
  smallint,
  text,
  time,
  timestamp,
  timeuuid,
  tinyint,
  uuid,
  varint,
} from './table/columns.ts';
export type { ColumnDefinition, ColumnRole, Row, TableDefinition } from './table/definition.ts';
export { defineTable, type TableOptions } from './table/define-table.ts';
export type {
  AnyTable,
  Column,
  ConditionName,
  EqualsOf,
  InsertRow,
  KeyOf,
  RowOf,
  SetOf,
  Specs,
  Table,
  TableTypes,
  UpsertSetOf,
} from './table/table.ts';
export { canonicalDecimal, type DecimalParts, formatDecimal, maxDecimalDigits, parseDecimal } from './values/decimal.ts';
export { canonicalDate, canonicalTime } from './values/canonical.ts';
export { canonicalInet, formatInet, isV4Mapped, parseInet } from './values/inet.ts';
export { compareText } from './values/bytes.ts';
export { describeValue, invalidValue } from './values/check-value.ts';
export {
  type ColumnType,
  type CollectionColumnType,
  type ListColumnType,
  type MapColumnType,
  type SetColumnType,
  compareValues,
  isCollection,
  isEmpty,
  keyType,
  memberType,
  type ScalarColumnType,
  describeType,
  valueType,
  type ScalarKind,
  scalarTypes,
  type ValueType,
} from './values/column-type.ts';
