export { checkStatement } from './check-statement.ts';
export { describeAdapter, type Harness } from './describe-adapter.ts';
export {
  type Gate,
  type HttpExchange,
  type HttpFault,
  type HttpMatch,
  type HttpProxy,
  type HttpProxyOptions,
  type HttpRule,
  makeGate,
  startHttpProxy,
} from './http-proxy/index.ts';
export { findOrder, History, noEffect, type Operation, type Register, type RowReply, rowRegister } from './linearizability/index.ts';
export type { Sampling } from './run-cases.ts';
export { type Sample, samples } from './samples.ts';
export * from './proxy/cql.ts';
