import { X509Certificate } from 'node:crypto';
import { makeTestCertificate } from '@onlyif/testkit';
import { expect, test } from 'vitest';

const names = ['cassandra.eu-west-1.amazonaws.com', '127.0.0.1'];

test('a certificate is for its names, and of its authority', () => {
  const { ca, cert } = makeTestCertificate(names);
  const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)];
  expect(server.subjectAltName).toBe('DNS:cassandra.eu-west-1.amazonaws.com, IP Address:127.0.0.1');
  expect([authority.ca, server.ca]).toEqual([true, false]);
  expect([server.checkIssued(authority), server.verify(authority.publicKey), authority.verify(authority.publicKey)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(server.verify(server.publicKey)).toBe(false);
  expect(server.checkHost('cassandra.us-east-1.amazonaws.com')).toBeUndefined();
});

test('it holds now, and a serial number is never that of another', () => {
  const made = Array.from({ length: 20 }, () => new X509Certificate(makeTestCertificate(names).cert));
  for (const { validFrom, validTo } of made)
    expect([Date.parse(validFrom) < Date.now(), Date.parse(validTo) > Date.now()]).toEqual([true, true]);
  expect(new Set(made.map(({ serialNumber }) => serialNumber)).size).toBe(20);
});
