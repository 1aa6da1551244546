import type { ClientOptions } from 'cassandra-driver';
import type { CqlClient } from './connection.ts';
import { notingTracker, type WrittenRequests } from './never-written.ts';
import { type ControlConnection, repairDriver } from './repair-driver.ts';

type Driver = typeof import('cassandra-driver');

/** The driver's own default, in milliseconds. */
const usualHeartBeatMs = 30_000;
/** A connection that fails while it is made leaves the timer of its heartbeat behind (lib/connection.js), which keeps a process alive. */
const firstHeartBeatMs = 1_000;
/** Between attempts to connect again; the driver's own waits grow to ten minutes. */
const reconnectMs = { first: 1_000, longest: 30_000 };

/** A connected client of the driver, which knows what it wrote, and decodes maps and sets as such (R16). */
export async function makeClient(driver: Driver, options: ClientOptions, written: WrittenRequests): Promise<CqlClient> {
  const { heartBeatInterval = usualHeartBeatMs } = options.pooling ?? {};
  const { ExponentialReconnectionPolicy } = driver.policies.reconnection;
  const client = new driver.Client({
    // Nodes that do not know a statement are told when they are asked: one that stands still would hold up its first use.
    prepareOnAllHosts: false,
    ...options,
    policies: { reconnection: new ExponentialReconnectionPolicy(reconnectMs.first, reconnectMs.longest, false), ...options.policies },
    pooling: { ...options.pooling, heartBeatInterval: Math.min(heartBeatInterval, firstHeartBeatMs) },
    requestTracker: notingTracker(driver, written, options.requestTracker),
    encoding: { map: Map, set: Set },
  });
  const { controlConnection } = client as Partial<Inside>;
  repairDriver(controlConnection);
  try {
    await client.connect();
  } catch (error) {
    // After a `connect()` that failed `shutdown()` does nothing (lib/client.js), and the first connection stays open.
    controlConnection?.shutdown();
    await client.shutdown();
    throw error;
  }
  // Each connection takes it with its next request, of which its first heartbeat is one.
  Object.assign((client as Partial<Inside>).options?.pooling ?? {}, { heartBeatInterval });
  return client;
}

/** No part of the driver's declarations. */
interface Inside {
  readonly options: { readonly pooling: object };
  readonly controlConnection: ControlConnection;
}
