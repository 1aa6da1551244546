import type { Adapter } from '@onlyif/core';

/** An adapter that does some things in another way. */
export function wrapAdapter(adapter: Adapter, changed: Partial<Pick<Adapter, 'execute' | 'read' | 'classify'>>): Adapter {
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
