import type { Failure } from '@onlyif/core';
import { accessDenied, classifyBy, type ErrorTable, invalid, rejected, type Rule, unavailable, unknownOutcome } from '@onlyif/cql';

const unknown = unknownOutcome('Read the row at serial consistency to see.');
const denied = accessDenied('A conditional write needs the permissions MODIFY and SELECT on the table.');
/**
 * The coordinator itself gave the round up, so nothing of the request is on its way any more: a later serial read ends what
 * it left behind.
 */
const gaveUp: Rule = (error) => ({ ...unknown(error), answered: true });

const serialLevels: ReadonlySet<unknown> = new Set([0x0008, 0x0009]);

/**
 * Too few replicas for the Paxos round: it never began. At the commit level it comes after the proposal was
 * accepted (StorageProxy.commitPaxos), and proves nothing.
 */
const bySerialLevel: Rule = (error) => {
  if (serialLevels.has(error.consistencies)) return unavailable(error);
  return typeof error.consistencies === 'number' ? gaveUp(error) : unknown(error);
};

/**
 * Error codes of the native protocol v4, section 9, and of v5 for 0x1600 and 0x1700 (exceptions/ExceptionCode.java). A server
 * error (0x0000) says nothing of what was under way, and overload (0x1001) is found at the door as well as in the middle of a
 * commit. A configuration error (0x2300) is how ScyllaDB's rate limit arrives, whether the coordinator rejected the write or a
 * replica in the middle of it (docs/dev/protocol-extensions.md, "Rate limit error"; transport/server.cc, make_rate_limit_error).
 */
export const byServerCode: ErrorTable['byCode'] = {
  0x0000: unknown,
  0x000a: rejected,
  0x0100: denied,
  0x1000: bySerialLevel,
  0x1001: unknown,
  0x1002: unavailable,
  0x1003: unknown,
  0x1100: gaveUp,
  0x1200: gaveUp,
  0x1300: gaveUp,
  0x1400: unknown,
  0x1500: gaveUp,
  0x1600: gaveUp,
  0x1700: gaveUp,
  0x2000: rejected,
  0x2100: denied,
  0x2200: invalid,
  0x2300: unknown,
  0x2400: rejected,
  0x2500: unavailable,
};

/**
 * ScyllaDB, where it differs: what fails in the last phase is a write timeout there, so that Unavailable always means that
 * the round never began (service/storage_proxy.cc).
 */
export const byScyllaCode: ErrorTable['byCode'] = { ...byServerCode, 0x1000: unavailable };

/**
 * What an error of cassandra-driver means for a conditional write that was sent to Cassandra at most once;
 * `outcome-unknown` for what is not in the tables.
 */
export function classifyCassandraError(error: unknown): Failure {
  return classifyBy({ byCode: byServerCode, denied, unknown }, error);
}

/** The same for ScyllaDB. */
export function classifyScyllaError(error: unknown): Failure {
  return classifyBy({ byCode: byScyllaCode, denied, unknown }, error);
}
