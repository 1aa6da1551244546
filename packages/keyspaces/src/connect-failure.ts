import { isLWTError, LWTError } from '@onlyif/core';
import type { Endpoint } from './endpoint.ts';

interface NativeError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly innerErrors?: Readonly<Record<string, unknown>>;
}

/** What a driver that could not connect says in words: nothing was sent. What is not known here stays as it is. */
export function connectFailure(error: unknown, endpoint: Endpoint): unknown {
  for (const inner of [error, ...innerErrors(error)]) {
    if (isLWTError(inner)) return inner;
    const told = describeFailure(inner as NativeError, endpoint);
    if (told !== undefined) return new LWTError(told.code, told.message, { cause: error, retryable: told.retryable ?? false });
  }
  return error;
}

function innerErrors(error: unknown): readonly unknown[] {
  const { innerErrors: inner = {} } = (error ?? {}) as NativeError;
  return Object.values(inner);
}

type Listed = 'certificate' | 'name' | 'plain' | 'lookup';
type Kind = Listed | 'handshake';
const kinds: readonly Listed[] = ['certificate', 'name', 'plain', 'lookup'];

interface Told {
  readonly code: 'access-denied' | 'unavailable';
  readonly message: string;
  readonly retryable?: boolean;
}

function describeFailure({ name, code, message }: NativeError, { host, port, region }: Endpoint): Told | undefined {
  const server = `${host}:${port}`;
  const words = String(message).split('\n')[0] ?? '';
  if (name === 'AuthenticationError') return { code: 'access-denied', message: authenticationFailed(server, region, words) };
  const kind = words === unresolved ? 'lookup' : (kinds.find((each) => byCode[each].has(String(code))) ?? handshakeOf(String(code)));
  return kind && { code: 'unavailable', message: sentences[kind](server, words), retryable: kind === 'lookup' };
}

function authenticationFailed(server: string, region: string, words: string): string {
  return `${server} refused the credentials: ${words}. Check that they are of an account with rights on Amazon Keyspaces, that the Region is ${region}, and that the clock of this machine is right: it is now ${new Date().toISOString()}, and the service allows 15 minutes.`;
}

/** What the driver says where no contact point has an address (lib/control-connection.js). */
const unresolved = 'No host could be resolved';

/** Codes of OpenSSL and Node.js (`tls`, "X509 certificate error codes"; `dns`, "Error codes"). */
const byCode: { readonly [K in Listed]: ReadonlySet<string> } = {
  certificate: new Set([
    'CERT_CHAIN_TOO_LONG',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REJECTED',
    'CERT_REVOKED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'CRL_HAS_EXPIRED',
    'CRL_NOT_YET_VALID',
    'CRL_SIGNATURE_FAILURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERROR_IN_CERT_NOT_AFTER_FIELD',
    'ERROR_IN_CERT_NOT_BEFORE_FIELD',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
    'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
    'UNABLE_TO_GET_CRL',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ]),
  name: new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']),
  plain: new Set(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']),
  lookup: new Set(['ENOTFOUND', 'EAI_AGAIN']),
};

/** Whatever else OpenSSL ends a handshake for, such as a version of TLS that one side does not speak. */
function handshakeOf(code: string): 'handshake' | undefined {
  return code.startsWith('ERR_SSL_') ? 'handshake' : undefined;
}

const sentences: { readonly [K in Kind]: (server: string, words: string) => string } = {
  certificate: (server, words) =>
    `The certificate of ${server} is not trusted: ${words}. Where it is right, give the certificate that signed it as ca.`,
  name: (server, words) => `The certificate of ${server} is of another name: ${words}. Where that is right, give the name as servername.`,
  plain: (server, words) => `${server} does not speak TLS: ${words}. Amazon Keyspaces does, on port 9142.`,
  handshake: (server, words) => `No TLS connection to ${server} came about: ${words}.`,
  lookup: (server, words) => `${server} is not found: ${words}. Check the Region and the network.`,
};
