/** Opcodes of the CQL native protocol v4, section 2.4. */
export const opcodes = {
  ERROR: 0x00,
  STARTUP: 0x01,
  READY: 0x02,
  AUTHENTICATE: 0x03,
  OPTIONS: 0x05,
  SUPPORTED: 0x06,
  QUERY: 0x07,
  RESULT: 0x08,
  PREPARE: 0x09,
  EXECUTE: 0x0a,
  REGISTER: 0x0b,
  EVENT: 0x0c,
  BATCH: 0x0d,
  AUTH_CHALLENGE: 0x0e,
  AUTH_RESPONSE: 0x0f,
  AUTH_SUCCESS: 0x10,
} as const;

export type OpcodeName = keyof typeof opcodes;

/** What precedes a frame's body, section 2.2 and 4.2. */
export const frameFlags = { compression: 0x01, tracing: 0x02, payload: 0x04, warning: 0x08 } as const;

/** One frame of protocol v3 or v4, in either direction. */
export interface CqlFrame {
  /** The version byte, 0x80 and up from a server. */
  readonly version: number;
  readonly flags: number;
  /** From −32768 to 32767; the server's events have −1. */
  readonly stream: number;
  readonly opcode: number;
  readonly body: Buffer;
}

const headerBytes = 9;
/** The limit of the protocol, section 2.5. */
const maxBodyBytes = 256 * 1024 * 1024;

export function encodeFrame({ version, flags, stream, opcode, body }: CqlFrame): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(version, 0);
  header.writeUInt8(flags, 1);
  header.writeInt16BE(stream, 2);
  header.writeUInt8(opcode, 4);
  header.writeInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

/** Cuts a stream of bytes into frames; bytes of a frame that is not whole yet are kept for the next call. */
export class FrameSplitter {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Throws a RangeError where the length of a body is none. */
  push(chunk: Buffer): readonly CqlFrame[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: CqlFrame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): CqlFrame | undefined {
    if (this.#bytes < headerBytes) return undefined;
    const first = this.#chunks[0];
    if (first === undefined || first.length < headerBytes) this.#join();
    const length = (this.#chunks[0] as Buffer).readInt32BE(5);
    if (length < 0 || length > maxBodyBytes) throw new RangeError(`a frame with a body of ${length} bytes`);
    if (this.#bytes < headerBytes + length) return undefined;
    return this.#take(headerBytes + length);
  }

  #take(total: number): CqlFrame {
    const bytes = this.#join();
    const rest = bytes.subarray(total);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    const body = bytes.subarray(headerBytes, total);
    return { version: bytes.readUInt8(0), flags: bytes.readUInt8(1), stream: bytes.readInt16BE(2), opcode: bytes.readUInt8(4), body };
  }

  #join(): Buffer {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }
}
