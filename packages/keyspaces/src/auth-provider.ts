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

/**
 * An auth provider that signs the challenge of Amazon Keyspaces, with credentials that are asked for at each handshake.
 * It is of the driver's own class, which the driver checks by `instanceof`.
 */
export function sigV4AuthProvider(driver: Driver, region: string, credentials: CredentialProvider): auth.AuthProvider {
  return ofDriver(driver, {
    newAuthenticator: () => ({
      initialResponse: (callback) => callback(null, mechanism),
      evaluateChallenge: (challenge, callback) => callbackify(answer)(challenge.toString(), region, credentials, callback),
      onAuthenticationSuccess: () => undefined,
    }),
  });
}

/**
 * An auth provider of the driver that was loaded, from the caller's, which may be of another copy of the driver. An
 * authenticator that never calls back, as AWS's plugin does where there are no credentials, fails when its time is over.
 */
export function callersAuthProvider(driver: Driver, provider: AuthProviderLike, timeoutMs: number): auth.AuthProvider {
  return ofDriver(driver, {
    newAuthenticator: (endpoint, name) => {
      const authenticator = provider.newAuthenticator(endpoint, name);
      return {
        initialResponse: (callback) => authenticator.initialResponse(within(timeoutMs, callback)),
        evaluateChallenge: (challenge, callback) => authenticator.evaluateChallenge(challenge, within(timeoutMs, callback)),
        onAuthenticationSuccess: (token) => authenticator.onAuthenticationSuccess?.(token),
      };
    },
  });
}

function ofDriver(driver: Driver, provider: AuthProviderLike): auth.AuthProvider {
  // A class, though its declaration says interface; the driver refuses what is none of it.
  const { AuthProvider } = driver.auth as unknown as { readonly AuthProvider: new () => auth.AuthProvider };
  return Object.assign(new AuthProvider(), { newAuthenticator: provider.newAuthenticator.bind(provider) });
}

/** A callback that is called once: by the authenticator, or with an error when the time is over. */
function within(timeoutMs: number, callback: AuthCallback): AuthCallback {
  let called = false;
  const once: AuthCallback = (error, token) => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    callback(error, token);
  };
  const late = `The auth provider gave no answer in ${timeoutMs} ms: it may have found no credentials.`;
  const timer = setTimeout(() => once(new LWTError('access-denied', late)), timeoutMs);
  return once;
}

async function answer(challenge: string, region: string, credentials: CredentialProvider): Promise<Buffer> {
  const nonce = /nonce=([^,]+)/.exec(challenge)?.[1];
  if (nonce === undefined)
    throw new LWTError('access-denied', 'The server asked for SigV4 without a nonce to sign: it does not seem to be Amazon Keyspaces.');
  const found = await credentials();
  return Buffer.from(signChallenge({ region, nonce, date: new Date() }, found));
}
