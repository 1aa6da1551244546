import { write } from '../proxy/cql-body.ts';
import type { CqlMatch, CqlRule, Ending } from '../proxy/cql-faults.ts';
import { type CqlProxy, type SeenRequest, startCqlProxy } from '../proxy/cql-proxy.ts';
import type { ActiveCqlRule } from '../proxy/cql-rules.ts';
import { makeTestCertificate, type TestCertificate } from './certificate.ts';
import { inetCell } from './cql-cells.ts';
import { type KeyspacesCredential, randomAccessKey } from './credentials.ts';
import { freshLoopback } from './loopback.ts';
import { Resources } from './resources.ts';
import { KeyspacesService } from './service.ts';
import type { KeyspacesStandIn, KeyspacesStandInOptions, RotateOptions, ThrottleOptions } from './stand-in-options.ts';
import { throttlingRule } from './throttling.ts';

/**
 * A stand-in for Amazon Keyspaces, in front of a Cassandra that does the work: it asks for TLS and SigV4 (or a service user),
 * refuses what Keyspaces refuses (`keyspacesRefusals`), makes tables that are ACTIVE later, and shows load balancers in
 * place of nodes. What it answers is from AWS's documentation, or marked with `standInMark` where that says nothing; no
 * capacity, cost, policy of IAM or time of AWS is in it, no quota but those of keys and batches, and what passes is judged
 * by Cassandra. Tests against it show that a program keeps to what is documented, not that it runs on AWS.
 *
 * ```ts
 * const standIn = await startKeyspacesStandIn({ target: '127.0.0.1:9042', region: 'eu-west-1' });
 * const client = new Client({
 *   contactPoints: [standIn.address],
 *   localDataCenter: standIn.region,
 *   authProvider, // that signs with standIn.credentials[0]
 *   sslOptions: { ca: [standIn.ca], servername: standIn.serverName, rejectUnauthorized: true },
 *   queryOptions: { consistency: types.consistencies.localQuorum },
 * });
 * ```
 */
export async function startKeyspacesStandIn(options: KeyspacesStandInOptions): Promise<KeyspacesStandIn> {
  const standIn = new RunningStandIn(options, await identificationOf(options));
  try {
    await standIn.start(options);
  } catch (error) {
    await standIn.close();
    throw error;
  }
  return standIn;
}

const defaultRegion = 'eu-west-1';
const defaultHost = '127.0.0.1';

/** As whom a stand-in shows itself: without TLS as nobody. */
interface Identification {
  readonly certificate: TestCertificate | undefined;
  readonly serverName: string | undefined;
}

async function identificationOf({ tls = 'test-certificate', ...options }: KeyspacesStandInOptions): Promise<Identification> {
  if (tls === 'plain-text') return { certificate: undefined, serverName: undefined };
  if (tls !== 'test-certificate') return { certificate: tls, serverName: undefined };
  const { region = defaultRegion, host = defaultHost } = options;
  const names = options.certificateNames ?? [`cassandra.${region}.amazonaws.com`, host];
  return { certificate: await makeTestCertificate(names), serverName: names[0] };
}

const noProxy = (): never => {
  throw new Error('the stand-in has not been started');
};

class RunningStandIn implements KeyspacesStandIn {
  credentials: readonly KeyspacesCredential[];
  peers: readonly string[] = [];
  readonly region: string;
  readonly ca: string | undefined;
  readonly serverName: string | undefined;
  readonly now: () => number;
  readonly #tls: TestCertificate | undefined;
  readonly #peerCount: number;
  readonly #host: string;
  #proxy: CqlProxy | undefined;

  constructor(
    { region = defaultRegion, host = defaultHost, credentials = [randomAccessKey()], now = Date.now, peers = 0 }: KeyspacesStandInOptions,
    { certificate, serverName }: Identification,
  ) {
    this.region = region;
    this.credentials = credentials;
    this.now = now;
    this.#peerCount = peers;
    this.#host = host;
    this.#tls = certificate;
    this.ca = certificate?.ca;
    this.serverName = serverName;
  }

  get #running(): CqlProxy {
    return this.#proxy ?? noProxy();
  }

  get address(): string {
    return this.#running.address;
  }

  get port(): number {
    return this.#running.port;
  }

  async start(options: KeyspacesStandInOptions): Promise<void> {
    const { target, host, port, rules, activeAfter = 200, updatedAfter, goneAfter, allow = {}, replicationFactor = 1 } = options;
    const service = new KeyspacesService({
      identity: this,
      resources: new Resources({ activeAfter, updatedAfter, goneAfter }),
      allow,
      replicationFactor,
      peers: () => this.peers,
    });
    this.#proxy = await startCqlProxy({
      target,
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(rules === undefined ? {} : { rules }),
      ...(this.#tls === undefined ? {} : { tls: this.#tls }),
      intercept: (request, server) => service.answer(request, server),
    });
    this.peers = await this.#openPeers();
  }

  async rotatePeers({ announce = 'reconnect', old: end = 'close' }: RotateOptions = {}): Promise<readonly string[]> {
    const old = this.peers;
    this.peers = await this.#openPeers();
    if (announce === 'events') {
      for (const peer of this.peers) this.#running.announce(topologyChange('NEW_NODE', peer, this.port));
      for (const peer of old) this.#running.announce(topologyChange('REMOVED_NODE', peer, this.port));
    }
    if (end === 'close') for (const peer of old) this.#running.closeAddress(peer, 'end');
    if (announce === 'reconnect') this.#running.disconnectAll('end', this.#host);
    return this.peers;
  }

  throttle(options: ThrottleOptions = {}): ActiveCqlRule {
    return this.addRule(throttlingRule(options, this.now));
  }

  addRule(rule: CqlRule): ActiveCqlRule {
    return this.#running.addRule(rule);
  }

  clearRules(): void {
    this.#running.clearRules();
  }

  requests(match?: CqlMatch): readonly SeenRequest[] {
    return this.#running.requests(match);
  }

  forgetRequests(): void {
    this.#running.forgetRequests();
  }

  disconnectAll(how: Ending): void {
    this.#running.disconnectAll(how);
  }

  async close(): Promise<void> {
    await this.#proxy?.close();
  }

  async #openPeers(): Promise<readonly string[]> {
    const peers = Array.from({ length: this.#peerCount }, freshLoopback);
    for (const peer of peers) await this.#running.openAddress(peer);
    return peers;
  }
}

/** The body of an EVENT, native protocol v4, section 4.2.6. */
function topologyChange(what: 'NEW_NODE' | 'REMOVED_NODE', address: string, port: number): Buffer {
  return Buffer.concat([write.string('TOPOLOGY_CHANGE'), write.string(what), write.byte(4), inetCell(address), write.int(port)]);
}
