import type { LWTResult, Row, TableDefinition } from '@onlyif/core';
import { describeValue } from './describe-value.ts';

/** An `LWTResult` on one line, the row in the order of the table's columns. */
export function describeResult(table: TableDefinition, result: LWTResult<object>): string {
  if (result.applied) return describeValue({ applied: true });
  const { applied, source } = result;
  if (source === 'unavailable') return describeValue({ applied, source, cause: `${result.cause.code}: ${result.cause.message}` });
  return describeValue({ applied, existing: result.existing && inColumnOrder(table, result.existing as Row), source });
}

function inColumnOrder(table: TableDefinition, row: Row): Row {
  return Object.fromEntries(Object.keys(table.columns).map((name) => [name, row[name]]));
}
