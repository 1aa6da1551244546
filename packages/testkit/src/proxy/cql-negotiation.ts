import { write } from './cql-body.ts';
import { opcodes } from './cql-frames.ts';
import { type CqlReply, errorReply, replyReader } from './cql-reply.ts';
import type { CqlRequest } from './cql-request.ts';

const protocolError = 0x000a;

/** What the proxy cannot follow, answered as a server would that has no more than v4 without compression. */
export function refusal({ frame }: CqlRequest): CqlReply | undefined {
  if (frame.version !== 3 && frame.version !== 4)
    // The driver looks for these words before it steps down (lib/connection.js).
    return errorReply(protocolError, `Invalid or unsupported protocol version (${frame.version}); supported versions are (3/v3, 4/v4)`);
  if (frame.opcode === opcodes.STARTUP && asksCompression(frame.body))
    return errorReply(protocolError, 'This connection has no compression');
  return undefined;
}

function asksCompression(body: Buffer): boolean {
  return body.includes('COMPRESSION');
}

/** SUPPORTED without compression and without versions whose frames are others. */
export function withoutExtras(reply: CqlReply): CqlReply {
  if (reply.opcode !== opcodes.SUPPORTED) return reply;
  const options = new Map(replyReader(reply).stringMultimap());
  options.set('COMPRESSION', []);
  const versions = options.get('PROTOCOL_VERSIONS');
  if (versions !== undefined)
    options.set(
      'PROTOCOL_VERSIONS',
      versions.filter((version) => /^[34]\//.test(version)),
    );
  return { opcode: reply.opcode, flags: 0, body: write.stringMultimap(options) };
}
