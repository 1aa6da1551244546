import type { tracker } from 'cassandra-driver';

type Driver = typeof import('cassandra-driver');
type Tracker = tracker.RequestTracker;

/** By the options object of a failed request, whether its frame was made; those that are not in it never got to a connection. */
export type WrittenRequests = WeakMap<object, boolean>;

/**
 * A tracker that notes into `written` which failed requests were serialised, and passes all it hears on to the user's.
 * The driver gives 0 for the length of a request whose frame was never made (lib/request-execution.js), and keeps the last
 * length where it tries again.
 */
export function notingTracker(driver: Driver, written: WrittenRequests, users: Tracker | null | undefined): Tracker {
  // A class, though its declaration says interface; the driver refuses what is none of it.
  const { RequestTracker } = driver.tracker as unknown as { readonly RequestTracker: new () => Tracker };
  return Object.assign(new RequestTracker(), {
    onSuccess: (...heard: Parameters<NonNullable<Tracker['onSuccess']>>) => users?.onSuccess?.(...heard),
    onError: (...heard: Parameters<NonNullable<Tracker['onError']>>) => {
      const [, , , execution, length] = heard;
      const options = (execution as unknown as { getRawQueryOptions(): unknown }).getRawQueryOptions();
      if (typeof options === 'object' && options !== null) written.set(options, length > 0);
      users?.onError?.(...heard);
    },
    shutdown: () => users?.shutdown?.(),
  });
}

interface FromDriver {
  readonly coordinator?: unknown;
  readonly innerErrors?: Readonly<Record<string, unknown>>;
}

/**
 * Whether neither the error nor any error inside it names a coordinator, which the driver sets on all that fails after a
 * connection was borrowed for the request itself (lib/request-execution.js); a PREPARE fails without.
 */
export function namesNoCoordinator(error: unknown): boolean {
  if (typeof error === 'string') return true;
  if (typeof error !== 'object' || error === null) return false;
  const { coordinator, innerErrors = {} } = error as FromDriver;
  return coordinator === undefined && Object.values(innerErrors).every(namesNoCoordinator);
}

/** By class: other drivers have errors of the same shape that never name a coordinator (nodejs-rs-driver, lib/errors.js). */
export async function isDriversOwn(thrown: unknown): Promise<boolean> {
  const driver = await import('cassandra-driver').catch(() => undefined);
  return driver !== undefined && thrown instanceof driver.errors.DriverError;
}
