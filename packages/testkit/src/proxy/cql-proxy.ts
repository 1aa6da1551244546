import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { clientSocket, type ServerTls } from './client-socket.ts';
import { type CqlFaultKind, type CqlMatch, type CqlRule, type Ending, type Hold, matches, opcodeName } from './cql-faults.ts';
import type { OpcodeName } from './cql-frames.ts';
import type { CqlConnection, CqlRequest, PreparedTexts } from './cql-request.ts';
import { type ActiveCqlRule, RuleInUse } from './cql-rules.ts';
import { type CqlIntercept, CqlSession, type SessionHost } from './cql-session.ts';

export interface CqlProxyOptions {
  /** The server, as `host:port`. */
  readonly target: string;
  /** `'127.0.0.1'` by default. */
  readonly host?: string;
  /** A free port by default. */
  readonly port?: number;
  /** From the beginning, before those of `addRule`. */
  readonly rules?: readonly CqlRule[];
  readonly intercept?: CqlIntercept;
  /** Clients connect with TLS, which ends here; plain text by default. The way to the server is always plain text. */
  readonly tls?: ServerTls;
  /** Shared by the proxies of one cluster's nodes: an id that one node gave may be executed on another. */
  readonly prepared?: PreparedTexts;
  /** How many requests `requests()` remembers, the latest; at least 10,000 by default. */
  readonly remember?: number;
}

/** A request that reached the proxy. */
export interface SeenRequest {
  readonly opcode: OpcodeName | undefined;
  readonly cql: string | undefined;
  readonly conditional: boolean;
  readonly stream: number;
  /** The fault that a rule made of it. */
  readonly fault: CqlFaultKind | undefined;
  /** How often it went on to the server so far. */
  readonly forwarded: number;
}

/** Stands between a client and one Cassandra node, speaks protocol v3 and v4, and breaks what its rules say. */
export interface CqlProxy {
  /** `host:port`, a contact point. */
  readonly address: string;
  readonly port: number;
  /** The server, as given. */
  readonly target: string;
  /** The first rule that matches and is not used up decides; rules of earlier calls come first. */
  addRule(rule: CqlRule): ActiveCqlRule;
  /** Removes all rules; what is held stays held. */
  clearRules(): void;
  /** The requests that arrived, in order; those that match, where a match is given. */
  requests(match?: CqlMatch): readonly SeenRequest[];
  forgetRequests(): void;
  /** Ends the clients' connections that are open now; those alone that were made at one local address, where it is given. */
  disconnectAll(how: Ending, localAddress?: string): void;
  /** Accepts clients on another local address too, at the same port; rules and requests are the same. */
  openAddress(host: string): Promise<void>;
  /** No longer, and ends the connections that were made there. */
  closeAddress(host: string, how: Ending): void;
  /** Sends an event of the proxy's own, the body of an EVENT frame, to the clients that have registered for events. */
  announce(body: Buffer): void;
  /** Ends everything, what is held included; no handle stays open. */
  close(): Promise<void>;
}

/**
 * A proxy of one node: `startCqlProxy({ target: '127.0.0.1:9042' })`. For the nodes of a cluster, start one each and give
 * the client the `proxyTranslate` of all of them. Never answers on a stream that was not asked on, which crashes
 * cassandra-driver.
 */
export async function startCqlProxy(options: CqlProxyOptions): Promise<CqlProxy> {
  const proxy = new RunningProxy(options);
  await proxy.listen(options.host ?? '127.0.0.1', options.port ?? 0);
  return proxy;
}

/** `AddressTranslator.translate` of cassandra-driver. */
export type CqlTranslate = (address: string, port: number, callback: (endPoint: string) => void) => void;

/**
 * For a client whose contact points are proxies: the nodes that it learns of are reached through their proxies, those
 * without one directly. The driver wants an object of its own class:
 * `addressResolution: Object.assign(new policies.addressResolution.AddressTranslator(), { translate: proxyTranslate(proxies) })` (a class, though its declaration says interface).
 */
export function proxyTranslate(proxies: readonly CqlProxy[]): CqlTranslate {
  return (address, port, callback) => {
    const target = `${address}:${port}`;
    callback(proxies.find((proxy) => proxy.target === target)?.address ?? target);
  };
}

