export interface CassandraOptions {
  /** How many nodes, on consecutive addresses from `baseAddress`; 1 by default. More than one needs a JVM. */
  readonly nodes?: number;
  /** `v1` by default, as Cassandra itself has it. */
  readonly paxosVariant?: 'v1' | 'v2';
  /** With `PasswordAuthenticator` there is one role, `cassandra`, with the password `cassandra`. */
  readonly authenticator?: 'AllowAllAuthenticator' | 'PasswordAuthenticator';
  /** The address of the first node on a JVM; `127.0.0.1` by default. */
  readonly baseAddress?: string;
  /** Whether a write is in the commit log before it is answered: `batch` with several nodes, else `periodic`. */
  readonly commitLogSync?: 'periodic' | 'batch';
}

export type CassandraPlan = Required<CassandraOptions>;

export function completeOptions(options: CassandraOptions): CassandraPlan {
  const nodes = options.nodes ?? 1;
  return {
    nodes,
    paxosVariant: options.paxosVariant ?? 'v1',
    authenticator: options.authenticator ?? 'AllowAllAuthenticator',
    baseAddress: options.baseAddress ?? '127.0.0.1',
    // With `periodic`, a killed node forgets the last promises and accepts it gave to a Paxos round.
    commitLogSync: options.commitLogSync ?? (nodes > 1 ? 'batch' : 'periodic'),
  };
}

/** Whether a server that somebody else set up will do: what was asked for is what everybody has. */
export function isPlain(plan: CassandraPlan): boolean {
  return plan.nodes === 1 && plan.paxosVariant === 'v1' && plan.authenticator === 'AllowAllAuthenticator';
}
