import { invalidStatement, LWTError } from '@onlyif/core';
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

/** A client that is there, or one that is made at its first use. */
export class Connection {
  #client: CqlClient | undefined;
  #connecting: Promise<CqlClient> | undefined;
  readonly #make: MakeClient | undefined;
  readonly #written: WrittenRequests = new WeakMap();
  #closed = false;

  /** `own` are options for a client that is made here; beside a client they are refused. */
  constructor(client: CqlClient | undefined, own: object, make: MakeClient) {
    const unused = Object.keys(own);
    if (client !== undefined && unused.length > 0) throw invalidStatement(`A client is given, so ${unused.join(', ')} would not be used.`);
    this.#client = client;
    this.#make = client === undefined ? make : undefined;
  }

  get client(): CqlClient | undefined {
    return this.#client;
  }

  async open(): Promise<CqlClient> {
    if (this.#closed) throw new LWTError('closed', 'The adapter is closed.');
    if (this.#client !== undefined || this.#make === undefined) return this.#client as CqlClient;
    this.#connecting ??= this.#make(this.#written);
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
    const heardOfAll = this.#make !== undefined && written === undefined;
    return namesNoCoordinator(error) && (heardOfAll || isDriversOwn(error));
  }

  /** Shuts down a client that was made here, and no other. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#make === undefined) return;
    const client = await this.#connecting?.catch(() => undefined);
    await client?.shutdown();
  }
}
