import { DriverClient } from '@onlyif/core';
import { isDriversOwn, namesNoCoordinator, type WrittenRequests } from './never-written.ts';

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

/** Makes a connected client, whose tracker notes into `written`. */
export type MakeClient = (written: WrittenRequests) => Promise<CqlClient>;

/** The client that requests go through, and what it knows of those that failed. */
export class Connection {
  readonly #driver: DriverClient<CqlClient>;
  readonly #written: WrittenRequests = new WeakMap();

  /** `own` are options for a client that is made here; beside a client they are refused. */
  constructor(client: CqlClient | undefined, own: object, make: MakeClient) {
    this.#driver = new DriverClient(client, own, { make: () => make(this.#written), end: (made) => made.shutdown() });
  }

  get client(): CqlClient | undefined {
    return this.#driver.client;
  }

  open(): Promise<CqlClient> {
    return this.#driver.open();
  }

  /**
   * Whether the request that failed was certainly never written, or only to a server that had forgotten its statement: of a
   * client that was made here, its tracker hears of every request that got to a connection; of a caller's, only an error
   * tells that is cassandra-driver's own.
   */
  async neverWritten(error: unknown, options: object): Promise<boolean> {
    const written = this.#written.get(options);
    if (written === false) return true;
    const heardOfAll = this.#driver.isOwn && written === undefined;
    return namesNoCoordinator(error) && (heardOfAll || isDriversOwn(error));
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}
