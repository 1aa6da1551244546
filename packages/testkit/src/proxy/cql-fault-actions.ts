import type { CqlFault, CqlFaultKind, Ending, Hold } from './cql-faults.ts';
import { type CqlFrame, encodeFrame } from './cql-frames.ts';
import type { CqlReply } from './cql-reply.ts';
import type { CqlRequest } from './cql-request.ts';

/** One request on its way, as a fault sees it. */
export interface CqlExchange {
  readonly request: CqlRequest;
  /** Lets the server do it, each time anew. */
  readonly serve: () => Promise<CqlReply>;
  readonly reply: (reply: CqlReply) => void;
  readonly write: (bytes: Buffer) => void;
  /** Nothing more is written to this connection. */
  readonly silence: () => void;
  readonly disconnect: (how: Ending) => void;
  readonly hold: (until: Hold) => Promise<void>;
  /** Keeps the connection to the server open until `work` is done, also where the client goes. */
  readonly keepServer: (work: () => Promise<void>) => Promise<void>;
}

type Action<K extends CqlFaultKind> = (exchange: CqlExchange, fault: Extract<CqlFault, { kind: K }>) => Promise<void>;

const actions: { readonly [K in CqlFaultKind]: Action<K> } = {
  'drop-request': async () => undefined,
  'drop-reply': async ({ serve }) => {
    await serve();
  },
  'hold-request': ({ serve, reply, hold, keepServer }, { until }) =>
    keepServer(async () => {
      await hold(until);
      reply(await serve());
    }),
  'hold-reply': async ({ serve, reply, hold }, { until }) => {
    const held = await serve();
    await hold(until);
    reply(held);
  },
  disconnect: async ({ serve, disconnect }, { how, when }) => {
    if (when === 'after') await serve();
    disconnect(how);
  },
  'truncate-reply': async ({ request, serve, write, silence, disconnect }, { bytes, followedBy }) => {
    write(encodeFrame(framed(request, await serve())).subarray(0, bytes));
    silence();
    if (followedBy !== 'silence') disconnect(followedBy);
  },
  'duplicate-request': async ({ serve, reply }) => {
    await serve();
    reply(await serve());
  },
  'duplicate-reply': async ({ request, serve, write }) => {
    const bytes = encodeFrame(framed(request, await serve()));
    write(Buffer.concat([bytes, bytes]));
  },
  reply: async ({ request, serve, reply }, fault) => {
    if (fault.forward) await serve();
    reply(typeof fault.reply === 'function' ? fault.reply(request) : fault.reply);
  },
  'edit-reply': async ({ request, serve, reply }, { edit }) => {
    reply(edit(await serve(), request));
  },
};

/** Does to one exchange what the fault says. */
export function commitFault(exchange: CqlExchange, fault: CqlFault): Promise<void> {
  // The table's type says that each entry takes the fault of its own kind.
  return (actions[fault.kind] as Action<CqlFaultKind>)(exchange, fault);
}

/** The frame of a reply, on the stream of its request. */
export function framed({ frame: { version, stream } }: CqlRequest, { opcode, flags, body }: CqlReply): CqlFrame {
  return { version: version | 0x80, flags, stream, opcode, body };
}
