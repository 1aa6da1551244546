export { makeTestCertificate, type TestCertificate } from './certificate.ts';
export type { AccessKey, KeyspacesCredential, ServiceUser } from './credentials.ts';
export { startKeyspacesStandIn } from './keyspaces-stand-in.ts';
export { standInMark } from './own-text.ts';
export { type Asked, type KeyspacesRefusal, keyspacesRefusals, refuseStatement, type UndocumentedConstructs } from './refusals.ts';
export type { KeyspacesStandIn, KeyspacesStandInOptions, RotateOptions, ThrottleOptions } from './stand-in-options.ts';
