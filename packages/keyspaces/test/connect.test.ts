import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, rootCertificates } from 'node:tls';
import { createClient, defineTable, int, isLWTError, type LWTError, notExists, text } from '@onlyif/core';
import { keyspaces, type KeyspacesOptions } from '@onlyif/keyspaces';
import { FrameSplitter, opcodes } from '@onlyif/testkit/keyspaces';
import driver from 'cassandra-driver';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { endpointOf } from '../src/endpoint.ts';
import { StubCqlClient } from './stub-cql-client.ts';
import { testCertificate } from './test-certificate.ts';

const t = defineTable('t', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const read = (options: Partial<KeyspacesOptions>, call: object = {}): Promise<unknown> =>
  createClient(keyspaces({ region: 'eu-west-1', keyspace: 'app', credentials: keys, ...options })).get(t, { id: 'x' }, call);

async function errorOf(run: Promise<unknown>): Promise<LWTError> {
  const error: unknown = await run.catch((thrown: unknown) => thrown);
  if (!isLWTError(error)) throw new Error(`no LWTError: ${String(error)}`);
  return error;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('endpoints', () => {
  test.each([
    [{ region: 'eu-west-1' }, 'cassandra.eu-west-1.amazonaws.com'],
    [{ region: 'us-gov-west-1' }, 'cassandra.us-gov-west-1.amazonaws.com'],
    [{ region: 'cn-north-1' }, 'cassandra.cn-north-1.amazonaws.com.cn'],
    [{ region: 'us-east-1', fips: true }, 'cassandra-fips.us-east-1.amazonaws.com'],
    [{ region: 'us-gov-east-1', fips: true }, 'cassandra.us-gov-east-1.amazonaws.com'],
    [{ region: 'us-iso-east-1', endpoint: 'host.in.vpc' }, 'host.in.vpc'],
  ])('%j is %s, port 9142', (options, host) => {
    expect(endpointOf(options)).toEqual({ region: options.region, host, port: 9142 });
  });
  test('a port of its own', () => {
    expect(endpointOf({ region: 'eu-west-1', endpoint: '127.0.0.1:19142' })).toEqual({
      region: 'eu-west-1',
      host: '127.0.0.1',
      port: 19142,
    });
  });
  test('the Region of the environment', () => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', 'ap-southeast-2');
    expect(endpointOf({}).host).toBe('cassandra.ap-southeast-2.amazonaws.com');
    vi.stubEnv('AWS_REGION', 'us-east-2');
    expect(endpointOf({}).region).toBe('us-east-2');
  });
  test.each<[string, Partial<KeyspacesOptions>, RegExp]>([
    ['no Region anywhere', {}, /AWS_REGION/],
    ['an empty Region', { region: '' }, /no region is given/],
    ['what is no Region', { region: 'eu-west-1.evil.example/' }, /no AWS Region/],
    ['a partition without a known endpoint', { region: 'us-iso-east-1' }, /no endpoint of us-iso-east-1/],
    ['FIPS where there is none', { region: 'eu-west-1', fips: true }, /no FIPS endpoint of eu-west-1/],
    ['FIPS and an endpoint', { region: 'us-east-1', fips: true, endpoint: 'x' }, /fips would not be used/],
    ['an endpoint that is none', { region: 'eu-west-1', endpoint: 'https://x' }, /endpoint is a host/],
    [
      'credentials and an auth provider',
      { region: 'eu-west-1', credentials: keys, authProvider: {} as never },
      /credentials would not be used/,
    ],
    ['a password that is not set', { region: 'eu-west-1', credentials: { username: 'a', password: undefined as never } }, /no password/],
    ['an access key without a secret', { region: 'eu-west-1', credentials: { accessKeyId: 'a' } as never }, /no secretAccessKey/],
    ['a list of access keys', { region: 'eu-west-1', credentials: [keys] as never }, /credentials are one access key/],
    ['a keyspace that begins with _', { region: 'eu-west-1', keyspace: '_app' }, /begins with a letter or digit/],
    [
      'TLS options of the driver',
      { region: 'eu-west-1', sslOptions: {} } as never,
      /sslOptions is set by the adapter; give ca and servername/,
    ],
    [
      'a misspelt option, whose default would be the credentials of the machine',
      { region: 'eu-west-1', credential: keys } as never,
      /no credential; they have client, /,
    ],
    ['credentials without their option', { region: 'eu-west-1', ...keys }, /no accessKeyId/],
    [
      'a misspelt option of creation',
      { region: 'eu-west-1', creation: { timeout: 3 } as never },
      /creation have no timeout; they have customProperties, tags, timeoutMs/,
    ],
    ['a path for a certificate', { region: 'eu-west-1', ca: '/etc/ca.pem' }, /ca is certificates as PEM: .*, not "\/etc\/ca.pem"/],
    ['a certificate that is none', { region: 'eu-west-1', ca: 5 as never }, /ca is certificates as PEM/],
    ['no time for credentials', { region: 'eu-west-1', credentialsTimeoutMs: NaN }, /credentialsTimeoutMs is a number of milliseconds/],
    ['more time than a timer takes', { region: 'eu-west-1', credentialsTimeoutMs: 3e9 }, /credentialsTimeoutMs is a number/],
    ['no connections', { region: 'eu-west-1', connectionsPerHost: 0 }, /connectionsPerHost is a whole number from 1 on, not 0/],
    ['a number of connections in text', { region: 'eu-west-1', connectionsPerHost: '3' as never }, /whole number from 1 on, not "3"/],
    [
      'two numbers of connections',
      { region: 'eu-west-1', connectionsPerHost: 3, pooling: { coreConnectionsPerHost: { '0': 4 } } },
      /connectionsPerHost sets pooling.coreConnectionsPerHost/,
    ],
    ['a port of more than 16 bits', { region: 'eu-west-1', endpoint: 'host:65536' }, /port from 1 to 65535/],
    ['port 0', { region: 'eu-west-1', endpoint: 'host:0' }, /port from 1 to 65535/],
    ['a server name that is no text', { region: 'eu-west-1', servername: 5 as never }, /servername is text, not 5/],
    ['a watcher that is none', { region: 'eu-west-1', onAuthenticationError: 'log' as never }, /onAuthenticationError is a function/],
    ['no time for tables', { region: 'eu-west-1', creation: { timeoutMs: NaN } }, /creation: timeoutMs is a number of milliseconds/],
    ['a tag that is no text', { region: 'eu-west-1', creation: { tags: { team: 5 as never } } }, /creation: tags is an object of texts/],
    [
      'a property that is nothing',
      { region: 'eu-west-1', creation: { customProperties: { capacity_mode: { throughput_mode: undefined as never } } } },
      /customProperties is an object of texts, numbers and such objects/,
    ],
    ['an Astra bundle', { region: 'eu-west-1', cloud: {} } as never, /cloud is set by the adapter/],
  ])('refused at once: %s', (_, options, message) => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    expect(() => keyspaces({ keyspace: 'app', ...options })).toThrow(
      expect.objectContaining({ code: 'invalid-statement', message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

/**
 * Developer Guide, "Connect with SSL/TLS": Amazon Root CA 1 to 4. It names Starfield Class 2 too, for old certificates, which
 * some versions of Node.js trust and others do not.
 */
describe('trusted roots', () => {
  const subjects = rootCertificates.map((certificate) => new X509Certificate(certificate).subject);
  test.each([
    'Amazon Root CA 1',
    'Amazon Root CA 2',
    'Amazon Root CA 3',
    'Amazon Root CA 4',
    'Starfield Services Root Certificate Authority - G2',
  ])('Node.js trusts %s', (name) => expect(subjects.filter((subject) => subject.split('\n').includes(`CN=${name}`))).toHaveLength(1));
});

/** Its class, which `node:tls` does not export. */
const SecureContext = createSecureContext().constructor;

/** The forms of the driver's methods that return promises. */
const prototype = driver.Client.prototype as unknown as { connect(): Promise<void>; shutdown(): Promise<void>; execute(): Promise<object> };

describe('a client that the adapter makes (connect and shutdown of the driver stubbed)', () => {
  async function made(options: Partial<KeyspacesOptions> = {}): Promise<driver.ClientOptions> {
    const clients: { readonly options: driver.ClientOptions }[] = [];
    vi.spyOn(prototype, 'connect').mockImplementation(async function (this: unknown) {
      clients.push(this as { readonly options: driver.ClientOptions });
    });
    vi.spyOn(prototype, 'shutdown').mockResolvedValue(undefined);
    vi.spyOn(prototype, 'execute').mockResolvedValue({ rows: [] });
    await read(options);
    const [client] = clients;
    if (client === undefined) throw new Error('none was made');
    return client.options;
  }
  test('goes to the endpoint of the Region, which is its data centre', async () => {
    const options = await made();
    expect(options).toMatchObject({ contactPoints: ['cassandra.eu-west-1.amazonaws.com'], localDataCenter: 'eu-west-1' });
    expect(options.protocolOptions).toMatchObject({ port: 9142, maxVersion: 4 });
    expect(options.keyspace).toBeUndefined();
  });
  test('verifies the certificate and its name, by the roots that Node.js trusts', async () => {
    expect((await made()).sslOptions).toEqual({ rejectUnauthorized: true, servername: 'cassandra.eu-west-1.amazonaws.com' });
    expect((await made({ servername: 'other' })).sslOptions?.servername).toBe('other');
  });
  test('or by these and those given, which are parsed once for all connections', async () => {
    const { sslOptions } = await made({ ca: testCertificate.ca });
    expect(sslOptions).toEqual({
      rejectUnauthorized: true,
      servername: 'cassandra.eu-west-1.amazonaws.com',
      secureContext: expect.any(SecureContext) as object,
    });
  });
  test('takes its hosts by turns, with two connections each and a heartbeat, and asks those that are gone every half a minute', async () => {
    const { policies, pooling } = await made();
    expect(policies?.loadBalancing).toBeInstanceOf(driver.policies.loadBalancing.DCAwareRoundRobinPolicy);
    expect(pooling).toMatchObject({ coreConnectionsPerHost: { '0': 2 }, heartBeatInterval: 30_000 });
    const delays = policies?.reconnection?.newSchedule();
    const longest = Math.max(...Array.from({ length: 20 }, () => Number(delays?.next().value)));
    // The policy adds and takes up to 15 %.
    expect([longest > 25_000, longest < 35_000]).toEqual([true, true]);
    expect((await made({ connectionsPerHost: 5 })).pooling?.coreConnectionsPerHost).toMatchObject({ '0': 5 });
  });
  test('R16 decodes maps and sets as such', async () => {
    expect((await made()).encoding).toMatchObject({ map: Map, set: Set });
  });
  test('takes other options of the driver, and hears of refused handshakes beside their metrics', async () => {
    const mine = Object.assign(new driver.metrics.DefaultMetrics(), { heard: [] as Error[] });
    mine.onAuthenticationError = (error: Error) => void mine.heard.push(error);
    const heard: Error[] = [];
    const options = await made({ maxPrepared: 77, metrics: mine, onAuthenticationError: (error) => heard.push(error) });
    expect(options.maxPrepared).toBe(77);
    expect(options.metrics).toBeInstanceOf((driver.metrics as unknown as { ClientMetrics: new () => object }).ClientMetrics);
    const error = new driver.errors.AuthenticationError('The security token included in the request is expired.');
    options.metrics?.onAuthenticationError(error);
    expect([mine.heard, heard]).toEqual([[error], [error]]);
  });
  test('with service-specific credentials logs in by name and password', async () => {
    const { authProvider } = await made({ credentials: { username: 'app-at-123', password: 'secret' } });
    const token = await new Promise((resolve) =>
      authProvider?.newAuthenticator('127.0.0.1:9142', 'any').initialResponse((_: Error | null, sent?: Buffer) => resolve(String(sent))),
    );
    expect(token).toBe('\0app-at-123\0secret');
  });
  test('metrics that have private fields, or throw, work and harm nothing', async () => {
    class Private extends (driver.metrics as unknown as { ClientMetrics: new () => driver.metrics.ClientMetrics }).ClientMetrics {
      readonly #heard: Error[] = [];
      get heard(): readonly Error[] {
        return this.#heard;
      }
      override onAuthenticationError(error: Error): void {
        this.#heard.push(error);
        throw new Error('a listener that throws');
      }
      override onConnectionError(error: Error): void {
        this.#heard.push(error);
      }
    }
    const mine = new Private();
    const told: Error[] = [];
    const onAuthenticationError = (error: Error): never => {
      told.push(error);
      throw new Error('another');
    };
    const { metrics } = await made({ metrics: mine, onAuthenticationError });
    const rejecting = (async (refused: Error) => onAuthenticationError(refused)) as (refused: Error) => never;
    const later = await made({ onAuthenticationError: rejecting });
    const errors = [new Error('denied'), new Error('reset')] as const;
    metrics?.onAuthenticationError(errors[0]);
    metrics?.onConnectionError(errors[1]);
    expect([mine.heard, told]).toEqual([[...errors], [errors[0]]]);
    later.metrics?.onAuthenticationError(errors[0]);
    await vi.waitFor(() => expect(told).toHaveLength(2));
  });
});

describe('a client that the caller passed in', () => {
  test('is used at LOCAL_QUORUM, without a serial level, and stays open', async () => {
    const client = new StubCqlClient();
    const db = createClient(keyspaces({ client, keyspace: 'app' }), { verify: 'off' });
    await db.update(t, { id: 'x' }, { set: { n: 2 }, if: { n: 1 } });
    const { localQuorum, localOne } = driver.types.consistencies;
    expect(client.sent[0]?.options).toMatchObject({
      consistency: localQuorum,
      serialConsistency: null,
      isIdempotent: false,
      timestamp: null,
      prepare: true,
    });
    for (const [consistency, level] of [
      ['strong', localQuorum],
      ['quorum', localQuorum],
      ['eventual', localOne],
    ] as const) {
      await createClient(keyspaces({ client: new Rows(client), keyspace: 'app' })).get(t, { id: 'x' }, { consistency });
      expect(client.sent.at(-1)?.options).toMatchObject({ consistency: level, isIdempotent: true });
    }
    await db.close();
    expect(client.shutdowns).toBe(0);
  });
  test('stands alone: options for another would not be used', () => {
    expect(() => keyspaces({ client: new StubCqlClient(), keyspace: 'app', region: 'eu-west-1' })).toThrow(/region would not be used/);
  });
});

/** A stub that passes on what it is sent and answers with no rows. */
class Rows extends StubCqlClient {
  readonly #to: StubCqlClient;
  constructor(to: StubCqlClient) {
    super({ rows: [] });
    this.#to = to;
  }
  override async execute(cql: string, parameters?: unknown, options?: object): ReturnType<StubCqlClient['execute']> {
    await this.#to.execute(cql, parameters, options);
    return super.execute(cql, parameters, options);
  }
}

test('a page may be empty with more to come: that is no absent row', async () => {
  const pages = [{ rows: [], pageState: 'a' }, { rows: [], pageState: 'b' }, { rows: [{ id: 'x', n: 1 }] }];
  const states: unknown[] = [];
  const client = {
    execute: async (_cql: string, _parameters: unknown, options: { readonly pageState?: string } = {}) => {
      states.push(options.pageState);
      return pages.shift() ?? { rows: [] };
    },
    shutdown: async () => undefined,
  };
  expect(await createClient(keyspaces({ client, keyspace: 'app' })).get(t, { id: 'x' })).toEqual({ id: 'x', n: 1 });
  expect(states).toEqual([undefined, 'a', 'b']);
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const { cert, key } = testCertificate;

describe('servers that are not Amazon Keyspaces: refused in clear words, before anything is sent', () => {
  const tlsServer = (): Promise<string> => listening(createTlsServer({ cert, key }, (socket) => socket.on('error', () => undefined)));

  test.each<[string, () => Promise<Partial<KeyspacesOptions>>, RegExp]>([
    [
      'a certificate that nobody trusts',
      async () => ({ endpoint: await tlsServer(), servername: testCertificate.name }),
      /is not trusted: unable to verify the first certificate/,
    ],
    ['a certificate of another name', async () => ({ endpoint: await tlsServer(), ca: testCertificate.ca }), /is of another name/],
    [
      'plain text',
      async () => ({
        endpoint: await listening(
          createPlainServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
        ),
      }),
      /does not speak TLS/,
    ],
    ['a name that does not exist', async () => ({ endpoint: 'cassandra.no-such-host.invalid' }), /is not found/],
  ])('%s', async (_, options, message) => {
    const error = await errorOf(read(await options(), { timeoutMs: 20_000 }));
    expect([error.message, error.code, error.outcome]).toEqual([expect.stringMatching(message), 'unavailable', 'not-applied']);
  });
});

test('a fake server that completes TLS and then says nothing: an error in bounded time, and nothing stays open', async () => {
  const sockets = new Set<Socket>();
  const heard: number[] = [];
  const server = createTlsServer({ cert, key }, (socket) => {
    const frames = new FrameSplitter();
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => heard.push(...frames.push(chunk).map(({ opcode }) => opcode)));
  });
  const db = createClient(
    keyspaces({
      region: 'eu-west-1',
      keyspace: 'app',
      credentials: keys,
      endpoint: await listening(server),
      ca: testCertificate.ca,
      servername: testCertificate.name,
      socketOptions: { readTimeout: 300 },
    }),
    { verify: 'off', retry: 'off' },
  );
  const started = performance.now();
  const silent = {
    code: 'unavailable',
    outcome: 'not-applied',
    retryable: true,
    message: expect.stringMatching(/did not reply/) as string,
  };
  expect(await errorOf(db.get(t, { id: 'x' }))).toMatchObject(silent);
  expect(await errorOf(db.insert(t, { id: 'x' }, { if: notExists() }))).toMatchObject(silent);
  // Not by the end of the call, which has 10 seconds.
  expect(performance.now() - started).toBeLessThan(5_000);
  // Each has begun to connect, and got no further; so does the last, during which the client is closed.
  const last = errorOf(db.get(t, { id: 'x' }));
  await vi.waitFor(() => expect(heard).toEqual([opcodes.STARTUP, opcodes.STARTUP, opcodes.STARTUP]));
  await db.close();
  expect(await last).toMatchObject({ outcome: 'not-applied' });
  await vi.waitFor(() => expect(sockets.size).toBe(0));
});
