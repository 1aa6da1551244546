import { createRequire } from 'node:module';
import { isLWTError } from '@onlyif/core';
import driver from 'cassandra-driver';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AuthProviderLike, guardedAuthProvider, sigV4Provider } from '../src/auth-provider.ts';
import { credentialProvider } from '../src/credentials.ts';
import { type AwsCredentials, signChallenge } from '../src/sign.ts';

const region = 'eu-west-1';
const keys: AwsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const nonce = '91703fdc2ef562e19fbdab0f58e42fe5';
const challenge = Buffer.from(`nonce=${nonce}`);
const never = (): Promise<never> => new Promise(() => undefined);
/** Declared as an interface; the driver checks by the class. */
const { AuthProvider } = driver.auth as unknown as { readonly AuthProvider: new () => AuthProviderLike };

/** What the driver does at a handshake: `instanceof`, the first token, the answer to the challenge. */
async function handshake(provider: AuthProviderLike, sent: Buffer = challenge): Promise<{ first: string; answer: string }> {
  expect(provider).toBeInstanceOf(AuthProvider);
  const authenticator = provider.newAuthenticator('10.0.0.1:9142', 'any');
  const ask = (call: (callback: (error: Error | null, token?: Buffer) => void) => void): Promise<string> =>
    new Promise((resolve, reject) => call((error, token) => (error === null ? resolve(String(token)) : reject(error))));
  const first = await ask((callback) => authenticator.initialResponse(callback));
  const answer = await ask((callback) => authenticator.evaluateChallenge(sent, callback));
  authenticator.onAuthenticationSuccess?.();
  return { first, answer };
}

async function deniedBy(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isLWTError(error)) throw new Error(`no LWTError: ${String(error)}`);
  expect([error.code, error.outcome, error.retryable]).toEqual(['access-denied', 'not-applied', false]);
  return error.message;
}

const successes: string[] = [];
const guarded = (provider: AuthProviderLike, timeoutMs = 5_000): AuthProviderLike =>
  guardedAuthProvider(driver, provider, { timeoutMs, late: `nothing in ${timeoutMs} ms`, onSuccess: () => successes.push('in') });
const builtIn = (given: Parameters<typeof credentialProvider>[0], timeoutMs?: number): AuthProviderLike =>
  guarded(sigV4Provider(region, credentialProvider(given)), timeoutMs);

afterEach(() => vi.useRealTimers());

describe('the built-in provider', () => {
  test('asks for SigV4, and signs the nonce at the time of the handshake', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-03-01T10:00:00.123Z'), toFake: ['Date'] });
    const { first, answer } = await handshake(builtIn(keys));
    expect(first).toBe('SigV4\0\0');
    expect(answer).toBe(signChallenge({ region, nonce, date: new Date('2026-03-01T10:00:00.123Z') }, keys));
  });
  test('takes the nonce alone from a challenge that says more', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] });
    const { answer } = await handshake(builtIn(keys), Buffer.from(`nonce=${nonce},expires=900`));
    expect(answer).toBe((await handshake(builtIn(keys))).answer);
  });
  test('asks for credentials at each handshake: rotated ones are used from the next on', async () => {
    let calls = 0;
    const provider = builtIn(async () => ({ ...keys, accessKeyId: `AKID${++calls}`, sessionToken: `token${calls}==` }));
    const answers = [await handshake(provider), await handshake(provider)].map(({ answer }) => answer);
    expect(answers[0]).toMatch(/access_key=AKID1,amzdate=[^,]+,session_token=token1==$/);
    expect(answers[1]).toMatch(/access_key=AKID2,amzdate=[^,]+,session_token=token2==$/);
  });
  test('a provider that hangs: denied when its time is over', async () => {
    expect(await deniedBy(handshake(builtIn(never, 20)))).toContain('nothing in 20 ms');
  });
  test('a provider that fails: denied, with its words', async () => {
    const error = new Error('Could not load credentials from any providers');
    expect(await deniedBy(handshake(builtIn(() => Promise.reject(error))))).toContain('Could not load credentials');
  });
  test('a provider that throws at once', async () => {
    const throwing = (): never => {
      throw new Error('at once');
    };
    expect(await deniedBy(handshake(builtIn(throwing)))).toContain('at once');
  });
  test('expired credentials', async () => {
    const expired = { ...keys, expiration: new Date('2020-01-01T00:00:00Z') };
    expect(await deniedBy(handshake(builtIn(async () => expired)))).toContain('expired at 2020-01-01');
  });
  test('an expiration in text, as JSON has it', async () => {
    const text = (expiration: string): AuthProviderLike => builtIn(async () => ({ ...keys, expiration }) as never);
    expect(await deniedBy(handshake(text('2020-01-01T00:00:00Z')))).toContain('expired at 2020-01-01');
    expect(await deniedBy(handshake(text('soon')))).toContain('an expiration that is no time: soon');
    expect((await handshake(text('2100-01-01T00:00:00Z'))).answer).toContain('access_key=AKIDEXAMPLE');
  });
  test('an expiration of null, as JSON has it, is none', async () => {
    const provider = builtIn(async () => ({ ...keys, expiration: null as never }));
    expect((await handshake(provider)).answer).toContain('access_key=AKIDEXAMPLE');
  });
  test.each([undefined, null, {}, { accessKeyId: 'x' }, { accessKeyId: '', secretAccessKey: 'y' }])(
    'a provider that returns %j',
    async (value) => {
      expect(await deniedBy(handshake(builtIn(async () => value as never)))).toMatch(
        /The credentials for Amazon Keyspaces have no (accessKeyId|secretAccessKey)/,
      );
    },
  );
  test('a challenge without a nonce is not that of Keyspaces', async () => {
    expect(await deniedBy(handshake(builtIn(keys), Buffer.from('hello')))).toContain('nonce');
  });
  test('fixed credentials without a secret are refused at once', () => {
    expect(() => credentialProvider({ accessKeyId: 'x' } as never)).toThrow(
      expect.objectContaining({ code: 'invalid-statement' }) as Error,
    );
  });
});

