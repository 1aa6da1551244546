// The stand-in for Amazon Keyspaces, with the CQL proxy that it is made of: of the testkit what needs no vitest.
export { Gate } from './gate.ts';
export * from './proxy/cql.ts';
export * from './keyspaces-stand-in/index.ts';
