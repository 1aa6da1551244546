import type { DutyCycle } from './duty-cycle.ts';

/** Which way a server was come by: an address in the environment, a container, or a child process. */
export type How = 'address' | 'docker' | 'jvm';

/** Why a backend is not there; a test that needs it is skipped with this reason. */
export interface Skipped {
  readonly skipped: string;
}

export interface Server {
  readonly how: How;
  /** The ways tried before this one, each with the reason it could not be used. */
  readonly passedOver?: readonly string[];
  /** Stops what was started (nothing, for an address), and waits until its port is closed and its files are gone. */
  stop(): Promise<void>;
}

export interface CqlServer extends Server {
  /** `host:port`, one for each node known. */
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  /** `release_version` as the server itself gives it. */
  readonly version: string;
}

export interface DynamoDbServer extends Server {
  readonly endpoint: string;
}

/** One node that runs as a child process, for tests of faults. */
export interface CassandraNode {
  /** `host:port` of the native transport. */
  readonly address: string;
  /** The process id; another one after `restart`. */
  readonly pid: number;
  /** Whether there is a process, stopped or not; false once it was killed. */
  readonly running: boolean;
  /** SIGSTOP: the sockets stay open and nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /**
   * A slow replica: it stands still and runs in turns until the function that this returns is called, or any other method.
   * A launcher that dies in between takes the node with it, for SIGKILL ends a stopped process too.
   */
  slow(cycle: DutyCycle): () => void;
  /** SIGKILL, then waits for the port to close. The node's directory stays. */
  kill(): Promise<void>;
  /** Starts the node on its own directory again, killing it first if it runs; resolves when it answers CQL. */
  restart(): Promise<void>;
}

export interface CassandraServer extends CqlServer {
  /** Empty unless `how` is `jvm`. */
  readonly nodes: readonly CassandraNode[];
  /** Resolves once every node sees every other one up; rejects if that takes longer than a minute. */
  settled(): Promise<void>;
}

export function isSkipped(result: object): result is Skipped {
  return 'skipped' in result;
}
