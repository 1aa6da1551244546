import { type BodyReader } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { cqlConsistency, type ConsistencyName } from '../proxy/cql-reply.ts';
import { type CqlRequest, requestReader } from '../proxy/cql-request.ts';

/** How a statement is to be run, native protocol v4, sections 4.1.4, 4.1.6 and 4.1.7. */
export interface Execution {
  readonly consistency: ConsistencyName | undefined;
  /** In the order of the markers; undefined of one that is not set. Empty of a BATCH. */
  readonly values: readonly (Buffer | null | undefined)[];
  /** Of a BATCH: how many statements it holds, and whether it is logged. */
  readonly batch: { readonly members: number; readonly logged: boolean } | undefined;
}

const flags = { values: 0x01, names: 0x40 } as const;
const names = new Map(Object.entries(cqlConsistency).map(([name, code]) => [code as number, name as ConsistencyName]));

/** Undefined of requests that run no statement; a RangeError where the frame is cut short. */
export function executionOf(request: CqlRequest): Execution | undefined {
  const reader = requestReader(request.frame);
  switch (request.frame.opcode) {
    case opcodes.QUERY:
      reader.longString();
      return single(reader);
    case opcodes.EXECUTE:
      reader.shortBytes();
      return single(reader);
    case opcodes.BATCH:
      return batch(reader);
    default:
      return undefined;
  }
}

function single(reader: BodyReader): Execution {
  const consistency = names.get(reader.short());
  const given = reader.byte();
  const count = (given & flags.values) === 0 ? 0 : reader.short();
  const values = Array.from({ length: count }, () => {
    if ((given & flags.names) !== 0) reader.string();
    return reader.value();
  });
  return { consistency, values, batch: undefined };
}

function batch(reader: BodyReader): Execution {
  const logged = reader.byte() === 0;
  const members = reader.short();
  for (let left = members; left > 0; left--) {
    if (reader.byte() === 0) reader.longString();
    else reader.shortBytes();
    for (let values = reader.short(); values > 0; values--) reader.value();
  }
  return { consistency: names.get(reader.short()), values: [], batch: { members, logged } };
}
