import { inspect } from 'node:util';

/** A value on one line, as JavaScript writes it; moments in ISO form. */
export function describeValue(value: unknown): string {
  return inspect(value, { breakLength: Infinity, compact: true, depth: Infinity, maxArrayLength: null, maxStringLength: null });
}
