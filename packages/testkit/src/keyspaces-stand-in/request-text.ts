import { write } from '../proxy/cql-body.ts';
import { type CqlRequest, requestReader } from '../proxy/cql-request.ts';

/** The body of a QUERY or PREPARE with another text. */
export function withText({ frame }: CqlRequest, cql: string): Buffer {
  const reader = requestReader(frame);
  const start = frame.body.length - reader.bytesLeft();
  reader.longString();
  return Buffer.concat([frame.body.subarray(0, start), write.longString(cql), reader.take(reader.bytesLeft())]);
}
