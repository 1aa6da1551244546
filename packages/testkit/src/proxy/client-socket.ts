import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';

/** The certificate and private key with which a proxy shows itself, as PEM. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

/** A client's connection, in plain text or with TLS. */
export interface ClientSocket {
  /** What the client says and hears, decrypted. */
  readonly stream: Socket;
  /** The local address that the client has dialled. */
  readonly localAddress: string;
  /** Ends the connection with RST. */
  reset(): void;
}

const contexts = new WeakMap<ServerTls, SecureContext>();

/** Without `tls`: plain text. A handshake that fails ends the connection. */
export function clientSocket(raw: Socket, tls: ServerTls | undefined): ClientSocket {
  raw.setNoDelay(true);
  const stream = tls === undefined ? raw : encrypted(raw, tls);
  // `TLSSocket.resetAndDestroy` throws: the reset is that of the TCP connection below.
  return { stream, localAddress: raw.localAddress ?? '', reset: () => void raw.resetAndDestroy() };
}

function encrypted(raw: Socket, tls: ServerTls): TLSSocket {
  const secureContext = contexts.get(tls) ?? createSecureContext({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' });
  contexts.set(tls, secureContext);
  const stream = new TLSSocket(raw, { isServer: true, secureContext });
  raw.on('error', () => stream.destroy());
  raw.on('close', () => stream.destroy());
  stream.on('close', () => raw.destroy());
  return stream;
}
