import { X509Certificate } from 'node:crypto';
import { makeTestCertificate } from '@onlyif/testkit';
import { expect, test } from 'vitest';

const names = ['cassandra.eu-west-1.amazonaws.com', '127.0.0.1', '::1'];

test('a certificate is for its names, and of its authority', async () => {
  const { ca, cert } = await makeTestCertificate(names);
  const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)];
  expect(server.subjectAltName).toBe('DNS:cassandra.eu-west-1.amazonaws.com, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect([authority.ca, server.ca]).toEqual([true, false]);
  expect([server.checkIssued(authority), server.verify(authority.publicKey), authority.verify(authority.publicKey)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(server.verify(server.publicKey)).toBe(false);
  expect(server.checkHost('cassandra.us-east-1.amazonaws.com')).toBeUndefined();
  expect([server.checkIP('127.0.0.1'), server.checkIP('127.0.0.2')]).toEqual(['127.0.0.1', undefined]);
});

test('it holds now and for a year, and nothing of it is that of another', async () => {
  const made = await Promise.all(Array.from({ length: 3 }, () => makeTestCertificate(names)));
  const servers = made.map(({ cert }) => new X509Certificate(cert));
  const day = 86_400_000;
  for (const { validFrom, validTo } of servers) {
    expect(Date.parse(validFrom)).toBeLessThan(Date.now() - 0.9 * day);
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 364 * day);
  }
  const [first, second] = made.map(({ ca }) => new X509Certificate(ca));
  expect(first?.verify(second?.publicKey ?? first.publicKey)).toBe(false);
  expect(new Set(servers.map(({ serialNumber }) => serialNumber)).size).toBe(made.length);
});
