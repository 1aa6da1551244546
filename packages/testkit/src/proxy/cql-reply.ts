import { BodyReader, write } from './cql-body.ts';
import { frameFlags, opcodes } from './cql-frames.ts';

/** A reply without its place: version and stream are those of the request. */
export interface CqlReply {
  readonly opcode: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** Consistency levels by their numbers in the native protocol v4, section 3. */
export const cqlConsistency = {
  ANY: 0,
  ONE: 1,
  TWO: 2,
  THREE: 3,
  QUORUM: 4,
  ALL: 5,
  LOCAL_QUORUM: 6,
  EACH_QUORUM: 7,
  SERIAL: 8,
  LOCAL_SERIAL: 9,
  LOCAL_ONE: 10,
} as const;

export type ConsistencyName = keyof typeof cqlConsistency;

/** How many replicas answered, and how many had to. */
export interface Heard {
  readonly consistency: ConsistencyName;
  readonly received: number;
  readonly blockFor: number;
}

/** `'SIMPLE'`, `'BATCH'`, `'UNLOGGED_BATCH'`, `'COUNTER'`, `'BATCH_LOG'`, `'CAS'`, `'VIEW'` or `'CDC'`. */
export type WriteType = string;

const level = (name: ConsistencyName): Buffer => write.short(cqlConsistency[name]);
const heard = ({ consistency, received, blockFor }: Heard): readonly Buffer[] => [
  level(consistency),
  write.int(received),
  write.int(blockFor),
];

/** An ERROR frame of any code: the message, then the fields of the code, section 9. */
export function errorReply(code: number, message: string, ...fields: readonly Buffer[]): CqlReply {
  return { opcode: opcodes.ERROR, flags: 0, body: Buffer.concat([write.int(code), write.string(message), ...fields]) };
}

/** Errors of a server by their fields in the native protocol v4, section 9; 0x1600 and 0x1700 are of v5. */
export const cqlErrors = {
  serverError: (message = 'java.lang.RuntimeException'): CqlReply => errorReply(0x0000, message),
  protocolError: (message: string): CqlReply => errorReply(0x000a, message),
  badCredentials: (message: string): CqlReply => errorReply(0x0100, message),
  unavailable: (consistency: ConsistencyName, required: number, alive: number): CqlReply =>
    errorReply(0x1000, `Cannot achieve consistency level ${consistency}`, level(consistency), write.int(required), write.int(alive)),
  overloaded: (): CqlReply => errorReply(0x1001, 'Server is overloaded'),
  bootstrapping: (): CqlReply => errorReply(0x1002, 'Cannot execute this query as it might be bootstrapping'),
  truncateError: (): CqlReply => errorReply(0x1003, 'Error during truncate'),
  writeTimeout: (writeType: WriteType, at: Heard): CqlReply =>
    errorReply(0x1100, 'Operation timed out', ...heard(at), write.string(writeType)),
  readTimeout: (at: Heard & { readonly dataPresent: boolean }): CqlReply =>
    errorReply(0x1200, 'Operation timed out', ...heard(at), write.byte(at.dataPresent ? 1 : 0)),
  readFailure: (at: Heard & { readonly failures: number; readonly dataPresent: boolean }): CqlReply =>
    errorReply(0x1300, 'Operation failed', ...heard(at), write.int(at.failures), write.byte(at.dataPresent ? 1 : 0)),
  functionFailure: (keyspace: string, name: string, types: readonly string[]): CqlReply =>
    errorReply(0x1400, 'execution of a function failed', write.string(keyspace), write.string(name), write.stringList(types)),
  writeFailure: (writeType: WriteType, at: Heard & { readonly failures: number }): CqlReply =>
    errorReply(0x1500, 'Operation failed', ...heard(at), write.int(at.failures), write.string(writeType)),
  cdcWriteFailure: (): CqlReply => errorReply(0x1600, 'CDC write failure'),
  casWriteUnknown: (at: Heard): CqlReply => errorReply(0x1700, 'CAS operation result is unknown', ...heard(at)),
  syntaxError: (message: string): CqlReply => errorReply(0x2000, message),
  unauthorized: (message: string): CqlReply => errorReply(0x2100, message),
  invalid: (message: string): CqlReply => errorReply(0x2200, message),
  configError: (message: string): CqlReply => errorReply(0x2300, message),
  alreadyExists: (keyspace: string, table: string): CqlReply =>
    errorReply(0x2400, `Cannot add already existing table "${table}"`, write.string(keyspace), write.string(table)),
  unprepared: (id: Buffer): CqlReply => errorReply(0x2500, `Prepared query with ID ${id.toString('hex')} not found`, write.shortBytes(id)),
} as const;

/** Kinds of RESULT frames, section 4.2.5. */
export const resultKinds = { void: 1, rows: 2, setKeyspace: 3, prepared: 4, schemaChange: 5 } as const;

/** A RESULT without rows, as a plain write has it. */
export const voidReply: CqlReply = { opcode: opcodes.RESULT, flags: 0, body: write.int(resultKinds.void) };

/** At the body's own beginning, after tracing id, warnings and custom payload. */
export function replyReader({ body, flags }: CqlReply): BodyReader {
  const reader = new BodyReader(body);
  if ((flags & frameFlags.tracing) !== 0) reader.take(16);
  if ((flags & frameFlags.warning) !== 0) reader.stringList();
  if ((flags & frameFlags.payload) !== 0) reader.skipBytesMap();
  return reader;
}

/** The id that a reply gives to a prepared statement; undefined in any other reply. */
export function preparedId(reply: CqlReply): Buffer | undefined {
  if (reply.opcode !== opcodes.RESULT) return undefined;
  const reader = replyReader(reply);
  return reader.int() === resultKinds.prepared ? reader.shortBytes() : undefined;
}
