import { callbackify } from 'node:util';
import { LWTError } from '@onlyif/core';
import type { auth } from 'cassandra-driver';
import type { CredentialProvider } from './credentials.ts';
import { signChallenge } from './sign.ts';

export type Driver = typeof import('cassandra-driver');

/** What is used of an auth provider; one of another copy of cassandra-driver fits, such as that of AWS's own plugin. */
export interface AuthProviderLike {
  newAuthenticator(endpoint: string, name: string): AuthenticatorLike;
}

export interface AuthenticatorLike {
  initialResponse(callback: AuthCallback): void;
  evaluateChallenge(challenge: Buffer, callback: AuthCallback): void;
  onAuthenticationSuccess?(token?: Buffer): void;
}

export type AuthCallback = (error: Error | null, token?: Buffer) => void;

const mechanism = Buffer.from('SigV4\0\0');

/** Signs the challenge of Amazon Keyspaces, with credentials that are asked for at each handshake. */
export function sigV4Provider(region: string, credentials: CredentialProvider): AuthProviderLike {
  return {
    newAuthenticator: () => ({
      initialResponse: (callback) => callback(null, mechanism),
      evaluateChallenge: (challenge, callback) => callbackify(answer)(challenge.toString(), region, credentials, callback),
    }),
  };
}

async function answer(challenge: string, region: string, credentials: CredentialProvider): Promise<Buffer> {
  const nonce = /nonce=([^,]+)/.exec(challenge)?.[1];
  if (nonce === undefined)
    throw new LWTError('access-denied', 'The server asked for SigV4 without a nonce to sign: it does not seem to be Amazon Keyspaces.');
  const found = await credentials();
  return Buffer.from(signChallenge({ region, nonce, date: new Date() }, found));
}

export interface Guard {
  /** How long an answer may take, and what is said where it takes longer. */
  readonly timeoutMs: number;
  readonly late: string;
  readonly onSuccess: () => void;
}

/**
 * An auth provider of the driver's own class, which the driver checks by `instanceof`, that always calls back: the driver
 * waits without a limit, as for AWS's plugin where there are no credentials, and an error that is thrown instead is an
 * uncaught one (lib/connection.js).
 */
export function guardedAuthProvider(driver: Driver, provider: AuthProviderLike, guard: Guard): auth.AuthProvider {
  // A class, though its declaration says interface.
  const { AuthProvider } = driver.auth as unknown as { readonly AuthProvider: new () => auth.AuthProvider };
  return Object.assign(new AuthProvider(), {
    newAuthenticator: (endpoint: string, name: string) => guarded(() => provider.newAuthenticator(endpoint, name), guard),
  });
}

function guarded(make: () => AuthenticatorLike, guard: Guard): Required<AuthenticatorLike> {
  let authenticator: AuthenticatorLike | undefined;
  return {
    initialResponse: (callback) =>
      calledBack(guard, callback, (end) => {
        authenticator = make();
        return authenticator.initialResponse(end);
      }),
    evaluateChallenge: (challenge, callback) => calledBack(guard, callback, (end) => authenticator?.evaluateChallenge(challenge, end)),
    onAuthenticationSuccess: (token) => {
      guard.onSuccess();
      // The connection is there, whatever its authenticator makes of that.
      void (async () => authenticator?.onAuthenticationSuccess?.(token))().catch(() => undefined);
    },
  };
}

/** Calls back once: with what the work ends with, with what it throws, at once or later, or with an error when its time is over. */
function calledBack({ timeoutMs, late }: Guard, callback: AuthCallback, work: (end: AuthCallback) => unknown): void {
  let called = false;
  const end: AuthCallback = (error, token) => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    callback(error, token);
  };
  const timer = setTimeout(() => end(new LWTError('access-denied', late)), timeoutMs);
  // A handshake is kept alive by its socket.
  timer.unref();
  (async () => work(end))().catch((error: unknown) => end(error instanceof Error ? error : new Error(String(error))));
}
