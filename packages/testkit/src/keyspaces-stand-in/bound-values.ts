import { type BodyReader } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { cqlConsistency, type ConsistencyName } from '../proxy/cql-reply.ts';
import { type CqlRequest, requestReader } from '../proxy/cql-request.ts';

/** In the order of the markers; undefined of one that is not set. */
type Values = readonly (Buffer | null | undefined)[];

/** How a statement is to be run, native protocol v4, sections 4.1.4, 4.1.6 and 4.1.7. */
export interface Execution {
  readonly consistency: ConsistencyName | undefined;
  readonly values: Values;
  /** Of a BATCH: how many statements it holds, and whether it is logged. */
  readonly batch: { readonly members: number; readonly logged: boolean } | undefined;
}

const flags = { values: 0x01, names: 0x40 } as const;
const names = new Map(Object.entries(cqlConsistency).map(([name, code]) => [code as number, name as ConsistencyName]));

/**
 * One for each of a request's statements, as many as are known by their texts; none of requests that run none. A RangeError
 * where the frame is cut short. Where a member of a BATCH is not known, which one is not told: then none has values.
 */
export function executionsOf(request: CqlRequest, statements: number): readonly Execution[] {
  const executions = readExecutions(request);
  return executions.length === statements ? executions : executions.map((execution) => ({ ...execution, values: [] }));
}

function readExecutions(request: CqlRequest): readonly Execution[] {
  const reader = requestReader(request.frame);
  switch (request.frame.opcode) {
    case opcodes.QUERY:
      reader.longString();
      return [single(reader)];
    case opcodes.EXECUTE:
      reader.shortBytes();
      return [single(reader)];
    case opcodes.BATCH:
      return batch(reader);
    default:
      return [];
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

function batch(reader: BodyReader): readonly Execution[] {
  const logged = reader.byte() === 0;
  const members = Array.from({ length: reader.short() }, (): Values => {
    if (reader.byte() === 0) reader.longString();
    else reader.shortBytes();
    return Array.from({ length: reader.short() }, () => reader.value());
  });
  const consistency = names.get(reader.short());
  return members.map((values) => ({ consistency, values, batch: { members: members.length, logged } }));
}
