import type { Adapter } from '@onlyif/core';

/** The same adapter, but for the members that are given. The adapter itself stays as it is. */
export function wrapAdapter(adapter: Adapter, changed: Partial<Adapter>): Adapter {
  const { dialect, client, tables } = adapter;
  return {
    dialect,
    client,
    tables,
    execute: (compiled, context) => adapter.execute(compiled, context),
    read: (compiled, context) => adapter.read(compiled, context),
    classify: (error) => adapter.classify(error),
    encodeKey: (table, key) => adapter.encodeKey(table, key),
    decodeRow: (table, row) => adapter.decodeRow(table, row),
    close: () => adapter.close(),
    ...changed,
  };
}
