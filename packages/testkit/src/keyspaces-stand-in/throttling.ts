import type { CqlFault } from '../proxy/cql-faults.ts';
import { cqlErrors } from '../proxy/cql-reply.ts';

const nobodyHeard = { consistency: 'LOCAL_QUORUM', received: 0, blockFor: 2 } as const;

/** What a request gets where the capacity of its table, partition or connection is exceeded. */
export const throttling: CqlFault = {
  kind: 'reply',
  forward: false,
  reply: ({ cql }) =>
    /^\s*select\b/i.test(cql ?? '')
      ? cqlErrors.readTimeout({ ...nobodyHeard, dataPresent: false })
      : cqlErrors.writeTimeout('SIMPLE', nobodyHeard),
};
