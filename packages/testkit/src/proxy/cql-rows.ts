import { type BodyReader, write } from './cql-body.ts';
import { opcodes } from './cql-frames.ts';
import { type CqlReply, replyReader, resultKinds } from './cql-reply.ts';

/** One column of a RESULT, with its type as the bytes of the protocol's `[option]`. */
export interface CqlColumn {
  readonly keyspace: string;
  readonly table: string;
  readonly name: string;
  readonly type: Buffer;
}

/** The rows of a RESULT, native protocol v4 section 4.2.5.2; values stay bytes. */
export interface CqlRows {
  readonly columns: readonly CqlColumn[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
}

const metadataFlags = { global: 0x1, morePages: 0x2, none: 0x4 } as const;

/** The rows of a reply that brings its metadata and is its last page; undefined of any other. */
export function decodeRows(reply: CqlReply): CqlRows | undefined {
  if (reply.opcode !== opcodes.RESULT) return undefined;
  const reader = replyReader(reply);
  if (reader.int() !== resultKinds.rows) return undefined;
  const flags = reader.int();
  const count = reader.int();
  if ((flags & (metadataFlags.none | metadataFlags.morePages)) !== 0) return undefined;
  const shared = (flags & metadataFlags.global) === 0 ? undefined : { keyspace: reader.string(), table: reader.string() };
  const columns = Array.from({ length: count }, () => ({
    ...(shared ?? { keyspace: reader.string(), table: reader.string() }),
    name: reader.string(),
    type: takeOption(reader),
  }));
  const rows = Array.from({ length: reader.int() }, () => columns.map(() => reader.value() ?? null));
  return { columns, rows };
}

export function encodeRows({ columns, rows }: CqlRows): CqlReply {
  const metadata = columns.flatMap(({ keyspace, table, name, type }) => [
    write.string(keyspace),
    write.string(table),
    write.string(name),
    type,
  ]);
  const body = Buffer.concat([
    write.int(resultKinds.rows),
    write.int(0),
    write.int(columns.length),
    ...metadata,
    write.int(rows.length),
    ...rows.flat().map((value) => write.value(value)),
  ]);
  return { opcode: opcodes.RESULT, flags: 0, body };
}

/** The type `boolean`. */
export const booleanType: Buffer = write.short(0x0004);

function takeOption(reader: BodyReader): Buffer {
  return reader.taken(() => skipOption(reader));
}

/** Types by their ids, section 4.2.5.2: those that are not here have no parameters. */
const parameters: { readonly [id: number]: (reader: BodyReader) => void } = {
  0x0000: (reader) => void reader.string(),
  0x0020: skipOption,
  0x0021: (reader) => {
    skipOption(reader);
    skipOption(reader);
  },
  0x0022: skipOption,
  0x0030: (reader) => {
    reader.string();
    reader.string();
    for (let left = reader.short(); left > 0; left--) {
      reader.string();
      skipOption(reader);
    }
  },
  0x0031: (reader) => {
    for (let left = reader.short(); left > 0; left--) skipOption(reader);
  },
};

function skipOption(reader: BodyReader): void {
  parameters[reader.short()]?.(reader);
}
