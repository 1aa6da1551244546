import { randomBytes, timingSafeEqual } from 'node:crypto';

/** What a client may show to be let in. */
export type KeyspacesCredential =
  /** An access key of AWS; `sessionToken` where it is a temporary one. */
  | {
      readonly kind: 'access-key';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
      /** From then on it is refused; never by default. */
      readonly expiresAt?: Date;
    }
  /** A service-specific credential of IAM: user name and password. */
  | { readonly kind: 'service-user'; readonly username: string; readonly password: string };

export type AccessKey = Extract<KeyspacesCredential, { kind: 'access-key' }>;
export type ServiceUser = Extract<KeyspacesCredential, { kind: 'service-user' }>;

/** An access key that nobody has. */
export function randomAccessKey(): AccessKey {
  return {
    kind: 'access-key',
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
}

/** Whether two texts are equal, in a time that does not tell how much of them is. */
export function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
