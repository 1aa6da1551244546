import type { tracker } from 'cassandra-driver';

type Driver = typeof import('cassandra-driver');
type Tracker = tracker.RequestTracker;

/** By the options object of a request, whether a byte of it was ever written; unknown ones never got to a connection. */
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
 * Whether an error is cassandra-driver's own and names no coordinator, nor does any error inside: the request failed at its
 * PREPARE or before a connection was borrowed (lib/request-execution.js sets `coordinator` on all later ones). By class, since
 * other drivers have errors of the same shape that never name one (nodejs-rs-driver, lib/errors.js).
 */
export async function neverBorrowed(thrown: unknown): Promise<boolean> {
  const driver = await import('cassandra-driver').catch(() => undefined);
  if (driver === undefined || !(thrown instanceof driver.errors.DriverError)) return false;
  const { coordinator, innerErrors = {} } = thrown as FromDriver;
  return coordinator === undefined && Object.values(innerErrors).every(namesNone);
}

function namesNone(inner: unknown): boolean {
  if (typeof inner === 'string') return true;
  return typeof inner === 'object' && inner !== null && (inner as FromDriver).coordinator === undefined;
}
