import type { CqlFault, CqlMatch, CqlRule } from '../proxy/cql-faults.ts';
import { cqlErrors } from '../proxy/cql-reply.ts';
import type { CqlConnection } from '../proxy/cql-request.ts';
import type { ThrottleOptions } from './stand-in-options.ts';

const nobodyHeard = { consistency: 'LOCAL_QUORUM', received: 0, blockFor: 2 } as const;

/** What a request gets where the capacity of its table, partition or connection is exceeded. */
const throttling: CqlFault = {
  kind: 'reply',
  forward: false,
  reply: ({ cql }) =>
    /^\s*select\b/i.test(cql ?? '')
      ? cqlErrors.readTimeout({ ...nobodyHeard, dataPresent: false })
      : cqlErrors.writeTimeout('SIMPLE', nobodyHeard),
};

const ofUsersTables: CqlMatch = { when: ({ cql }) => !/\bsystem(?:_\w+)?\./i.test(cql ?? '') };

/** The rule that throttles what the options say; `now` is the service's clock. */
export function throttlingRule({ match = ofUsersTables, perConnection, ...rule }: ThrottleOptions, now: () => number): CqlRule {
  return { ...rule, match: perConnection === undefined ? match : beyond(match, perConnection, now), do: throttling };
}

/** What of these requests is more than a connection may send in a second. */
function beyond(match: CqlMatch, limit: number, now: () => number): CqlMatch {
  const rates = new ConnectionRates(now);
  return { ...match, when: (request, connection) => match.when?.(request, connection) !== false && rates.count(connection) > limit };
}

const secondMs = 1_000;

/** How many requests came on each connection in its current second, which begins with the first of them. */
class ConnectionRates {
  readonly #now: () => number;
  readonly #seconds = new WeakMap<CqlConnection, { readonly begun: number; readonly requests: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** With the one that is counted. */
  count(connection: CqlConnection): number {
    const at = this.#now();
    const { begun, requests } = this.#seconds.get(connection) ?? { begun: at, requests: 0 };
    // A clock of the wall may be put back.
    const isOver = at < begun || at >= begun + secondMs;
    const second = isOver ? { begun: at, requests: 1 } : { begun, requests: requests + 1 };
    this.#seconds.set(connection, second);
    return second.requests;
  }
}
