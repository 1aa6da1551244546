import type { metrics } from 'cassandra-driver';
import type { Driver } from './auth-provider.ts';

/** The last handshake that failed: the driver tells of it by a metric, and a request that finds no host does not say why. */
export interface RefusedAuthentication {
  last?: { readonly error: Error; readonly at: Date };
}

type Metrics = metrics.ClientMetrics;

/**
 * Metrics that note each failed handshake, and pass all that they hear on to the user's. What is thrown there would be an
 * uncaught error of the driver, and its connection would never be given up (lib/connection.js).
 */
export function withRefusals(
  driver: Driver,
  users: Metrics | undefined,
  refused: RefusedAuthentication,
  listener: ((error: Error) => void) | undefined,
): Metrics {
  // Classes, though their declarations say interface; the driver refuses what is none of them.
  const { ClientMetrics, DefaultMetrics } = driver.metrics as unknown as { readonly [name: string]: new () => Hearing };
  if (ClientMetrics === undefined || DefaultMetrics === undefined) throw new Error('this cassandra-driver has no metrics');
  // The user's methods are called on the user's object, which may have private fields.
  const heard = (users ?? new DefaultMetrics()) as unknown as Hearing;
  const noting = new ClientMetrics();
  for (const name of Object.getOwnPropertyNames(ClientMetrics.prototype)) {
    if (name !== 'constructor') noting[name] = (...told) => unthrown(() => heard[name]?.(...told));
  }
  noting['onAuthenticationError'] = (error) => {
    refused.last = { error: error as Error, at: new Date() };
    unthrown(() => heard['onAuthenticationError']?.(error));
    unthrown(() => listener?.(error as Error));
  };
  return noting as unknown as Metrics;
}

interface Hearing {
  [method: string]: (...told: unknown[]) => void;
}

/** A listener that throws, at once or later, changes nothing. */
function unthrown(tell: () => unknown): void {
  void (async () => tell())().catch(() => undefined);
}

/** What to say beside an error that does not give its cause. */
export function lastRefusal({ last }: RefusedAuthentication): string {
  return last === undefined ? '' : ` The last authentication that failed, at ${last.at.toISOString()}: ${last.error.message}`;
}
