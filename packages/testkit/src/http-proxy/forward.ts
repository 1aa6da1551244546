import { Agent, type IncomingMessage, request as sendRequest } from 'node:http';

/** A request that was received whole. */
export interface WholeRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A reply that was received whole. */
export interface WholeReply {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Sends whole requests to the server behind a proxy, each on a connection of its own: a kept one might be stale. */
export class Forwarder {
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: false });

  constructor(target: string) {
    this.#target = new URL(target);
  }

  send({ method, path, rawHeaders, body }: WholeRequest): Promise<WholeReply> {
    const { hostname, port } = this.#target;
    const headers = [...endToEnd(rawHeaders), 'content-length', String(body.length)];
    return new Promise((resolve, reject) => {
      const outgoing = sendRequest({ hostname, port, method, path, headers, agent: this.#agent }, (incoming) => {
        readWhole(incoming).then((answer) => {
          resolve({ status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body: answer });
        }, reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);

/** The headers that a proxy passes on (RFC 9110 7.6.1); the length is set anew. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => !hopByHop.has((rawHeaders[i - (i % 2)] ?? '').toLowerCase()));
}

export async function readWhole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
