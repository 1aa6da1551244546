import { isIP } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { invalidStatement } from '@onlyif/core';
import { type CqlClient, makeClient, type WrittenRequests } from '@onlyif/cql';
import type { auth, ClientOptions } from 'cassandra-driver';
import { type AuthProviderLike, type Driver, guardedAuthProvider, sigV4Provider } from './auth-provider.ts';
import { connectFailure } from './connect-failure.ts';
import {
  checkServiceCredentials,
  type CredentialProvider,
  credentialProvider,
  isServiceCredentials,
  type ServiceCredentials,
} from './credentials.ts';
import { type Endpoint, type EndpointOptions, endpointOf } from './endpoint.ts';
import { type RefusedAuthentication, withRefusals } from './refused-authentication.ts';
import type { AwsCredentials } from './sign.ts';

/** The driver's options that the connection leaves to the caller: `socketOptions`, `policies`, `metrics`, … */
export type DriverOptions = Omit<
  ClientOptions,
  | 'contactPoints'
  | 'localDataCenter'
  | 'keyspace'
  | 'encoding'
  | 'authProvider'
  | 'credentials'
  | 'sslOptions'
  | 'protocolOptions'
  | 'cloud'
>;

export interface ConnectionOptions extends EndpointOptions, DriverOptions {
  /**
   * What to sign with: credentials, a provider of the AWS SDK, which is asked at each handshake, or the user name and
   * password of service-specific credentials. By default what the SDK's default chain finds, which needs the package
   * `@aws-sdk/credential-providers`.
   */
  readonly credentials?: AwsCredentials | CredentialProvider | ServiceCredentials | undefined;
  /** An auth provider of the caller's instead, such as `SigV4AuthProvider` of `aws-sigv4-auth-cassandra-plugin`. */
  readonly authProvider?: AuthProviderLike | undefined;
  /** How long credentials, or an auth provider, may take at a handshake; 10,000 ms by default. */
  readonly credentialsTimeoutMs?: number | undefined;
  /** Certificates that are trusted beside those of Node.js (`tls.rootCertificates`), as PEM. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** The name that the server's certificate must bear; by default the host of the endpoint. */
  readonly servername?: string | undefined;
  /** Connections to each address of the service, each of which takes 3,000 requests a second; 2 by default. */
  readonly connectionsPerHost?: number | undefined;
  /** Hears of each handshake that failed: one on a new connection while others work shows nowhere else. */
  readonly onAuthenticationError?: ((error: Error) => void) | undefined;
}

/** A connection that can be made: options are checked at once, and the driver is loaded when it connects. */
export function connector(options: ConnectionOptions, refused: RefusedAuthentication): (written: WrittenRequests) => Promise<CqlClient> {
  refuseOurs(options);
  const endpoint = endpointOf(options);
  const provider = providerOf(options, endpoint);
  const { credentialsTimeoutMs: timeoutMs = 10_000, authProvider } = options;
  const late = `The ${authProvider === undefined ? 'AWS credential' : 'auth'} provider gave nothing in ${timeoutMs} ms: it may have found no credentials, or be waiting for instance metadata that is not there.`;
  const guard = { timeoutMs, late, onSuccess: () => void delete refused.last };
  return async (written) => {
    const driver = await import('cassandra-driver');
    const auth = guardedAuthProvider(driver, provider(driver), guard);
    return makeClient(driver, clientOptions(driver, options, endpoint, auth, refused), written).catch((error: unknown) => {
      throw connectFailure(error, endpoint);
    });
  };
}

/** Options of the driver that the adapter sets, and what to give instead. */
const ours: Readonly<Record<string, string>> = {
  cloud: '; give endpoint',
  contactPoints: '; give region or endpoint',
  encoding: '',
  localDataCenter: '; give region',
  protocolOptions: '; give endpoint',
  sslOptions: '; give ca and servername',
};

/** What the types forbid would be lost, or turn the verification of certificates off. */
function refuseOurs(options: object): void {
  const name = Object.keys(options).find((each) => Object.hasOwn(ours, each));
  if (name !== undefined) throw invalidStatement(`keyspaces: ${name} is set by the adapter${ours[name]}.`);
}

function providerOf({ credentials, authProvider }: ConnectionOptions, { region }: Endpoint): (driver: Driver) => AuthProviderLike {
  if (authProvider !== undefined) {
    if (credentials !== undefined) throw invalidStatement('keyspaces: an authProvider is given, so credentials would not be used.');
    return () => authProvider;
  }
  if (isServiceCredentials(credentials)) {
    checkServiceCredentials(credentials);
    return ({ auth: { PlainTextAuthProvider } }) => new PlainTextAuthProvider(credentials.username, credentials.password);
  }
  const provider = sigV4Provider(region, credentialProvider(credentials));
  return () => provider;
}

/**
 * Undefined for Node's own: of its roots and `NODE_EXTRA_CA_CERTS`. Made once, for parsing the roots takes
 * longer than the rest of a handshake.
 */
function trusting(ca: ConnectionOptions['ca']): SecureContext | undefined {
  return ca === undefined ? undefined : createSecureContext({ ca: [...rootCertificates, ...[ca].flat()] });
}

const heartBeatMs = 30_000;

function clientOptions(
  driver: Driver,
  options: ConnectionOptions,
  { region, host, port }: Endpoint,
  authProvider: auth.AuthProvider,
  refused: RefusedAuthentication,
): ClientOptions {
  const { servername = host, connectionsPerHost = 2, onAuthenticationError } = options;
  const secureContext = trusting(options.ca);
  const { pooling, policies, metrics, ...others } = driversOwn(options);
  const { loadBalancing } = driver.policies;
  return {
    ...others,
    contactPoints: [host],
    // Protocol v4, which the service speaks, at once: the driver would begin with one of DataStax's.
    protocolOptions: { port, maxVersion: 4 },
    localDataCenter: region,
    authProvider,
    // The driver takes any certificate unless it is told not to (lib/connection.js).
    sslOptions: { rejectUnauthorized: true, ...(isIP(servername) === 0 && { servername }), ...(secureContext && { secureContext }) },
    pooling: { heartBeatInterval: heartBeatMs, coreConnectionsPerHost: { '0': connectionsPerHost, '1': 1, '2': 0 }, ...pooling },
    policies: {
      // Its addresses are load balancers: none of them holds more of a row than another.
      loadBalancing: new loadBalancing.DCAwareRoundRobinPolicy(region),
      ...policies,
    },
    metrics: withRefusals(driver, metrics, refused, onAuthenticationError),
  };
}

function driversOwn({
  region: _region,
  endpoint: _endpoint,
  fips: _fips,
  credentials: _credentials,
  authProvider: _authProvider,
  credentialsTimeoutMs: _credentialsTimeoutMs,
  ca: _ca,
  servername: _servername,
  connectionsPerHost: _connectionsPerHost,
  onAuthenticationError: _onAuthenticationError,
  ...own
}: ConnectionOptions): DriverOptions {
  return own;
}
