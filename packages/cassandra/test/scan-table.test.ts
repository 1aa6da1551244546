import { cassandra, type CqlClient, type CqlResult } from '@onlyif/cassandra';
import { defineTable, int, map, type ScanFinding, set, text } from '@onlyif/core';
import { types } from 'cassandra-driver';
import { expect, test } from 'vitest';

const table = defineTable('t', {
  columns: { id: text(), at: int(), v: text().notNull().named('V'), n: int(), tags: set(text()), m: map(text(), int()) },
  partitionKey: ['id'],
  clusteringKey: ['at'],
});
const nowMs = 1_764_000_000_000;
const micros = (aheadMs: number): unknown => types.Long.fromString(String((nowMs + aheadMs) * 1000));
const row = (at: number, v: string | null, timeOfV: unknown, timeOfN: unknown) => ({
  id: 'x',
  at,
  V: v,
  '[writetime 0]': timeOfV,
  '[writetime 1]': timeOfN,
});

/** A stub of the driver's Client: two pages of a table, and a clock. */
class PagedClient implements CqlClient {
  readonly sent: string[] = [];
  readonly #pages: readonly CqlResult[];

  constructor(...pages: readonly CqlResult[]) {
    this.#pages = pages;
  }

  async execute(cql: string, _parameters?: unknown, options: { readonly pageState?: string } = {}): Promise<CqlResult> {
    this.sent.push(cql);
    if (cql.includes('system.local')) return { rows: [{ now: new Date(nowMs) }] };
    return this.#pages[Number(options.pageState ?? 0)] ?? { rows: [] };
  }

  async shutdown(): Promise<void> {}
}

async function scan(client: CqlClient, of = table): Promise<readonly (readonly [unknown, ScanFinding['kind'], string])[]> {
  const findings: (readonly [unknown, ScanFinding['kind'], string])[] = [];
  for await (const { key, kind, column } of cassandra({ client, keyspace: 'app' }).tables.scan(of))
    findings.push([key['at'], kind, column.name]);
  return findings;
}

test('R4, R44 a scan finds nulls and write times more than a second ahead, on every page', async () => {
  const first = [row(1, 'a', micros(0), micros(999)), row(2, null, null, micros(-5)), row(3, 'b', micros(1001), null)];
  const second = [row(4, 'c', BigInt((nowMs + 1e9) * 1000), micros(2000))];
  const client = new PagedClient({ rows: first, pageState: '1' }, { rows: second });
  expect(await scan(client)).toEqual([
    [2, 'null', 'v'],
    [3, 'future', 'v'],
    [4, 'future', 'v'],
    [4, 'future', 'n'],
  ]);
  expect(client.sent[0]).toBe(
    'SELECT "id", "at", "V", WRITETIME("V") AS "[writetime 0]", WRITETIME("n") AS "[writetime 1]" FROM "app"."t"',
  );
  // The clock is asked after each page: a write that the page holds cannot be later.
  expect(client.sent.map((cql) => cql.includes('system.local'))).toEqual([false, true, false, true]);
});

test('R44 a table that has nothing to look at is not read', async () => {
  const bare = defineTable('bare', { columns: { id: text(), at: int(), tags: set(text()) }, partitionKey: ['id'] });
  const only = defineTable('only', { columns: { id: text(), at: set(text()) }, partitionKey: ['id'] });
  const client = new PagedClient();
  expect(await scan(client, only as never)).toEqual([]);
  expect(client.sent).toEqual([]);
  await scan(client, bare as never);
  expect(client.sent).toHaveLength(2);
});
