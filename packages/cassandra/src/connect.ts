import { invalidStatement } from '@onlyif/core';
import { type CqlClient, makeClient, type WrittenRequests } from '@onlyif/cql';
import type { ClientOptions } from 'cassandra-driver';

/** Options of `cassandra-driver` for a client that the adapter makes: `contactPoints`, `localDataCenter`, `credentials`, … */
export type ConnectionOptions = Omit<ClientOptions, 'keyspace' | 'encoding'>;

/** Refuses options that no client can be made of: the driver would say so at the first request, each time. */
export function checkConnection({ contactPoints, localDataCenter, cloud, policies, profiles = [] }: ConnectionOptions): void {
  if (cloud !== undefined) return;
  if (!Array.isArray(contactPoints) || contactPoints.length === 0)
    throw invalidStatement("contactPoints are missing: a list of nodes, such as ['10.0.0.1', '10.0.0.2'], or a client.");
  const isBalanced = [policies, ...profiles].some((each) => each?.loadBalancing !== undefined);
  if (!localDataCenter && !isBalanced)
    throw invalidStatement('localDataCenter is missing: the name of the data centre nearby, as `nodetool status` shows it.');
}

/** Loads the driver and connects a client of it. */
export async function connect(options: ConnectionOptions, written: WrittenRequests): Promise<CqlClient> {
  const driver = await import('cassandra-driver');
  // The driver takes any certificate as soon as it is given TLS options (lib/connection.js).
  const tls = options.sslOptions === undefined ? {} : { sslOptions: { rejectUnauthorized: true, ...options.sslOptions } };
  return makeClient(driver, { ...options, ...tls, ...peerPort(options) }, written);
}

/** The driver looks for the other nodes at port 9042, whatever the contact points say: a cluster at another port would be one node. */
function peerPort({ contactPoints = [], protocolOptions }: ConnectionOptions): Pick<ConnectionOptions, 'protocolOptions'> {
  const ports = new Set(contactPoints.map((contactPoint) => /^(?:[^:]*|\[.*\]):(\d+)$/.exec(contactPoint)?.[1]));
  const [port] = ports;
  if (ports.size !== 1 || port === undefined || protocolOptions?.port !== undefined) return {};
  return { protocolOptions: { ...protocolOptions, port: Number(port) } };
}
