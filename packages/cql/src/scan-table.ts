import { type ColumnDefinition, isCollection, type Row, type ScanFinding, type TableDefinition } from '@onlyif/core';
import type { CqlClient } from './connection.ts';
import { decodeColumns } from './decode-value.ts';
import { type Namespace, qualifiedName, quoteName } from './names.ts';
import { pagesOf } from './pages.ts';
import { systemOptions } from './request-options.ts';

/** How far the clocks of two nodes may differ before a write that was just made looks as if it came from the future. */
const clockSlackMs = 1000;

/** How a table is read, and whether its cells tell when they were written. */
export interface ScanSettings {
  readonly options: Readonly<Record<string, unknown>>;
  readonly writeTimes: boolean;
}

/**
 * Nulls in `notNull` columns, and values whose write time lies more than a second ahead of the server's clock (R44).
 * The elements of a collection have write times of their own, which are not looked at; of what was deleted none is left.
 */
export async function* scanTable(
  client: CqlClient,
  namespace: Namespace,
  table: TableDefinition,
  { options, writeTimes }: ScanSettings,
): AsyncIterable<ScanFinding> {
  const timed = writeTimes ? table.regular.filter(({ type }) => !isCollection(type)) : [];
  const columns = [...table.key, ...table.notNull];
  if (timed.length + table.notNull.length === 0) return;
  const cql = `SELECT ${selectors(columns, timed).join(', ')} FROM ${qualifiedName(namespace, table)}`;
  for await (const page of pagesOf(client, cql, [], options)) {
    // Asked after the page, so that no write that is in it can be later.
    const limit = timed.length === 0 ? Infinity : (await serverTimeMs(client)) + clockSlackMs;
    for (const row of page.rows ?? []) {
      const key = decodeColumns(columns, row);
      for (const column of table.notNull) if (key[column.name] === null) yield { key, kind: 'null', column };
      for (const [i, column] of timed.entries()) if (writeTimeMs(row, i) > limit) yield { key, kind: 'future', column };
    }
  }
}

function selectors(columns: readonly ColumnDefinition[], timed: readonly ColumnDefinition[]): string[] {
  const values = columns.map(({ native }) => quoteName(native));
  return [...values, ...timed.map(({ native }, i) => `WRITETIME(${quoteName(native)}) AS ${quoteName(timeAlias(i))}`)];
}

/** A name that nobody gives to a column. */
const timeAlias = (index: number): string => `[writetime ${index}]`;

/** Write times are microseconds since 1970; a column without a value has none. */
function writeTimeMs(row: Row, index: number): number {
  // The driver's Long, or a bigint where its options say so.
  const micros = row[timeAlias(index)] as { toString(): string } | null;
  return micros === null ? -Infinity : Number(micros.toString()) / 1000;
}

async function serverTimeMs(client: CqlClient): Promise<number> {
  const { rows } = await client.execute('SELECT toTimestamp(now()) AS now FROM system.local', [], systemOptions);
  return Number(rows?.[0]?.['now']);
}
