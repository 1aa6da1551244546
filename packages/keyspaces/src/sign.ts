import { createHash, createHmac } from 'node:crypto';

/** Credentials of AWS as the SDK's providers return them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** From then on they are refused; absent where they do not expire. */
  readonly expiration?: Date | undefined;
}

export interface Challenge {
  readonly region: string;
  /** What the server wants signed, once. */
  readonly nonce: string;
  readonly date: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';
const lifetimeSeconds = 900;

/**
 * The answer to the SigV4 challenge of Amazon Keyspaces: `signature=…,access_key=…,amzdate=…`, with the session token where
 * there is one. The request that is signed is SigV4's own but for its date, which has dashes, colons and milliseconds.
 */
export function signChallenge({ region, nonce, date }: Challenge, credentials: AwsCredentials): string {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = date.toISOString();
  const day = time.slice(0, 10).replaceAll('-', '');
  const scope = [day, region, 'cassandra', 'aws4_request'];
  const toSign = [algorithm, time, scope.join('/'), sha256(canonicalRequest(accessKeyId, scope.join('/'), time, nonce))].join('\n');
  const key = scope.reduce((secret: string | Buffer, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const token = sessionToken === undefined ? '' : `,session_token=${sessionToken}`;
  return `signature=${hmac(key, toSign).toString('hex')},access_key=${accessKeyId},amzdate=${time}${token}`;
}

function canonicalRequest(accessKeyId: string, scope: string, time: string, nonce: string): string {
  const query = [
    `X-Amz-Algorithm=${algorithm}`,
    `X-Amz-Credential=${accessKeyId}%2F${encodeURIComponent(scope)}`,
    `X-Amz-Date=${encodeURIComponent(time)}`,
    `X-Amz-Expires=${lifetimeSeconds}`,
  ];
  return ['PUT', '/authenticate', query.join('&'), 'host:cassandra', '', 'host', sha256(nonce)].join('\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
