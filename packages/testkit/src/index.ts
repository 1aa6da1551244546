export { checkStatement } from './check-statement.ts';
export { describeAdapter, type Harness } from './describe-adapter.ts';
export type { Sampling } from './run-cases.ts';
export { type Sample, samples } from './samples.ts';
