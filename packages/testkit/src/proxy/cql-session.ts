import { commitFault, type CqlExchange, framed } from './cql-fault-actions.ts';
import type { CqlFault, Ending, Hold } from './cql-faults.ts';
import { encodeFrame, FrameSplitter, opcodes } from './cql-frames.ts';
import { refusal, withoutExtras } from './cql-negotiation.ts';
import { type CqlReply, errorReply, preparedId } from './cql-reply.ts';
import { type CqlConnection, type CqlRequest, describeRequest, type PreparedTexts } from './cql-request.ts';
import type { RuleInUse } from './cql-rules.ts';
import type { ClientSocket } from './client-socket.ts';
import { CqlUpstream } from './cql-upstream.ts';

/** What answers a request that no rule touches: the server, or something in front of it. */
export interface CqlServerSide {
  readonly connection: CqlConnection;
  /** The server's own reply; to another body of the same opcode where one is given. */
  forward(body?: Buffer): Promise<CqlReply>;
  /** Asks the server something else, on the same connection. */
  ask(opcode: number, body: Buffer): Promise<CqlReply>;
}

/**
 * Answers in place of the server; `undefined` leaves the request to the server. What it throws is answered as a server
 * error that names the proxy. Faults apply to its replies too.
 */
export type CqlIntercept = (request: CqlRequest, server: CqlServerSide) => Promise<CqlReply> | undefined;

/** What the connections of one proxy share. */
export interface SessionHost {
  readonly server: { readonly host: string; readonly port: number };
  readonly prepared: PreparedTexts;
  readonly intercept: CqlIntercept | undefined;
  /** Notes a request, and the rule that is due for it. */
  arrived(request: CqlRequest, connection: CqlConnection): { readonly rule: RuleInUse | undefined; readonly forwarded: () => void };
  hold(until: Hold): Promise<void>;
}

type Arrival = { readonly request: CqlRequest; readonly rule: RuleInUse | undefined; readonly forwarded: () => void };

/** One connection of a client with its connection to the server. */
export class CqlSession {
  readonly connection: CqlConnection;
  readonly #client: ClientSocket;
  readonly #host: SessionHost;
  readonly #upstream: CqlUpstream;
  #held = 0;
  #gone = false;
  #serverGone = false;
  #silent = false;
  #listens = false;

  /** `onClosed`: when both sides have ended; what is held keeps the server's side open. */
  constructor(client: ClientSocket, host: SessionHost, onClosed: () => void) {
    this.connection = { localAddress: client.localAddress };
    this.#client = client;
    this.#host = host;
    this.#upstream = new CqlUpstream(
      host.server,
      (event) => this.#write(encodeFrame(event)),
      (failed) => {
        this.#serverGone = true;
        this.disconnect(failed ? 'reset' : 'end');
        if (this.#gone) onClosed();
      },
    );
    const splitter = new FrameSplitter();
    client.stream.on('data', (chunk: Buffer) => this.#receive(splitter, chunk));
    client.stream.on('error', () => undefined);
    client.stream.on('close', () => {
      this.#gone = true;
      this.#endUpstream();
      if (this.#serverGone) onClosed();
    });
  }

  /** Ends the client's connection; what is held still reaches the server. */
  disconnect(how: Ending): void {
    this.#silent = true;
    if (how === 'reset') this.#client.reset();
    else this.#client.stream.end();
  }

  /** Writes an event of the proxy's own, where the client has registered for events. */
  announce(body: Buffer): void {
    if (this.#listens) this.#write(encodeFrame({ version: 0x84, flags: 0, stream: -1, opcode: opcodes.EVENT, body }));
  }

  /** Ends both sides at once. */
  destroy(): void {
    this.#client.stream.destroy();
    this.#upstream.destroy();
  }

  #receive(splitter: FrameSplitter, chunk: Buffer): void {
    try {
      for (const frame of splitter.push(chunk)) void this.#handle(describeRequest(frame, this.#host.prepared));
    } catch {
      this.disconnect('reset');
    }
  }

  async #handle(request: CqlRequest): Promise<void> {
    const refused = refusal(request);
    if (refused !== undefined) return this.#reply(request, refused, 4);
    const arrival: Arrival = { request, ...this.#host.arrived(request, this.connection) };
    try {
      const { rule } = arrival;
      if (rule === undefined) this.#reply(request, await this.#serve(arrival));
      else await this.#fail(arrival, rule.fault);
    } catch (error) {
      this.#reply(request, errorReply(0, `The proxy failed: ${String(error)}`));
    }
  }

  #fail(arrival: Arrival, fault: CqlFault): Promise<void> {
    const { request } = arrival;
    const exchange: CqlExchange = {
      request,
      serve: () => this.#serve(arrival),
      reply: (reply) => this.#reply(request, reply),
      write: (bytes) => this.#write(bytes),
      silence: () => {
        this.#silent = true;
      },
      disconnect: (how) => this.disconnect(how),
      hold: (until) => this.#host.hold(until),
      keepServer: (work) => this.#keepServer(work),
    };
    return commitFault(exchange, fault);
  }

  async #keepServer(work: () => Promise<void>): Promise<void> {
    this.#held++;
    await work();
    this.#held--;
    this.#endUpstream();
  }

  async #serve(arrival: Arrival): Promise<CqlReply> {
    const { request, rule } = arrival;
    const forward = (body?: Buffer): Promise<CqlReply> => this.#forward(arrival, body);
    const ask = (opcode: number, body: Buffer): Promise<CqlReply> => this.#upstream.ask(opcode, body);
    const reply = await (this.#host.intercept?.(request, { connection: this.connection, forward, ask }) ?? forward());
    rule?.answered();
    return reply;
  }

  async #forward({ request, forwarded }: Arrival, body: Buffer = request.frame.body): Promise<CqlReply> {
    forwarded();
    const reply = withoutExtras(await this.#upstream.send({ ...request.frame, body }));
    if (request.frame.opcode === opcodes.REGISTER) this.#listens = true;
    const id = request.frame.opcode === opcodes.PREPARE ? preparedId(reply) : undefined;
    if (id !== undefined && request.cql !== undefined) this.#host.prepared.set(id.toString('hex'), request.cql);
    return reply;
  }

  #endUpstream(): void {
    if (this.#gone && this.#held === 0) this.#upstream.end();
  }

  #reply(request: CqlRequest, reply: CqlReply, version: number = request.frame.version): void {
    this.#write(encodeFrame({ ...framed(request, reply), version: version | 0x80 }));
  }

  #write(bytes: Buffer): void {
    if (!this.#silent && this.#client.stream.writable) this.#client.stream.write(bytes);
  }
}
