import { connect } from 'node:net';
import { once } from 'node:events';
import { type KeyspacesStandIn, makeTestCertificate } from '@onlyif/testkit';
import cassandraDriver from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipped } from '../faults/proxied-cassandra.ts';
import { connecting, keyspacesClient, type Signing, signingOf, testSigV4Provider } from './sigv4-client.ts';
import { startStandIn } from './stand-in.ts';

const { auth } = cassandraDriver;

const permanent = { kind: 'access-key', accessKeyId: 'AKIATEST', secretAccessKey: 'secret/of+test' } as const;
const temporary = { kind: 'access-key', accessKeyId: 'ASIATEST', secretAccessKey: 'temporary', sessionToken: 'IQoJb3JpZ2lu//8=' } as const;
const user = { kind: 'service-user', username: 'alice-at-123', password: 'pass, with=signs' } as const;

describe.skipIf(skipped !== undefined)('handshakes with a stand-in for Keyspaces, by cassandra-driver', () => {
  let standIn: KeyspacesStandIn;
  beforeAll(async () => {
    standIn = await startStandIn({ credentials: [permanent, temporary, user] });
  });
  afterAll(async () => {
    await standIn?.close();
  });

  const signed = (over: Partial<Signing>): Promise<string> =>
    connecting(keyspacesClient(standIn, { authProvider: testSigV4Provider(signingOf(standIn, over)) }));

  test('a key, a temporary key with its token, and a service user are let in', async () => {
    expect(await signed({})).toBe('connected');
    expect(await signed(temporary)).toBe('connected');
    const { username, password } = user;
    expect(await connecting(keyspacesClient(standIn, { authProvider: new auth.PlainTextAuthProvider(username, password) }))).toBe(
      'connected',
    );
  });

  const noMatch = /^AuthenticationError.*signature we calculated does not match.*\(words of the stand-in\)$/;
  const quarter = 15 * 60_000;
  const cases: { readonly [name: string]: readonly [Partial<Signing>, RegExp] } = {
    'a wrong secret': [{ secretAccessKey: 'other' }, noMatch],
    'another region': [{ region: 'eu-central-1' }, noMatch],
    'a nonce of another handshake': [{ nonce: '91703fdc2ef562e19fbdab0f58e42fe5' }, noMatch],
    'an unknown key': [{ accessKeyId: 'AKIAOTHER' }, /AuthenticationError.*AKIAOTHER is not known/],
    'a clock too slow': [{ now: () => Date.now() - quarter - 60_000 }, /AuthenticationError.*Signature expired/],
    'a clock too fast': [{ now: () => Date.now() + quarter + 60_000 }, /AuthenticationError.*Signature not yet current/],
    'a missing session token': [{ ...temporary, sessionToken: undefined }, /AuthenticationError.*needs its session token/],
    'a wrong session token': [{ ...temporary, sessionToken: 'other==' }, /AuthenticationError.*not that of this access key/],
  };
  test.each(Object.entries(cases))('%s is refused', async (_, [over, problem]) => expect(await signed(over)).toMatch(problem));

  test('a wrong password is refused, and so is a driver without any', async () => {
    const wrong = new auth.PlainTextAuthProvider(user.username, 'x');
    expect(await connecting(keyspacesClient(standIn, { authProvider: wrong }))).toMatch(/AuthenticationError.*user name/);
    const { ca = '', serverName = '' } = standIn;
    const none = new cassandraDriver.Client({
      contactPoints: [standIn.address],
      localDataCenter: standIn.region,
      sslOptions: { ca: [ca], servername: serverName, rejectUnauthorized: true },
    });
    expect(await connecting(none)).toMatch(/AuthenticationError/);
  });

  test('each handshake has a nonce of its own', async () => {
    const nonces: string[] = [];
    const provider = testSigV4Provider(signingOf(standIn), nonces);
    for (let i = 0; i < 3; i++) await connecting(keyspacesClient(standIn, { authProvider: provider }));
    expect(nonces.length).toBeGreaterThanOrEqual(3);
    expect(new Set(nonces).size).toBe(nonces.length);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  test('credentials rotate while it runs: the next handshake wants the new ones, an open connection stays', async () => {
    const rotating = await startStandIn({ credentials: [permanent] });
    const open = keyspacesClient(rotating);
    await open.connect();
    const before = signingOf(rotating);
    rotating.credentials = [{ ...permanent, secretAccessKey: 'rotated' }];
    expect(await connecting(keyspacesClient(rotating, { authProvider: testSigV4Provider(before) }))).toMatch(noMatch);
    expect(await connecting(keyspacesClient(rotating))).toBe('connected');
    expect((await open.execute('SELECT key FROM system.local')).rowLength).toBe(1);
    await open.shutdown();
    await rotating.close();
  });

  test('a wrong name, another authority, and no TLS on either side', async () => {
    const { ca = '', serverName = '' } = standIn;
    const sslOptions = (over: object): object => ({ sslOptions: { ca: [ca], servername: serverName, rejectUnauthorized: true, ...over } });
    const { ca: other } = await makeTestCertificate([serverName]);
    expect(await connecting(keyspacesClient(standIn, sslOptions({ servername: 'cassandra.us-east-1.amazonaws.com' })))).toMatch(
      /Hostname\/IP does not match certificate's altnames/,
    );
    expect(await connecting(keyspacesClient(standIn, sslOptions({ ca: [other] })))).toMatch(/unable to verify|certificate|signature/);
    expect(await connecting(keyspacesClient(standIn, sslOptions({ ca: [] })))).toMatch(/unable to verify the first certificate/);
    const misnamed = await startStandIn({ certificateNames: ['example.org'] });
    expect(await connecting(keyspacesClient(misnamed, sslOptions({ ca: [misnamed.ca] })))).toMatch(/does not match certificate's altnames/);
    await misnamed.close();
    const plain = await startStandIn({ tls: 'plain-text', credentials: [permanent] });
    expect(await connecting(keyspacesClient(plain))).toBe('connected');
    expect(await connecting(keyspacesClient(plain, sslOptions({})))).not.toBe('connected');
    await plain.close();
  });

  test('a certificate of the caller’s own', async () => {
    const tls = await makeTestCertificate(['keyspaces.example.org']);
    const own = await startStandIn({ tls });
    const sslOptions = { ca: [tls.ca], servername: 'keyspaces.example.org', rejectUnauthorized: true };
    expect([own.ca, own.serverName]).toEqual([tls.ca, undefined]);
    expect(await connecting(keyspacesClient(own, { sslOptions }))).toBe('connected');
    await own.close();
  });

  test('bytes that are no TLS end the connection, and the stand-in goes on', async () => {
    const socket = connect(standIn.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    expect(await signed({})).toBe('connected');
  });
});
