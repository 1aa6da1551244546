import { BodyReader } from './cql-body.ts';
import { type CqlFrame, frameFlags, opcodes } from './cql-frames.ts';

/** The texts of prepared statements by their ids in hex, for an EXECUTE names only the id. */
export type PreparedTexts = Map<string, string>;

/** One connection of a client: the same object for all its requests. */
export interface CqlConnection {
  /** The address of the proxy that the client has dialled, without port. */
  readonly localAddress: string;
}

/** One request of a client, with its meaning as far as the proxy knows it. */
export interface CqlRequest {
  readonly frame: CqlFrame;
  /** The CQL of QUERY, PREPARE and EXECUTE; of a BATCH, its statements joined by `; `. Undefined for others, and for unknown ids. */
  readonly cql: string | undefined;
  /** Whether the CQL holds a conditional write. */
  readonly conditional: boolean;
}

/** Never throws: what cannot be read has no CQL. */
export function describeRequest(frame: CqlFrame, prepared: PreparedTexts): CqlRequest {
  const texts = textsOf(frame, prepared);
  return { frame, cql: texts.length === 0 ? undefined : texts.join('; '), conditional: texts.some(isConditional) };
}

function textsOf(frame: CqlFrame, prepared: PreparedTexts): readonly string[] {
  try {
    const reader = requestReader(frame);
    switch (frame.opcode) {
      case opcodes.QUERY:
      case opcodes.PREPARE:
        return [reader.longString()];
      case opcodes.EXECUTE:
        return known(prepared, reader.shortBytes());
      case opcodes.BATCH:
        return batchTexts(reader, prepared);
      default:
        return [];
    }
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** At the body's own beginning, after the custom payload. */
export function requestReader({ body, flags }: CqlFrame): BodyReader {
  const reader = new BodyReader(body);
  if ((flags & frameFlags.payload) !== 0) reader.skipBytesMap();
  return reader;
}

function known(prepared: PreparedTexts, id: Buffer): readonly string[] {
  const text = prepared.get(id.toString('hex'));
  return text === undefined ? [] : [text];
}

function batchTexts(reader: BodyReader, prepared: PreparedTexts): readonly string[] {
  reader.byte();
  const texts: string[] = [];
  for (let left = reader.short(); left > 0; left--) {
    texts.push(...(reader.byte() === 0 ? [reader.longString()] : known(prepared, reader.shortBytes())));
    for (let values = reader.short(); values > 0; values--) reader.value();
  }
  return texts;
}

const quoted = /\$\$[^]*?\$\$|'(?:[^']|'')*'|"(?:[^"]|"")*"|\/\*[^]*?\*\/|(?:--|\/\/)[^\n]*/g;

/** Whether CQL is a write with `IF`; `CREATE TABLE IF NOT EXISTS` is none. */
export function isConditional(cql: string): boolean {
  const bare = cql.replaceAll(quoted, "''");
  return /^\s*(?:insert|update|delete|begin)\b/i.test(bare) && /\bif\b/i.test(bare);
}
