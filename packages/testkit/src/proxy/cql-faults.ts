import { type CqlFrame, type OpcodeName, opcodes } from './cql-frames.ts';
import type { CqlReply } from './cql-reply.ts';
import type { CqlConnection, CqlRequest } from './cql-request.ts';
import type { Gate } from '../gate.ts';

/** A time in milliseconds, or until a gate is opened. */
export type Hold = number | Gate;

/** `'reset'`: RST, `'end'`: FIN. */
export type Ending = 'reset' | 'end';

/** What the proxy does to one request and its reply, instead of passing both on. */
export type CqlFault =
  /** The server never sees it, and nothing is answered. */
  | { readonly kind: 'drop-request' }
  /** The server does it, and nothing is answered. */
  | { readonly kind: 'drop-reply' }
  /** It reaches the server later, also where its client has gone meanwhile. */
  | { readonly kind: 'hold-request'; readonly until: Hold }
  | { readonly kind: 'hold-reply'; readonly until: Hold }
  /** `'before'`: the server never sees it; `'after'`: the server has answered. */
  | { readonly kind: 'disconnect'; readonly how: Ending; readonly when: 'before' | 'after' }
  /** The first bytes of the reply's frame, of whose header there are 9; then silence on this connection, or its end. */
  | { readonly kind: 'truncate-reply'; readonly bytes: number; readonly followedBy: 'silence' | Ending }
  /** The server does it twice, one after the other; the second reply is given. */
  | { readonly kind: 'duplicate-request' }
  | { readonly kind: 'duplicate-reply' }
  /** Another reply; `forward`: whether the server does the request first. */
  | { readonly kind: 'reply'; readonly reply: CqlReply | ((request: CqlRequest) => CqlReply); readonly forward: boolean }
  /** The server's reply, changed. */
  | { readonly kind: 'edit-reply'; readonly edit: (reply: CqlReply, request: CqlRequest) => CqlReply };

export type CqlFaultKind = CqlFault['kind'];

/** All that is given must hold. Without `opcode`: requests that run a statement, which are QUERY, EXECUTE and BATCH. */
export interface CqlMatch {
  readonly opcode?: OpcodeName | readonly OpcodeName[];
  readonly cql?: RegExp;
  /** Whether a conditional write is in it. */
  readonly conditional?: boolean;
  /** Asked last; `connection` is the same object for all requests of a connection. */
  readonly when?: (request: CqlRequest, connection: CqlConnection) => boolean;
}

export interface CqlRule {
  /** Every statement by default, those that the driver runs on system tables included. */
  readonly match?: CqlMatch;
  /** How often the fault happens; for ever by default. */
  readonly times?: number;
  /** How many matching requests are let pass first; 0 by default. */
  readonly skip?: number;
  readonly do: CqlFault;
}

const runsStatement: readonly OpcodeName[] = ['QUERY', 'EXECUTE', 'BATCH'];

export function matches(
  { opcode = runsStatement, cql, conditional, when }: CqlMatch,
  request: CqlRequest,
  connection: CqlConnection,
): boolean {
  const named = typeof opcode === 'string' ? [opcode] : opcode;
  if (!named.some((name) => opcodes[name] === request.frame.opcode)) return false;
  // `search` and not `test`, which starts where the last match of a global expression ended.
  if (cql !== undefined && (request.cql === undefined || request.cql.search(cql) < 0)) return false;
  if (conditional !== undefined && conditional !== request.conditional) return false;
  return when === undefined || when(request, connection);
}

const names = new Map(Object.entries(opcodes).map(([name, opcode]) => [opcode as number, name as OpcodeName]));

export function opcodeName({ opcode }: CqlFrame): OpcodeName | undefined {
  return names.get(opcode);
}