interface Noted {
  readonly request: CqlRequest;
  readonly connection: CqlConnection;
  readonly seen: { -readonly [K in keyof SeenRequest]: SeenRequest[K] };
}

class RunningProxy implements CqlProxy, SessionHost {
  address = '';
  port = 0;
  readonly target: string;
  readonly server: SessionHost['server'];
  readonly prepared: PreparedTexts;
  readonly intercept: CqlIntercept | undefined;
  readonly #tls: ServerTls | undefined;
  readonly #remember: number;
  readonly #listeners = new Map<string, Server>();
  readonly #sessions = new Set<CqlSession>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #rules: readonly RuleInUse[];
  #noted: Noted[] = [];

  constructor({ target, rules = [], intercept, tls, prepared = new Map(), remember = 10_000 }: CqlProxyOptions) {
    this.target = target;
    this.server = parseAddress(target);
    this.prepared = prepared;
    this.intercept = intercept;
    this.#tls = tls;
    this.#remember = remember;
    this.#rules = rules.map((rule) => new RuleInUse(rule));
  }

  async listen(host: string, port: number): Promise<void> {
    const bound = await this.#open(host, port);
    this.port = bound.port;
    this.address = `${bound.address}:${bound.port}`;
  }

  async openAddress(host: string): Promise<void> {
    await this.#open(host, this.port);
  }

  closeAddress(host: string, how: Ending): void {
    this.#listeners.get(host)?.close();
    this.#listeners.delete(host);
    this.disconnectAll(how, host);
  }

  addRule(rule: CqlRule): ActiveCqlRule {
    const added = new RuleInUse(rule);
    this.#rules = [...this.#rules, added];
    return added;
  }

  clearRules(): void {
    this.#rules = [];
  }

  requests(match?: CqlMatch): readonly SeenRequest[] {
    return this.#noted
      .filter(({ request, connection }) => match === undefined || matches(match, request, connection))
      .map(({ seen }) => ({ ...seen }));
  }

  forgetRequests(): void {
    this.#noted = [];
  }

  disconnectAll(how: Ending, localAddress?: string): void {
    for (const session of this.#sessions)
      if (localAddress === undefined || session.connection.localAddress === localAddress) session.disconnect(how);
  }

  announce(body: Buffer): void {
    for (const session of this.#sessions) session.announce(body);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    const closed = Array.from(this.#listeners.values(), (listener) => {
      const each = once(listener, 'close');
      listener.close();
      return each;
    });
    this.#listeners.clear();
    for (const session of this.#sessions) session.destroy();
    await Promise.all(closed);
  }

  arrived(request: CqlRequest, connection: CqlConnection): { readonly rule: RuleInUse | undefined; readonly forwarded: () => void } {
    const rule = this.#rules.find((each) => each.takes(request, connection));
    const seen = {
      opcode: opcodeName(request.frame),
      cql: request.cql,
      conditional: request.conditional,
      stream: request.frame.stream,
      fault: rule?.fault.kind,
      forwarded: 0,
    };
    this.#note({ request, connection, seen });
    const forwarded = (): void => {
      seen.forwarded++;
    };
    return { rule, forwarded };
  }

  hold(until: Hold): Promise<void> {
    if (typeof until !== 'number') return until.opened;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, until);
      this.#timers.add(timer);
    });
  }

  async #open(host: string, port: number): Promise<AddressInfo> {
    const listener = createServer((raw) => {
      const session: CqlSession = new CqlSession(clientSocket(raw, this.#tls), this, () => this.#sessions.delete(session));
      this.#sessions.add(session);
    });
    listener.listen(port, host);
    await once(listener, 'listening');
    this.#listeners.set(host, listener);
    return listener.address() as AddressInfo;
  }

  #note(noted: Noted): void {
    this.#noted.push(noted);
    // In halves: to shift one of 10,000 at each request would be slow.
    if (this.#noted.length > 2 * this.#remember) this.#noted = this.#noted.slice(-this.#remember);
  }
}

function parseAddress(address: string): SessionHost['server'] {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined) throw new RangeError(`The target of a proxy is host:port, not ${JSON.stringify(address)}.`);
  return { host, port: Number(port) };
}
