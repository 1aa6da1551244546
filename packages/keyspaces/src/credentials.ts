import { invalidStatement, LWTError } from '@onlyif/core';
import type { AwsCredentials } from './sign.ts';

/** Asked at each handshake, so that rotated credentials are used from the next connection on; the SDK's providers fit. */
export type CredentialProvider = () => Promise<AwsCredentials>;

/** A user name and password made for Amazon Keyspaces in IAM: service-specific credentials. */
export interface ServiceCredentials {
  readonly username: string;
  readonly password: string;
}

export function isServiceCredentials(credentials: unknown): credentials is ServiceCredentials {
  return typeof credentials === 'object' && credentials !== null && 'username' in credentials;
}

/**
 * A provider of what was given: of fixed credentials as they are, of a provider what it returns, and of nothing what the
 * SDK's default chain finds (environment, profiles, SSO, web identity, containers, instance metadata). Every failure is an
 * `LWTError` `access-denied` that says what to do; fixed credentials that are none are refused at once.
 */
export function credentialProvider(given: AwsCredentials | CredentialProvider | undefined): CredentialProvider {
  if (Array.isArray(given)) throw invalidStatement('keyspaces: credentials are one access key, or one provider, not a list.');
  const provide = typeof given === 'function' ? given : given === undefined ? defaultChain() : async () => given;
  if (typeof given === 'object') checkTexts(given, ['accessKeyId', 'secretAccessKey'], invalidStatement);
  return async () => {
    const credentials = await found(provide);
    checkTexts(credentials, ['accessKeyId', 'secretAccessKey'], denied);
    checkExpiration(credentials);
    return credentials;
  };
}

/** A name or password that is undefined, as of an unset variable, would be an uncaught error of the driver. */
export function checkServiceCredentials(credentials: ServiceCredentials): void {
  checkTexts(credentials, ['username', 'password'], invalidStatement);
}

function denied(message: string, cause?: unknown): LWTError {
  return new LWTError('access-denied', message, cause === undefined ? {} : { cause });
}

function checkTexts(credentials: object | undefined | null, names: readonly string[], fail: (message: string) => LWTError): void {
  for (const name of names) {
    const value = (credentials as Readonly<Record<string, unknown>> | undefined | null)?.[name];
    if (typeof value !== 'string' || value === '') throw fail(`The credentials for Amazon Keyspaces have no ${name}.`);
  }
}

/** By value: providers that read JSON give text. */
function checkExpiration({ expiration }: AwsCredentials): void {
  if (expiration === undefined || (expiration as unknown) === null) return;
  const time = new Date(expiration).getTime();
  if (Number.isNaN(time)) throw denied(`The AWS credentials have an expiration that is no time: ${String(expiration)}.`);
  if (time <= Date.now())
    throw denied(`The AWS credentials expired at ${new Date(time).toISOString()}: refresh them, or give a provider that does.`);
}

async function found(provide: CredentialProvider): Promise<AwsCredentials> {
  try {
    return await provide();
  } catch (error) {
    if (error instanceof LWTError) throw error;
    throw denied(`There are no AWS credentials: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/** One chain for all handshakes: it keeps what it found until that is about to expire. */
function defaultChain(): CredentialProvider {
  let chain: CredentialProvider | undefined;
  return async () => {
    chain ??= await loadChain();
    return chain();
  };
}

async function loadChain(): Promise<CredentialProvider> {
  const sdk = await import('@aws-sdk/credential-providers').catch((error: unknown) => {
    throw denied(
      'Finding AWS credentials by itself needs the package @aws-sdk/credential-providers: install it, or give credentials or a provider.',
      error,
    );
  });
  return sdk.fromNodeProviderChain();
}
