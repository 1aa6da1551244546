import type { metrics } from 'cassandra-driver';
import type { Driver } from './auth-provider.ts';

/** The last handshake that failed: the driver tells of it by a metric, and a request that finds no host does not say why. */
export interface RefusedAuthentication {
  last?: { readonly error: Error; readonly at: Date };
}

type Metrics = metrics.ClientMetrics;

/** Metrics that note each failed handshake, and pass all that they hear on to the user's. */
export function withRefusals(
  driver: Driver,
  users: Metrics | undefined,
  refused: RefusedAuthentication,
  listener: ((error: Error) => void) | undefined,
): Metrics {
  const base: Metrics = users ?? new driver.metrics.DefaultMetrics();
  // The driver checks the class, which the prototype keeps.
  const noting = Object.create(base) as Metrics;
  noting.onAuthenticationError = (error: Error) => {
    refused.last = { error, at: new Date() };
    base.onAuthenticationError(error);
    listener?.(error);
  };
  return noting;
}

/** What to say beside an error that does not give its cause. */
export function lastRefusal({ last }: RefusedAuthentication): string {
  return last === undefined ? '' : ` The last authentication that failed, at ${last.at.toISOString()}: ${last.error.message}`;
}
