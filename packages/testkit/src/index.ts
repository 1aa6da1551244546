export { checkStatement } from './check-statement.ts';
export { describeAdapter, type Harness } from './describe-adapter.ts';
export {
  type HttpExchange,
  type HttpFault,
  type HttpMatch,
  type HttpProxy,
  type HttpProxyOptions,
  type HttpRule,
  startHttpProxy,
} from './http-proxy/index.ts';
export {
  type Fault,
  type FaultOptions,
  type Faults,
  type InjectedCall,
  InjectedFault,
  type Rates,
  type ReadFault,
  withFaults,
  type WriteFault,
} from './faults/index.ts';
export {
  checkLinearizable,
  type CheckOptions,
  History,
  type Model,
  type ModelWords,
  noEffect,
  type Operation,
  recordFences,
  type RecordOptions,
  recordStatement,
  rowKey,
  type RowReply,
  rowRegister,
  type Verdict,
} from './linearizability/index.ts';
export type { Sampling } from './run-cases.ts';
export { type Sample, samples } from './samples.ts';
export { wrapAdapter } from './wrap-adapter.ts';
// By its name, so that the bundles of the two entries have no code twice.
export * from '@onlyif/testkit/keyspaces';
