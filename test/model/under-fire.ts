import { randomUUID } from 'node:crypto';
import {
  type AnyTable,
  type Client,
  defineTable,
  deleteRow,
  get,
  increment,
  insert,
  int,
  notExists,
  type Row,
  set,
  type Statement,
  text,
  update,
  upsert,
  varint,
} from '@onlyif/core';
import * as fc from 'fast-check';
import { type AnyCondition, conditionsOn } from './conditions.ts';
import { canBuild, type WriteTo } from './steps.ts';

/** Every write leaves a mark of its own, so that a row tells which write made it. */
export const rows: AnyTable = defineTable('rows', {
  columns: { id: text(), n: int(), m: int(), total: varint(), tags: set(text()), mark: text().notNull() },
  partitionKey: ['id'],
}) as never;

/** A statement whose key is left open. */
type On = (key: Row) => Statement;

/** Statements that this backend emulates; some inserts and reads beside them. */
export function statementsUnderFire(db: Client, seed: number, count: number): readonly On[] {
  const emulated = (write: WriteTo): boolean => db.explain(write({ id: 'any' }), { emulate: true }).verdict === 'emulated';
  const condition = conditionsOn(rows);
  const number = fc.constantFrom(0, 1, 256);
  const changes = fc.record(
    { n: number, m: number, tags: fc.constantFrom(null, new Set(['a']), new Set(['Z\uff5e', 'a'])) },
    { requiredKeys: [] },
  );
  const write = (make: (condition: AnyCondition, values: Row) => WriteTo): fc.Arbitrary<WriteTo> =>
    fc
      .tuple(condition, changes)
      .map(([test, values]) => make(test, values))
      .filter(canBuild(rows))
      .filter(emulated);
  const statements = fc.oneof(
    {
      weight: 6,
      arbitrary: write((test, values) => (key) => update(rows, key as never, { set: { ...values, mark: randomUUID() }, if: test })),
    },
    {
      weight: 4,
      arbitrary: write(
        (test, values) => (key) => update(rows, key as never, { set: { ...values, total: increment(1n), mark: randomUUID() }, if: test }),
      ),
    },
    {
      weight: 4,
      arbitrary: write(
        (test, values) => (key) => upsert(rows, key as never, { set: { total: 0n, ...values, mark: randomUUID() }, if: test }),
      ),
    },
    { weight: 1, arbitrary: write((test) => (key) => deleteRow(rows, key as never, { if: test })) },
    {
      weight: 2,
      arbitrary: fc.constant<On>((key) => insert(rows, { ...key, n: 0, total: 0n, mark: randomUUID() }, { if: notExists() })),
    },
    { weight: 2, arbitrary: fc.constant<On>((key) => get(rows, key as never)) },
  );
  return fc.sample(statements, { seed, numRuns: count });
}
