import type { ClientOptions } from 'cassandra-driver';

/** Those that its declarations leave out (lib/client-options.js). */
type Undeclared = 'applicationName' | 'applicationVersion' | 'id' | 'monitorReporting';

const names: Readonly<Record<keyof ClientOptions | Undeclared, true>> = {
  applicationName: true,
  applicationVersion: true,
  authProvider: true,
  cloud: true,
  contactPoints: true,
  credentials: true,
  encoding: true,
  id: true,
  isMetadataSyncEnabled: true,
  keyspace: true,
  localDataCenter: true,
  maxPrepared: true,
  metrics: true,
  monitorReporting: true,
  policies: true,
  pooling: true,
  prepareOnAllHosts: true,
  profiles: true,
  promiseFactory: true,
  protocolOptions: true,
  queryOptions: true,
  refreshSchemaDelay: true,
  rePrepareOnUp: true,
  requestTracker: true,
  socketOptions: true,
  sslOptions: true,
};

/** The options of a client of cassandra-driver by their names. */
export const driverOptions: readonly string[] = Object.keys(names);
