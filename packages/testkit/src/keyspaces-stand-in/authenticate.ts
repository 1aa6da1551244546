import { randomBytes } from 'node:crypto';
import { write } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { type CqlReply, errorReply } from '../proxy/cql-reply.ts';
import { type CqlConnection, type CqlRequest, requestReader } from '../proxy/cql-request.ts';
import type { CqlServerSide } from '../proxy/cql-session.ts';
import { type KeyspacesCredential, sameSecret, type ServiceUser } from './credentials.ts';
import { ownText } from './own-text.ts';
import { refuseSigV4 } from './sigv4.ts';

/** What the handshakes of one stand-in are judged by; read anew at each. */
export interface Identity {
  readonly region: string;
  readonly credentials: readonly KeyspacesCredential[];
  now(): number;
}

type Progress = { readonly kind: 'asked' } | { readonly kind: 'challenged'; readonly nonce: string } | { readonly kind: 'let-in' };

const badCredentials = 0x0100;
const protocolError = 0x000a;
const sigV4Opening = 'SigV4\0\0';

const reply = (opcode: number, body: Buffer): CqlReply => ({ opcode, flags: 0, body });
const token = (text: string): Buffer => write.value(Buffer.from(text));
// As the service names it (apache/cassandra-gocql-driver pull request 1379): gocql lets in the names alone that it knows.
const authenticate = reply(opcodes.AUTHENTICATE, write.string('com.amazon.helenus.auth.HelenusAuthenticator'));
const success = reply(opcodes.AUTH_SUCCESS, write.value(null));
const refused = (message: string): CqlReply => errorReply(badCredentials, message);

/** The handshakes of all connections: SASL with SigV4, or user name and password. */
export class Handshakes {
  readonly #identity: Identity;
  readonly #progress = new WeakMap<CqlConnection, Progress>();

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Answers what belongs to a handshake, and whatever is asked without one; undefined where the client has been let in. */
  async answer(request: CqlRequest, server: CqlServerSide): Promise<CqlReply | undefined> {
    const progress = this.#progress.get(server.connection);
    switch (request.frame.opcode) {
      case opcodes.OPTIONS:
        return server.forward();
      case opcodes.STARTUP:
        return this.#start(server);
      case opcodes.AUTH_RESPONSE:
        return this.#respond(request, server.connection, progress);
      default:
        return progress?.kind === 'let-in' ? undefined : errorReply(protocolError, ownText('Nothing before authentication'));
    }
  }

  async #start(server: CqlServerSide): Promise<CqlReply> {
    const started = await server.forward();
    if (started.opcode !== opcodes.READY) throw new Error('the server behind a Keyspaces stand-in must be without authentication');
    this.#progress.set(server.connection, { kind: 'asked' });
    return authenticate;
  }

  #respond(request: CqlRequest, connection: CqlConnection, progress: Progress | undefined): CqlReply {
    // Whatever comes of it, a nonce is good for one answer.
    this.#progress.delete(connection);
    const text = tokenOf(request);
    if (progress?.kind === 'asked' && text === sigV4Opening) return this.#challenge(connection);
    const problem = this.#refuse(text, progress);
    if (problem !== undefined) return refused(problem);
    this.#progress.set(connection, { kind: 'let-in' });
    return success;
  }

  #challenge(connection: CqlConnection): CqlReply {
    const nonce = randomBytes(16).toString('hex');
    this.#progress.set(connection, { kind: 'challenged', nonce });
    return reply(opcodes.AUTH_CHALLENGE, token(`nonce=${nonce}`));
  }

  #refuse(text: string, progress: Progress | undefined): string | undefined {
    const { region, credentials } = this.#identity;
    if (progress?.kind === 'challenged')
      return refuseSigV4(text, { region, nonce: progress.nonce, credentials, now: this.#identity.now() });
    if (progress?.kind === 'asked') return refusePassword(text, credentials);
    return ownText('This connection has no open challenge: its nonce was used before, or it is authenticated already');
  }
}

function tokenOf({ frame }: CqlRequest): string {
  return (requestReader(frame).value() ?? Buffer.alloc(0)).toString('utf8');
}

/** RFC 4616: authorisation id, user name and password, parted by NUL. */
function refusePassword(text: string, credentials: readonly KeyspacesCredential[]): string | undefined {
  const [, username = '', password = ''] = text.split('\0');
  const user = credentials.find((each): each is ServiceUser => each.kind === 'service-user' && each.username === username);
  if (user !== undefined && sameSecret(password, user.password)) return undefined;
  return ownText('Neither SigV4 nor a user name with its password');
}
