import { type AnyTable, type Client, defineTable, int, type Row, type ScalarKind, scalarTypes } from '@onlyif/core';
import { inspect } from 'node:util';
import { samples } from './samples.ts';
import { scalar } from './tables.ts';
import { keyProblems } from './values.ts';

const partitionKinds: readonly ScalarKind[] = [
  'text',
  'ascii',
  'int',
  'smallint',
  'tinyint',
  'bigint',
  'varint',
  'blob',
  'uuid',
  'timeuuid',
  'timestamp',
  'date',
  'time',
  'inet',
];

/** One table a key type: a partition key of it, and a clustering key of it. */
export const keyTables: readonly { readonly kind: ScalarKind; readonly table: AnyTable }[] = partitionKinds.map((kind) => ({
  kind,
  table: defineTable(`keys_${kind}`, {
    columns: { pk: scalar(kind), ck: scalar(kind), n: int() },
    partitionKey: ['pk'],
    clusteringKey: ['ck'],
  }) as never,
}));

/** Rows under the type's usual and extreme values find their way back. */
export async function checkKeys(db: Client, kind: ScalarKind, table: AnyTable): Promise<readonly string[]> {
  return keyProblems(db, table, keysOf(kind));
}

function keysOf(kind: ScalarKind): readonly Row[] {
  const { low, middle, high, extremes } = samples[kind];
  const fit = [low, middle, high, ...extremes].filter((value) => (value as { length?: number }).length !== 0 && !isLong(value));
  const distinct = fit.filter((value, i) => fit.findIndex((other) => textOf(kind, other) === textOf(kind, value)) === i);
  return distinct.flatMap((pk, i) => [pk, distinct[(i + 1) % distinct.length]].map((ck) => ({ pk, ck })));
}

/** The library's own limit of a sort key on DynamoDB is 1,024 bytes. */
function isLong(value: unknown): boolean {
  return typeof value === 'string' && Buffer.byteLength(value) > 1024;
}

/** Equal exactly for values that are one key: `::ffff:10.0.0.1` is `10.0.0.1`, for instance. */
function textOf(kind: ScalarKind, value: unknown): string {
  return inspect(scalarTypes[kind].canonical(value));
}
