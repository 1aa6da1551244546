import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** How the fake answers: a status with a JSON body, or a reset of the connection once the request has arrived. */
export type Reply = { readonly status: number; readonly body: object; readonly headers?: Readonly<Record<string, string>> } | 'reset';

/** A fake of DynamoDB's endpoint on the loopback interface: it keeps what arrives, and answers alike after the `first` replies. */
export class FakeEndpoint {
  readonly received: Received[] = [];
  reply: Reply = { status: 200, body: {} };
  readonly first: Reply[] = [];
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A client with the retries that callers have: five attempts. */
  client(options: DynamoDBClientConfig = {}): DynamoDBClient {
    const { port } = this.#server.address() as AddressInfo;
    return new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
      maxAttempts: 5,
      ...options,
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    this.received.push({ operation, input: JSON.parse(Buffer.concat(chunks).toString()) as Received['input'] });
    const reply = this.first.shift() ?? this.reply;
    if (reply === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.0', ...reply.headers });
    response.end(JSON.stringify(reply.body));
  }
}