describe('without credentials given, the default chain of the SDK', () => {
  afterEach(() => vi.unstubAllEnvs());
  test('finds those of the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session==');
    expect((await handshake(builtIn(undefined))).answer).toMatch(/access_key=AKIDENV,.*,session_token=session==$/);
  });
  test('finds none: denied in bounded time, with its words', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    expect(await deniedBy(handshake(builtIn(undefined)))).toContain('There are no AWS credentials');
  });
});

describe('an auth provider of the caller', () => {
  const require = createRequire(import.meta.url);
  const loadPlugin = (): { SigV4AuthProvider: new (options: object) => AuthProviderLike } => require('aws-sigv4-auth-cassandra-plugin');

  test('aws-sigv4-auth-cassandra-plugin: its answer is ours', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-03-01T10:00:00Z'), toFake: ['Date'] });
    const { SigV4AuthProvider } = loadPlugin();
    const credentials = { ...keys, sessionToken: 'session=' };
    const plugin = guarded(new SigV4AuthProvider({ region, ...credentials }));
    expect(await handshake(plugin)).toEqual(await handshake(builtIn(credentials)));
  });
  test('of another class of the same name, as from a second copy of cassandra-driver (a fake copy), is taken', async () => {
    class OtherCopy {
      newAuthenticator(endpoint: string): ReturnType<AuthProviderLike['newAuthenticator']> {
        return {
          initialResponse: (callback) => callback(null, Buffer.from('first')),
          evaluateChallenge: (sent, callback) => callback(null, Buffer.from(`${endpoint} ${String(sent)}`)),
        };
      }
    }
    expect(new OtherCopy()).not.toBeInstanceOf(AuthProvider);
    const provider = guarded(new OtherCopy());
    expect(await handshake(provider)).toEqual({ first: 'first', answer: `10.0.0.1:9142 nonce=${nonce}` });
  });
  test('that never calls back is denied when its time is over, and a late answer is dropped', async () => {
    let late: (() => void) | undefined;
    const silent: AuthProviderLike = {
      newAuthenticator: () => ({
        initialResponse: (callback) => callback(null, Buffer.from('SigV4\0\0')),
        evaluateChallenge: (_, callback) => (late = () => callback(null, Buffer.from('late'))),
      }),
    };
    expect(await deniedBy(handshake(guarded(silent, 20)))).toContain('nothing in 20 ms');
    late?.();
  });

  const throwing = (): never => {
    throw new Error('thrown at once');
  };
  const rejecting = (() => Promise.reject(new Error('thrown at once'))) as () => never;
  test.each([
    ['where it is asked for an authenticator', { newAuthenticator: throwing }],
    ['at the beginning', { newAuthenticator: () => ({ initialResponse: throwing, evaluateChallenge: throwing }) }],
    ['later, from an async method', { newAuthenticator: () => ({ initialResponse: rejecting, evaluateChallenge: rejecting }) }],
    [
      'later, at the challenge',
      {
        newAuthenticator: () => ({
          initialResponse: (callback: (error: null, token: Buffer) => void) => callback(null, Buffer.from('first')),
          evaluateChallenge: rejecting,
        }),
      },
    ],
    [
      'at the challenge',
      {
        newAuthenticator: () => ({
          initialResponse: (callback: (error: null, token: Buffer) => void) => callback(null, Buffer.from('first')),
          evaluateChallenge: throwing,
        }),
      },
    ],
  ])('that throws %s: the driver is called back with the error, which it could not catch', async (_, provider) => {
    await expect(handshake(guarded(provider))).rejects.toThrow('thrown at once');
  });
  test('hears of a success, as does the adapter, whatever it makes of that', async () => {
    successes.length = 0;
    const provider = builtIn(keys);
    await handshake(provider);
    await handshake(
      guarded({
        newAuthenticator: () => ({
          initialResponse: (callback) => callback(null),
          evaluateChallenge: (_challenge, callback) => callback(null),
          onAuthenticationSuccess: throwing,
        }),
      }),
    );
    expect(successes).toEqual(['in', 'in']);
  });
});
