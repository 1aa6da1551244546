import type { ClientOptions } from 'cassandra-driver';
import type { CqlClient } from './connection.ts';
import { notingTracker, type WrittenRequests } from './never-written.ts';

type Driver = typeof import('cassandra-driver');

/** A connected client of the driver, which knows what it wrote, and decodes maps and sets as such (R16). */
export async function makeClient(driver: Driver, options: ClientOptions, written: WrittenRequests): Promise<CqlClient> {
  const requestTracker = notingTracker(driver, written, options.requestTracker);
  // Nodes that do not know a statement are told when they are asked: one that stands still would hold up its first use.
  const client = new driver.Client({ prepareOnAllHosts: false, ...options, requestTracker, encoding: { map: Map, set: Set } });
  await client.connect().catch(async (error: unknown) => {
    await client.shutdown();
    throw error;
  });
  return client;
}
