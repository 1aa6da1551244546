export { Gate } from '../gate.ts';
export type { HttpExchange } from './http-exchange.ts';
export type { HttpFault, HttpMatch, HttpRule } from './http-fault.ts';
export { type HttpProxy, type HttpProxyOptions, startHttpProxy } from './http-proxy.ts';
