export type { ServerTls } from './client-socket.ts';
export { BodyReader, write as cqlNotation } from './cql-body.ts';
export type { CqlFault, CqlFaultKind, CqlMatch, CqlRule, Ending, Hold } from './cql-faults.ts';
export { type CqlFrame, encodeFrame, frameFlags, FrameSplitter, type OpcodeName, opcodes } from './cql-frames.ts';
export { type CqlProxy, type CqlProxyOptions, type CqlTranslate, proxyTranslate, type SeenRequest, startCqlProxy } from './cql-proxy.ts';
export {
  type ConsistencyName,
  cqlConsistency,
  cqlErrors,
  type CqlReply,
  errorReply,
  type Heard,
  replyReader,
  resultKinds,
  voidReply,
  type WriteType,
} from './cql-reply.ts';
export { type CqlConnection, type CqlRequest, isConditional, type PreparedTexts, requestReader } from './cql-request.ts';
export { booleanType, type CqlColumn, type CqlRows, decodeRows, encodeRows } from './cql-rows.ts';
export type { ActiveCqlRule } from './cql-rules.ts';
export type { CqlIntercept, CqlServerSide } from './cql-session.ts';
