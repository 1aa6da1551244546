import type { MapColumnType, ScalarKind } from '@onlyif/core';

const keys: ReadonlySet<ScalarKind> = new Set<ScalarKind>(['text', 'ascii', 'blob', 'int', 'bigint']);

/** Types whose equal values have equal bytes. */
const byteEqual: ReadonlySet<ScalarKind> = new Set<ScalarKind>([
  'text',
  'ascii',
  'blob',
  'int',
  'smallint',
  'tinyint',
  'bigint',
  'boolean',
  'uuid',
  'timeuuid',
  'timestamp',
  'date',
  'time',
  'inet',
]);

/**
 * R14: whether comparing an entry by the comparator of the keys gives the right answer. For other keys it finds
 * equality where there is none (uuid, boolean), and every order is the keys' order.
 */
export function comparesByBytes({ key, value }: MapColumnType, ordered: boolean): boolean {
  return !ordered && keys.has(key.kind) && byteEqual.has(value.kind);
}
