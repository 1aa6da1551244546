import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import type { ServerTls } from '../proxy/client-socket.ts';
import { der } from './der.ts';

/** A server's certificate with the certificate of the authority that issued it, as PEM. */
export interface TestCertificate extends ServerTls {
  readonly ca: string;
}

const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

const day = 86_400_000;

/**
 * A certificate for these DNS names and IPv4 addresses, of an authority made for it alone, whose key is forgotten: valid
 * from yesterday for a year. Node issues no certificates; this is RFC 5280 as far as a test needs it.
 */
export function makeTestCertificate(names: readonly string[]): TestCertificate {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issue = (subject: string, publicKey: KeyObject, extensions: readonly Buffer[]): string =>
    certificate({ subject, publicKey, extensions, signer: authority.privateKey });
  return {
    ca: issue(authorityName, authority.publicKey, [
      extension(oids.basicConstraints, der.sequence(der.boolean(true)), true),
      extension(oids.keyUsage, der.bitString(Buffer.of(0x04), 2), true),
    ]),
    cert: issue('server of a test', server.publicKey, [
      extension(oids.subjectAltName, der.sequence(...names.map(generalName))),
      extension(oids.keyUsage, der.bitString(Buffer.of(0x80), 7), true),
      extension(oids.extendedKeyUsage, der.sequence(der.objectId(oids.serverAuth))),
    ]),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const authorityName = 'authority of a test';

interface Contents {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly signer: KeyObject;
}

function certificate({ subject, publicKey, extensions, signer }: Contents): string {
  const algorithm = der.sequence(der.objectId(oids.ecdsaWithSha256));
  const signed = der.sequence(
    der.explicit(0, der.integer(Buffer.of(2))),
    der.integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    distinguishedName(authorityName),
    der.sequence(der.utcTime(new Date(Date.now() - day)), der.utcTime(new Date(Date.now() + 365 * day))),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...extensions)),
  );
  const bytes = der.sequence(signed, algorithm, der.bitString(sign('sha256', signed, signer)));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId(oids.commonName), der.utf8String(commonName))));
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  return der.sequence(der.objectId(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

function generalName(name: string): Buffer {
  return isIP(name) === 4 ? der.implicit(7, Buffer.from(name.split('.').map(Number))) : der.implicit(2, Buffer.from(name));
}
