export { findOrder, type Register } from './find-order.ts';
export { History, noEffect, type Operation } from './history.ts';
export { type RowReply, rowRegister } from './row-register.ts';
