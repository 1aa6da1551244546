import { createHash, createHmac } from 'node:crypto';
import { type AccessKey, type KeyspacesCredential, sameSecret } from './credentials.ts';
import { ownText } from './own-text.ts';

/** What is signed: the service's nonce, at a time that the client tells in ISO 8601 with milliseconds. */
export interface ToSign {
  readonly region: string;
  readonly nonce: string;
  readonly amzdate: string;
  readonly accessKeyId: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const windowSeconds = 900;

/** The signature that the service expects of a client, in hex: that of `PUT /authenticate` with the nonce as payload. */
export function expectedSignature({ region, nonce, amzdate, accessKeyId }: ToSign, secretAccessKey: string): string {
  const day = amzdate.slice(0, 10).replaceAll('-', '');
  const scope = `${day}/${region}/cassandra/aws4_request`;
  const query = [
    `X-Amz-Algorithm=${algorithm}`,
    `X-Amz-Credential=${encodeURIComponent(`${accessKeyId}/${scope}`)}`,
    `X-Amz-Date=${encodeURIComponent(amzdate)}`,
    `X-Amz-Expires=${windowSeconds}`,
  ].join('&');
  const request = ['PUT', '/authenticate', query, 'host:cassandra', '', 'host', sha256(nonce)].join('\n');
  const toSign = [algorithm, amzdate, scope, sha256(request)].join('\n');
  const key = [day, region, 'cassandra', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, toSign).toString('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** What the service holds against the client's answer to its challenge. */
export interface Challenge {
  readonly region: string;
  readonly nonce: string;
  readonly credentials: readonly KeyspacesCredential[];
  /** The service's clock, in milliseconds since 1970. */
  readonly now: number;
}

/** The pairs of a client's answer, `signature=…,access_key=…,amzdate=…[,session_token=…]`. */
function parseAnswer(text: string): ReadonlyMap<string, string> {
  // At the first `=` only: session tokens end in them.
  return new Map(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
}

/**
 * Why the client is not let in; undefined where it is. AWS documents no texts of this handshake. Those on signature and
 * time are the texts of signed HTTP requests (IAM user guide, "Troubleshoot signed requests"), shortened and marked.
 */
export function refuseSigV4(text: string, { region, nonce, credentials, now }: Challenge): string | undefined {
  const pairs = parseAnswer(text);
  const [signature, accessKeyId, amzdate] = ['signature', 'access_key', 'amzdate'].map((name) => pairs.get(name));
  if (signature === undefined || accessKeyId === undefined || amzdate === undefined)
    return ownText('The answer to the challenge is signature=…,access_key=…,amzdate=…');
  const key = credentials.find((each): each is AccessKey => each.kind === 'access-key' && each.accessKeyId === accessKeyId);
  if (key === undefined) return ownText(`The access key ${accessKeyId} is not known`);
  return (
    refuseDate(amzdate, now) ??
    refuseSignature(signature, expectedSignature({ region, nonce, amzdate, accessKeyId }, key.secretAccessKey), region) ??
    refuseToken(pairs.get('session_token'), key, now)
  );
}

function refuseDate(amzdate: string, now: number): string | undefined {
  const signed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(amzdate) ? Date.parse(amzdate) : NaN;
  if (Number.isNaN(signed)) return ownText(`${amzdate} is no date of a signature`);
  const clock = new Date(now).toISOString();
  if (signed < now - windowSeconds * 1000) return ownText(`Signature expired: ${amzdate} is more than 15 minutes earlier than ${clock}`);
  if (signed > now + windowSeconds * 1000)
    return ownText(`Signature not yet current: ${amzdate} is more than 15 minutes later than ${clock}`);
  return undefined;
}

function refuseSignature(given: string, expected: string, region: string): string | undefined {
  if (sameSecret(given, expected)) return undefined;
  return ownText(
    `The request signature we calculated does not match the signature you provided: another secret, another region than ${region}, or another nonce`,
  );
}

function refuseToken(given: string | undefined, { sessionToken, expiresAt }: AccessKey, now: number): string | undefined {
  if (sessionToken === undefined && given !== undefined) return ownText('This access key has no session token');
  if (sessionToken !== undefined && given === undefined) return ownText('This access key needs its session token');
  if (sessionToken !== undefined && !sameSecret(given ?? '', sessionToken))
    return ownText('The session token is not that of this access key');
  if (expiresAt !== undefined && expiresAt.getTime() <= now) return ownText(`The credentials expired at ${expiresAt.toISOString()}`);
  return undefined;
}
