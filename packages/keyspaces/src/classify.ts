import type { Failure } from '@onlyif/core';
import { accessDenied, classifyBy, type ErrorTable, invalid, rejected, type Rule, unavailable, unknownOutcome } from '@onlyif/cql';

const unknown = unknownOutcome('Read the row to see how it is now; there is no serial read, so a write on its way may still arrive.');

/** Developer Guide, "Troubleshooting capacity management errors": the same answers for what was refused and for what took too long. */
const perhapsThrottled: Rule = (error) => {
  const { message, ...rest } = unknown(error);
  const why =
    'Amazon Keyspaces answers so where it throttles (the capacity of table or partition, or 3,000 requests a second on a connection) and where the write took too long; the metrics WriteThrottleEvents, StoragePartitionThroughputCapacityExceeded and PerConnectionRequestRateExceeded tell.';
  return { ...rest, message: `${message} ${why}` };
};

const denied = accessDenied('A conditional write needs cassandra:Select and cassandra:Modify on the table.');

/**
 * Error codes of the native protocol v4, section 9, and of v5 for 0x1600 and 0x1700. What the service does behind them is not
 * documented, so none says that the write was given up for good (R35), and Unavailable proves nothing.
 */
export const byCode: ErrorTable['byCode'] = {
  0x0000: unknown,
  0x000a: rejected,
  0x0100: denied,
  0x1000: unknown,
  0x1001: perhapsThrottled,
  0x1002: unavailable,
  0x1003: unknown,
  0x1100: perhapsThrottled,
  0x1200: perhapsThrottled,
  0x1300: unknown,
  0x1400: unknown,
  0x1500: unknown,
  0x1600: unknown,
  0x1700: unknown,
  0x2000: rejected,
  0x2100: denied,
  0x2200: invalid,
  0x2300: unknown,
  0x2400: rejected,
  0x2500: unavailable,
};

/**
 * What an error of cassandra-driver means for a conditional write that was sent to Amazon Keyspaces at most once;
 * `outcome-unknown` for what is not in the table.
 */
export function classifyKeyspacesError(error: unknown): Failure {
  return classifyBy({ byCode, denied, unknown }, error);
}
