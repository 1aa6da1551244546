import { invalidStatement, LWTError } from '@onlyif/core';
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** What is used of a `DynamoDBClient`, or of a `DynamoDBDocumentClient` of `@aws-sdk/lib-dynamodb`. */
export interface DynamoDbClient {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/** Options of the AWS SDK for a client that the adapter makes: `region`, `credentials`, `endpoint`, … */
export type ConnectionOptions = Omit<DynamoDBClientConfig, 'maxAttempts' | 'retryStrategy' | 'retryMode'>;

export interface OpenConnection {
  readonly client: DynamoDbClient;
  /** The commands of the SDK: low-level ones, so that no document client marshals values. */
  readonly sdk: typeof import('@aws-sdk/client-dynamodb');
}

/** A client that is there, or one that is made at its first use. */
export class Connection {
  #client: DynamoDbClient | undefined;
  #opening: Promise<OpenConnection> | undefined;
  readonly #own: ConnectionOptions | undefined;
  #closed = false;

  constructor(client: DynamoDbClient | undefined, own: ConnectionOptions) {
    const unused = Object.keys(own);
    if (client !== undefined && unused.length > 0)
      throw invalidStatement(`dynamodb: a client is given, so ${unused.join(', ')} would not be used.`);
    this.#client = client;
    this.#own = client === undefined ? own : undefined;
  }

  get client(): DynamoDbClient | undefined {
    return this.#client;
  }

  open(): Promise<OpenConnection> {
    if (this.#closed) return Promise.reject(new LWTError('closed', 'The adapter is closed.'));
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Destroys a client that was made here, and no other. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#own === undefined) return;
    const opened = await this.#opening?.catch(() => undefined);
    opened?.client.destroy();
  }

  async #open(): Promise<OpenConnection> {
    const sdk = await import('@aws-sdk/client-dynamodb');
    this.#client ??= makeClient(sdk, this.#own ?? {});
    return { client: this.#client, sdk };
  }
}

/** The time of a call is bounded by its abort signal. `requestTimeout` alone would only log that a server is silent. */
const timeouts = { connectionTimeout: 3_000, throwOnRequestTimeout: true };

function makeClient(sdk: OpenConnection['sdk'], options: ConnectionOptions): DynamoDBClient {
  return new sdk.DynamoDBClient({ requestHandler: timeouts, ...options, maxAttempts: 1 });
}
