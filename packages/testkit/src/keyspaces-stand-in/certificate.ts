import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { pki } from 'node-forge';
import type { ServerTls } from '../proxy/client-socket.ts';

/** A server's certificate with the certificate of the authority that issued it, as PEM. */
export interface TestCertificate extends ServerTls {
  readonly ca: string;
}

type Forge = typeof import('node-forge');

/**
 * A certificate for these DNS names and IP addresses, of an authority made for it alone, whose key is forgotten: valid
 * from yesterday for a year.
 */
export async function makeTestCertificate(names: readonly string[]): Promise<TestCertificate> {
  // Node issues no certificates. Whoever makes none does not load what does.
  const { default: forge } = await import('node-forge');
  const [authority, server] = await Promise.all([keyPair(forge), keyPair(forge)]);
  const issue = (subject: string, publicKey: pki.PublicKey, extensions: readonly object[]): pki.Certificate =>
    issued(forge, { subject, publicKey, extensions, signer: authority.privateKey });
  const ca = issue(authorityName, authority.publicKey, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const cert = issue('server of a test', server.publicKey, [
    { name: 'subjectAltName', altNames: names.map(generalName) },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'authorityKeyIdentifier', keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes() },
  ]);
  return {
    ca: forge.pki.certificateToPem(ca),
    cert: forge.pki.certificateToPem(cert),
    key: forge.pki.privateKeyToPem(server.privateKey),
  };
}

const authorityName = 'authority of a test';
const day = 86_400_000;

function keyPair({ pki }: Forge): Promise<pki.rsa.KeyPair> {
  return new Promise((resolve, reject) => {
    pki.rsa.generateKeyPair({ bits: 2048 }, (error, pair) => (error === null ? resolve(pair) : reject(error)));
  });
}

interface Contents {
  readonly subject: string;
  readonly publicKey: pki.PublicKey;
  readonly extensions: readonly object[];
  readonly signer: pki.rsa.PrivateKey;
}

function issued({ pki, md }: Forge, { subject, publicKey, extensions, signer }: Contents): pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 365 * day) };
  certificate.setIssuer([{ name: 'commonName', value: authorityName }]);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setExtensions([...extensions]);
  certificate.sign(signer, md.sha256.create());
  return certificate;
}

/** RFC 5280, section 4.2.1.6: a DNS name is 2, an IP address 7. */
function generalName(name: string): object {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };
}
