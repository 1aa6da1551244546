import type { HttpFault } from './http-fault.ts';

/** One request as the proxy saw it, and what became of it so far. */
export interface HttpExchange {
  /** The operation of `x-amz-target`, such as `PutItem`; empty where there is none. */
  readonly operation: string;
  /** `amz-sdk-invocation-id`: the same for all attempts of one call of the SDK. */
  readonly invocationId: string | undefined;
  /** `amz-sdk-request`: such as `attempt=1; max=3`. */
  readonly sdkRequest: string | undefined;
  readonly body: string;
  /** Counts the connections of the proxy, from 1: equal numbers share a connection. */
  readonly connection: number;
  /** The kind of the fault; undefined where no rule acted. */
  readonly fault: HttpFault['kind'] | undefined;
  /** How often the server behind has answered it; a delayed request counts when it went through. */
  readonly forwarded: number;
  /** The status that the server behind gave to the last copy. */
  readonly serverStatus: number | undefined;
}
