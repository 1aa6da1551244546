import { DriverClient } from '@onlyif/core';
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

/** The client that requests go through, with the SDK's commands. */
export class Connection {
  readonly #driver: DriverClient<DynamoDbClient>;
  #sdk: Promise<OpenConnection['sdk']> | undefined;

  constructor(client: DynamoDbClient | undefined, own: ConnectionOptions) {
    const make = async (): Promise<DynamoDbClient> => makeClient(await this.#loadSdk(), own);
    this.#driver = new DriverClient(client, own, { make, end: async (made) => made.destroy() });
  }

  get client(): DynamoDbClient | undefined {
    return this.#driver.client;
  }

  async open(): Promise<OpenConnection> {
    const client = await this.#driver.open();
    return { client, sdk: await this.#loadSdk() };
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  #loadSdk(): Promise<OpenConnection['sdk']> {
    return (this.#sdk ??= import('@aws-sdk/client-dynamodb'));
  }
}

/** The time of a call is bounded by its abort signal. `requestTimeout` alone would only log that a server is silent. */
const timeouts = { connectionTimeout: 3_000, throwOnRequestTimeout: true };

function makeClient(sdk: OpenConnection['sdk'], options: ConnectionOptions): DynamoDBClient {
  return new sdk.DynamoDBClient({ requestHandler: timeouts, ...options, maxAttempts: 1 });
}
