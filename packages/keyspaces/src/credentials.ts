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
 * SDK's default chain finds (environment, profiles, SSO, web identity, containers, instance metadata). All are bounded in
 * time, and every failure is an `LWTError` `access-denied` that says what to do.
 */
export function credentialProvider(given: AwsCredentials | CredentialProvider | undefined, timeoutMs: number): CredentialProvider {
  const provide = typeof given === 'function' ? given : given === undefined ? defaultChain() : async () => given;
  if (typeof given === 'object') checkShape(given, invalidStatement);
  return async () => {
    const credentials = await within(timeoutMs, provide);
    checkShape(credentials, denied);
    const { expiration } = credentials;
    if (expiration !== undefined && expiration.getTime() <= Date.now())
      throw denied(`The AWS credentials expired at ${expiration.toISOString()}: refresh them, or give a provider that does.`);
    return credentials;
  };
}

function denied(message: string, cause?: unknown): LWTError {
  return new LWTError('access-denied', message, cause === undefined ? {} : { cause });
}

function checkShape(credentials: AwsCredentials, fail: (message: string) => LWTError): void {
  for (const name of ['accessKeyId', 'secretAccessKey'] as const) {
    const value: unknown = (credentials as AwsCredentials | undefined)?.[name];
    if (typeof value !== 'string' || value === '') throw fail(`The AWS credentials have no ${name}.`);
  }
}

/** The provider itself cannot be stopped; what it returns later is dropped. */
async function within(timeoutMs: number, provide: CredentialProvider): Promise<AwsCredentials> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          denied(`The AWS credential provider gave nothing in ${timeoutMs} ms: it may be waiting for instance metadata that is not there.`),
        ),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([provide(), late]);
  } catch (error) {
    if (error instanceof LWTError) throw error;
    throw denied(`There are no AWS credentials: ${error instanceof Error ? error.message : String(error)}`, error);
  } finally {
    clearTimeout(timer);
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
