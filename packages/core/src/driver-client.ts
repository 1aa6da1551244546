import { invalidStatement, LWTError } from './errors.ts';

/** How a driver makes and ends clients. */
export interface ClientMaker<C> {
  make(): Promise<C>;
  end(client: C): Promise<unknown>;
}

/** For adapters: the client of a driver that the caller has, or one that is made at its first use. */
export class DriverClient<C> {
  #client: C | undefined;
  #making: Promise<C> | undefined;
  /** Undefined where the client is the caller's. */
  readonly #maker: ClientMaker<C> | undefined;
  #closed = false;

  /** `own` are options for a client that is made here; beside a client of the caller's they are refused. */
  constructor(given: C | undefined, own: object, maker: ClientMaker<C>) {
    const unused = Object.keys(own);
    if (given !== undefined && unused.length > 0) throw invalidStatement(`A client is given, so ${unused.join(', ')} would not be used.`);
    this.#client = given;
    this.#maker = given === undefined ? maker : undefined;
  }

  /** Undefined until one was made. */
  get client(): C | undefined {
    return this.#client;
  }

  get isOwn(): boolean {
    return this.#maker !== undefined;
  }

  /** One that could not be made is tried again the next time. */
  async open(): Promise<C> {
    if (this.#closed) throw new LWTError('closed', 'The adapter is closed.');
    if (this.#client !== undefined || this.#maker === undefined) return this.#client as C;
    this.#making ??= this.#maker.make();
    try {
      return (this.#client = await this.#making);
    } catch (error) {
      this.#making = undefined;
      throw error;
    }
  }

  /** Ends a client that was made here, and no other. */
  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#making?.catch(() => undefined);
    if (client !== undefined) await this.#maker?.end(client);
  }
}
