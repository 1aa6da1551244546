import type { CqlRequest } from '@onlyif/cassandra';
import { describeValue } from './describe-value.ts';

const width = 100;

/** The lines of a native request: the text and its parameters of CQL, the object of the others. */
export function describeRequest(request: object): readonly string[] {
  if (isCqlRequest(request)) return [request.cql, `with ${describeValue(request.parameters)}`];
  return filledLines(Object.entries(request).map(([name, value]) => `${name}: ${describeValue(value)}`));
}

function isCqlRequest(request: object): request is CqlRequest {
  return 'cql' in request && 'parameters' in request;
}

/** `{ a, b, c }` in as few lines as the width allows; a property is never broken. */
function filledLines(properties: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '{';
  for (const [i, property] of properties.entries()) {
    const text = ` ${property}${i === properties.length - 1 ? ' }' : ','}`;
    if (line !== '{' && line.length + text.length > width) {
      lines.push(line);
      line = ' ';
    }
    line += text;
  }
  return [...lines, line];
}
