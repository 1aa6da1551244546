import { createHash, createHmac } from 'node:crypto';
import type { KeyspacesStandIn } from '@onlyif/testkit';
import { type ControlConnection, repairDriver } from '../../packages/cql/src/repair-driver.ts';
import cassandraDriver, { type Client, type ClientOptions } from 'cassandra-driver';

const { auth, policies, types } = cassandraDriver;

/** How a client of these tests signs. */
export interface Signing {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** The client's clock; `Date.now` by default. */
  readonly now?: () => number;
  /** In place of the nonce of the challenge. */
  readonly nonce?: string;
}

/**
 * A provider of these tests' own, in a few lines, so that the stand-in is not judged by code of this library; `nonces`
 * collects those of its challenges. Of the driver's class, which its declaration calls an interface.
 */
export function testSigV4Provider(signing: Signing, nonces: string[] = []): cassandraDriver.auth.AuthProvider {
  return Object.assign(new auth.PlainTextAuthProvider('', ''), { newAuthenticator: () => authenticator(signing, nonces) });
}

function authenticator(signing: Signing, nonces: string[]): cassandraDriver.auth.Authenticator {
  return {
    initialResponse: (callback) => callback(null, Buffer.from('SigV4\0\0')),
    evaluateChallenge: (challenge, callback) => {
      const nonce = challenge.toString('utf8').slice('nonce='.length);
      nonces.push(nonce);
      callback(null, Buffer.from(answer(signing, signing.nonce ?? nonce)));
    },
    onAuthenticationSuccess: () => undefined,
  };
}

function answer({ region, accessKeyId, secretAccessKey, sessionToken, now = Date.now }: Signing, nonce: string): string {
  const amzdate = new Date(now()).toISOString();
  const scope = [amzdate.slice(0, 10).replaceAll('-', ''), region, 'cassandra', 'aws4_request'];
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKeyId}%2F${scope.join('%2F')}&X-Amz-Date=${amzdate.replaceAll(':', '%3A')}&X-Amz-Expires=900`;
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const request = `PUT\n/authenticate\n${query}\nhost:cassandra\n\nhost\n${hash(nonce)}`;
  let key: Buffer | string = `AWS4${secretAccessKey}`;
  for (const step of scope) key = createHmac('sha256', key).update(step).digest();
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${amzdate}\n${scope.join('/')}\n${hash(request)}`)
    .digest('hex');
  const token = sessionToken === undefined ? '' : `,session_token=${sessionToken}`;
  return `signature=${signature},access_key=${accessKeyId},amzdate=${amzdate}${token}`;
}

/** Signs with the stand-in's first access key, as far as `over` says nothing else. */
export function signingOf(standIn: KeyspacesStandIn, over: Partial<Signing> = {}): Signing {
  const key = standIn.credentials.find((each) => each.kind === 'access-key');
  if (key === undefined) throw new Error('the stand-in knows no access key');
  return {
    region: standIn.region,
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey,
    sessionToken: key.sessionToken,
    ...over,
  };
}

/** A plain client of cassandra-driver, as AWS's guide sets it up. */
export function keyspacesClient(standIn: KeyspacesStandIn, options: Partial<ClientOptions> = {}): Client {
  const client = new cassandraDriver.Client({
    contactPoints: [standIn.address],
    localDataCenter: standIn.region,
    protocolOptions: { port: standIn.port },
    authProvider: testSigV4Provider(signingOf(standIn)),
    ...(standIn.ca === undefined
      ? {}
      : {
          sslOptions: {
            ca: [standIn.ca],
            rejectUnauthorized: true,
            ...(standIn.serverName === undefined ? {} : { servername: standIn.serverName }),
          },
        }),
    policies: { loadBalancing: new policies.loadBalancing.RoundRobinPolicy(), retry: new policies.retry.FallthroughRetryPolicy() },
    queryOptions: { consistency: types.consistencies.localQuorum, prepare: true },
    socketOptions: { readTimeout: 10_000, connectTimeout: 3_000 },
    ...options,
  });
  // Where addresses change, a driver as it is may end the run of the tests (NODEJS-681).
  repairDriver((client as unknown as { readonly controlConnection: ControlConnection }).controlConnection);
  return client;
}

interface NativeError extends Error {
  readonly code?: unknown;
  readonly innerErrors?: Readonly<Record<string, NativeError>>;
}

/** The errors of the hosts where the driver has only those to tell. */
export function inWords(error: NativeError): string {
  const inner = Object.values(error.innerErrors ?? {});
  if (inner.length > 0) return inner.map(inWords).join('; ');
  const code = typeof error.code === 'number' ? ` 0x${error.code.toString(16).padStart(4, '0')}` : '';
  return `${error.name}${code}: ${error.message}`;
}

/** What comes of connecting: `'connected'`, or the error in words. */
export async function connecting(client: Client): Promise<string> {
  try {
    await client.connect();
    return 'connected';
  } catch (error) {
    return inWords(error as NativeError);
  } finally {
    await client.shutdown();
  }
}
