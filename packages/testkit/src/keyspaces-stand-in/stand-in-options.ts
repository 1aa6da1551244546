import type { CqlMatch, CqlRule, Ending, Hold } from '../proxy/cql-faults.ts';
import type { SeenRequest } from '../proxy/cql-proxy.ts';
import type { ActiveCqlRule } from '../proxy/cql-rules.ts';
import type { TestCertificate } from './certificate.ts';
import type { KeyspacesCredential } from './credentials.ts';
import type { UndocumentedConstructs } from './refusals.ts';

export interface KeyspacesStandInOptions {
  /** A Cassandra without authentication and without TLS, as `host:port`. */
  readonly target: string;
  /** `'eu-west-1'` by default. It is the data centre too, and must be in every signature. */
  readonly region?: string;
  /** `'127.0.0.1'` by default. */
  readonly host?: string;
  /** A free port by default; the service has 9142. */
  readonly port?: number;
  /** Whom it lets in; by default one access key, made at random. */
  readonly credentials?: readonly KeyspacesCredential[];
  /** TLS with a certificate made at the start by default; with one of yours; or none, which no Keyspaces has. */
  readonly tls?: 'test-certificate' | 'plain-text' | TestCertificate;
  /** For whom the test certificate is; `cassandra.<region>.amazonaws.com` and `host` by default. */
  readonly certificateNames?: readonly string[];
  /** When a new keyspace or table is ready: milliseconds from its creation, or until a gate is opened; 200 by default. */
  readonly activeAfter?: Hold;
  /** Until when a changed table is UPDATING, and used as before; `activeAfter` by default. */
  readonly updatedAfter?: Hold;
  /**
   * Until when a dropped table or keyspace is DELETING, and not to be used; 0 by default: it is gone at once. The Cassandra
   * behind drops it with the first request after that.
   */
  readonly goneAfter?: Hold;
  /** How many other load balancers `system.peers` names, none by default. They are addresses of 127.0.0.0/8, which Linux alone has all. */
  readonly peers?: number;
  /** Constructs that AWS does not document, to be let pass; all are refused by default. */
  readonly allow?: UndocumentedConstructs;
  /** Of every keyspace that is made through it, in the Cassandra behind; 1 by default. */
  readonly replicationFactor?: number;
  /** The service's clock, in milliseconds since 1970; `Date.now` by default. */
  readonly now?: () => number;
  /** From the beginning, before those of `addRule`. */
  readonly rules?: readonly CqlRule[];
}

export interface RotateOptions {
  /** How clients learn of it: their connections to the contact point end (default), they are sent events, or nothing tells them. */
  readonly announce?: 'reconnect' | 'events' | 'nothing';
  /** The old ones end their connections and accept no more (default), or go on until `close`, though nothing names them. */
  readonly old?: 'close' | 'keep';
}

/** Which requests are throttled; every read and write of a user's tables by default. */
export interface ThrottleOptions extends Omit<CqlRule, 'do'> {
  /**
   * How many of these requests each connection may send in a second of the stand-in's clock, counted for itself: only those
   * beyond are throttled, and counted for `times` and `skip`. The service lets 3,000 pass (Developer Guide, "Troubleshooting
   * capacity management errors", PerConnectionRequestRateExceeded). Without it, all connections are throttled at once.
   */
  readonly perConnection?: number;
}

/** Stands where Amazon Keyspaces would, in a test. It is no Keyspaces: see `startKeyspacesStandIn`. */
export interface KeyspacesStandIn {
  /** `host:port`, a contact point. */
  readonly address: string;
  readonly port: number;
  readonly region: string;
  /** The certificate of the authority that issued the server's, as PEM; undefined without TLS. */
  readonly ca: string | undefined;
  /** A name in the certificate, for `servername`; undefined with a certificate of yours, and without TLS. */
  readonly serverName: string | undefined;
  /** Whom it lets in from now on; assign to rotate. Connections that are open stay so. */
  credentials: readonly KeyspacesCredential[];
  /** The other load balancers' addresses now. */
  readonly peers: readonly string[];
  /** Puts others in their place, which it returns. */
  rotatePeers(options?: RotateOptions): Promise<readonly string[]>;
  /**
   * Answers as the service does where capacity is exceeded: a write by a WriteTimeout of type SIMPLE, none of two replicas
   * heard (Developer Guide, "Troubleshooting capacity management errors"), a read by a ReadTimeout. Nothing is done.
   */
  throttle(options?: ThrottleOptions): ActiveCqlRule;
  /** The faults of a CQL proxy, for whatever happens between client and service. They come before authentication and refusals. */
  addRule(rule: CqlRule): ActiveCqlRule;
  clearRules(): void;
  /** The requests that arrived, refused ones included, those of handshakes too; `forwarded` is 0 of what did not reach the Cassandra. */
  requests(match?: CqlMatch): readonly SeenRequest[];
  forgetRequests(): void;
  disconnectAll(how: Ending): void;
  /** Ends everything; no handle stays open. */
  close(): Promise<void>;
}
