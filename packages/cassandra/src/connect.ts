import { invalidStatement, LWTError } from '@onlyif/core';
import type { ClientOptions } from 'cassandra-driver';
import { isDriversOwn, namesNoCoordinator, notingTracker, type WrittenRequests } from './never-written.ts';

/** What is used of the driver's `ResultSet`. */
export interface CqlResult {
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly pageState?: string;
}

/** What is used of the driver's `Client`: other drivers with this surface work too. */
export interface CqlClient {
  execute(query: string, params?: unknown, options?: object): Promise<CqlResult>;
  shutdown(): Promise<unknown>;
  /** The options that the client was made with, where it shows them. */
  readonly options?: { readonly encoding?: { readonly map?: unknown } };
}

/** Options of `cassandra-driver` for a client that the adapter makes: `contactPoints`, `localDataCenter`, `credentials`, … */
export type ConnectionOptions = Omit<ClientOptions, 'keyspace' | 'encoding'>;

/** A client that is there, or one that is made at its first use. */
export class Connection {
  #client: CqlClient | undefined;
  #connecting: Promise<CqlClient> | undefined;
  readonly #own: ConnectionOptions | undefined;
  readonly #written: WrittenRequests = new WeakMap();
  #closed = false;

  constructor(client: CqlClient | undefined, own: ConnectionOptions) {
    const unused = Object.keys(own);
    if (client !== undefined && unused.length > 0) throw invalidStatement(`A client is given, so ${unused.join(', ')} would not be used.`);
    this.#client = client;
    this.#own = client === undefined ? own : undefined;
  }

  get client(): CqlClient | undefined {
    return this.#client;
  }

  async open(): Promise<CqlClient> {
    if (this.#closed) throw new LWTError('closed', 'The adapter is closed.');
    if (this.#client !== undefined) return this.#client;
    this.#connecting ??= makeClient(this.#own ?? {}, this.#written);
    try {
      return (this.#client = await this.#connecting);
    } catch (error) {
      this.#connecting = undefined;
      throw error;
    }
  }

  /**
   * Whether the request that failed was certainly never written, or only to a server that had forgotten its statement: of a
   * client that was made here, its tracker hears of every request that got to a connection; of a caller's, only an error
   * tells that is cassandra-driver's own.
   */
  async neverWritten(error: unknown, options: object): Promise<boolean> {
    const written = this.#written.get(options);
    if (written === false) return true;
    const heardOfAll = this.#own !== undefined && written === undefined;
    return namesNoCoordinator(error) && (heardOfAll || isDriversOwn(error));
  }

  /** Shuts down a client that was made here, and no other. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#own === undefined) return;
    const client = await this.#connecting?.catch(() => undefined);
    await client?.shutdown();
  }
}

async function makeClient(options: ConnectionOptions, written: WrittenRequests): Promise<CqlClient> {
  const driver = await import('cassandra-driver');
  // The driver takes any certificate as soon as it is given TLS options (lib/connection.js).
  const tls = options.sslOptions === undefined ? {} : { sslOptions: { rejectUnauthorized: true, ...options.sslOptions } };
  const requestTracker = notingTracker(driver, written, options.requestTracker);
  const client = new driver.Client({ ...options, ...tls, ...peerPort(options), requestTracker, encoding: { map: Map, set: Set } });
  await client.connect().catch(async (error: unknown) => {
    await client.shutdown();
    throw error;
  });
  return client;
}

/** The driver looks for the other nodes at port 9042, whatever the contact points say: a cluster at another port would be one node. */
function peerPort({ contactPoints = [], protocolOptions }: ConnectionOptions): Pick<ConnectionOptions, 'protocolOptions'> {
  const ports = new Set(contactPoints.map((contactPoint) => /^(?:[^:]*|\[.*\]):(\d+)$/.exec(contactPoint)?.[1]));
  const [port] = ports;
  if (ports.size !== 1 || port === undefined || protocolOptions?.port !== undefined) return {};
  return { protocolOptions: { ...protocolOptions, port: Number(port) } };
}
