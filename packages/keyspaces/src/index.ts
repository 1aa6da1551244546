export { keyspaces, type KeyspacesAdapter, type KeyspacesOptions } from './adapter.ts';
export type { AuthCallback, AuthenticatorLike, AuthProviderLike } from './auth-provider.ts';
export { classifyKeyspacesError } from './classify.ts';
export type { ConnectionOptions, DriverOptions } from './connect.ts';
export type { CredentialProvider, ServiceCredentials } from './credentials.ts';
export { keyspacesDialect, type KeyspacesDialectOptions, type Undocumented } from './dialect.ts';
export type { EndpointOptions } from './endpoint.ts';
export type { AwsCredentials } from './sign.ts';
export { type CqlClient, type CqlCompiled, type CqlRequest, type CqlResult, ddl, type Namespace } from '@onlyif/cql';
