import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { bigint, type Client, createClient, defineTable, int, text } from '@onlyif/core';
import { dynamodb, type DynamoDbOptions } from '@onlyif/dynamodb';
import { type HttpProxy, startHttpProxy } from '@onlyif/testkit';
import { inject } from 'vitest';
import { localDynamoDb, uniqueName } from '../backends/backends.ts';
import { isSkipped } from '../servers/server.ts';

/** A table without a write token, so that nothing but the single attempt decides. */
export const counters = defineTable('counters', {
  columns: { id: text(), v: int().notNull(), n: bigint() },
  partitionKey: ['id'],
});

const address = inject('dynamodb');
export const hasDynamoDb: boolean = !isSkipped(address);

/** DynamoDB Local with a table of its own, behind a proxy and around it. */
export class DynamoDbPlace {
  readonly proxy: HttpProxy;
  /** Of DynamoDB Local itself. */
  readonly endpoint: string;
  readonly tableName: string = uniqueName();
  /** Reads and writes around the proxy. */
  readonly direct: Client;

  private constructor(proxy: HttpProxy, endpoint: string) {
    this.proxy = proxy;
    this.endpoint = endpoint;
    this.direct = createClient(dynamodb({ endpoint, ...localDynamoDb, tableName: () => this.tableName }), { verify: 'off' });
  }

  static async open(): Promise<DynamoDbPlace> {
    if (isSkipped(address)) throw new Error(address.skipped);
    const place = new DynamoDbPlace(await startHttpProxy({ target: address.endpoint }), address.endpoint);
    await place.direct.createTable(counters);
    return place;
  }

  /** The requests but for reads: an unknown outcome is followed by a read for the error. */
  get writes(): HttpProxy['log'] {
    return this.proxy.log.filter(({ operation }) => operation !== 'GetItem');
  }

  /** A client of the SDK whose requests go through the proxy. */
  sdkClient(options: DynamoDBClientConfig = {}): DynamoDBClient {
    return new DynamoDBClient({ endpoint: this.proxy.endpoint, ...localDynamoDb, ...options });
  }

  /** A client of this library that sends each request once, through the proxy, unless the options say otherwise. */
  client(options: DynamoDbOptions = { endpoint: this.proxy.endpoint, ...localDynamoDb }): Client {
    return createClient(dynamodb({ ...options, tableName: () => this.tableName }), { verify: 'off', retry: 'off' });
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.direct.dropTable(counters);
    await this.direct.close();
  }
}
