import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { deliver, type Scene } from './deliver.ts';
import { Forwarder, readWhole, type WholeReply, type WholeRequest } from './forward.ts';
import type { Gate } from '../gate.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { HttpRule } from './http-fault.ts';
import { HttpRules } from './http-rules.ts';

export interface HttpProxyOptions {
  /** The server behind, such as `http://127.0.0.1:8000`. */
  readonly target: string;
  /** The port to listen on; a free one by default. */
  readonly port?: number;
}

/** A proxy on the loopback interface that does to requests what its rules say; without rules it passes all on. */
export interface HttpProxy {
  /** Where clients connect: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** Every request since the start or the last `clear()`, in order of arrival; entries go on to show what becomes of them. */
  readonly log: readonly HttpExchange[];
  /** Replaces all rules, and counts anew. Requests under way keep the fault that they met. */
  setRules(rules: readonly HttpRule[]): void;
  /** Takes all rules away and empties the log. */
  clear(): void;
  /** Resolves once the log holds so many requests. */
  arrived(requests: number): Promise<void>;
  /** Resolves once every request that is to be forwarded has been answered by the server behind, delayed ones included. */
  settled(): Promise<void>;
  /** Ends connections, timers and waits; a request that was still held up is never forwarded. */
  close(): Promise<void>;
}

/** Starts a fault proxy in front of DynamoDB, or of any service that names its operation in `x-amz-target`. */
export async function startHttpProxy({ target, port = 0 }: HttpProxyOptions): Promise<HttpProxy> {
  const proxy = new Proxying(target);
  await proxy.listen(port);
  return proxy;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Proxying implements HttpProxy {
  log: HttpExchange[] = [];
  readonly #rules = new HttpRules();
  readonly #forwarder: Forwarder;
  readonly #server: Server;
  readonly #connections = new WeakMap<Socket, number>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #arrivals: (() => void)[] = [];
  #accepted = 0;

  constructor(target: string) {
    this.#forwarder = new Forwarder(target);
    // Each request that is held up listens.
    setMaxListeners(0, this.#closing.signal);
    // No limit of its own on idle or slow clients: every end of a connection is a fault that a test asked for.
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
      const done = this.#handle(request, response).finally(() => this.#underWay.delete(done));
      this.#underWay.add(done);
    });
    this.#server.on('connection', (socket) => {
      this.#connections.set(socket, ++this.#accepted);
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  setRules(rules: readonly HttpRule[]): void {
    this.#rules.set(rules);
  }

  clear(): void {
    this.#rules.set([]);
    this.log = [];
  }

  async arrived(requests: number): Promise<void> {
    while (this.log.length < requests) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    this.#forwarder.close();
    await closed;
    await this.settled();
  }

  /** Never rejects: a sender that went away, and a server behind that did, both end as a cut connection. */
  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const whole = await receive(request);
      const exchange = this.#record(request, whole.body.toString());
      const fault = this.#rules.faultFor(exchange.operation, exchange.body);
      exchange.fault = fault?.kind;
      await deliver(this.#scene(whole, response, exchange), fault);
    } catch {
      response.socket?.resetAndDestroy();
    }
  }

  #record({ headers, socket }: IncomingMessage, body: string): Mutable<HttpExchange> {
    const exchange: Mutable<HttpExchange> = {
      operation: String(headers['x-amz-target'] ?? '').split('.')[1] ?? '',
      invocationId: one(headers['amz-sdk-invocation-id']),
      sdkRequest: one(headers['amz-sdk-request']),
      body,
      connection: this.#connections.get(socket) ?? 0,
      fault: undefined,
      forwarded: 0,
      serverStatus: undefined,
    };
    this.log.push(exchange);
    for (const wake of this.#arrivals.splice(0)) wake();
    return exchange;
  }

  #scene(request: WholeRequest, response: ServerResponse, exchange: Mutable<HttpExchange>): Scene {
    const forward = async (): Promise<WholeReply> => {
      const reply = await this.#forwarder.send(request);
      exchange.forwarded++;
      exchange.serverStatus = reply.status;
      return reply;
    };
    return { forward, response, wait: (until) => this.#wait(until) };
  }

  async #wait(until: number | Gate): Promise<void> {
    const { signal } = this.#closing;
    let timer: NodeJS.Timeout | undefined;
    let stop = (): void => undefined;
    const closing = new Promise<never>((_, reject) => {
      stop = () => reject(new Error('The proxy is closing.'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
    const open = typeof until === 'number' ? new Promise<void>((resolve) => (timer = setTimeout(resolve, until))) : until.opened;
    try {
      await Promise.race([open, closing]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }
}

async function receive(request: IncomingMessage): Promise<WholeRequest> {
  return { method: request.method ?? 'POST', path: request.url ?? '/', rawHeaders: request.rawHeaders, body: await readWhole(request) };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
