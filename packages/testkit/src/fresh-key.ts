import { randomUUID } from 'node:crypto';
import type { AnyTable, Row } from '@onlyif/core';

/** A key that no other case uses: text columns get a fresh name, integers 1. */
export function freshKey(table: AnyTable): Row {
  return Object.fromEntries(table.key.map(({ name, type }) => [name, type.kind === 'text' ? randomUUID() : 1]));
}
