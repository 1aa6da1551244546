export { checkLinearizable, type CheckOptions, type Verdict } from './check-linearizable.ts';
export { rowKey } from './describe-row.ts';
export { History, noEffect, type Operation } from './history.ts';
export type { Model, ModelWords } from './model.ts';
export { recordFences } from './record-fences.ts';
export { type RecordOptions, recordStatement } from './record-statement.ts';
export { type RowReply, rowRegister } from './row-register.ts';
