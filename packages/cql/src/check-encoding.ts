import { type TableDefinition, unsupported } from '@onlyif/core';
import type { CqlClient } from './connection.ts';

/**
 * R16: without `encoding.map` the driver decodes maps to objects, which turns keys into text and loses `__proto__`,
 * so that two entries can become one. A client without options is taken at its word.
 */
export function checkEncoding(client: CqlClient, table: TableDefinition): void {
  const column = table.regular.find(({ type }) => type.kind === 'map');
  if (column === undefined || client.options === undefined || client.options.encoding?.map === Map) return;
  throw unsupported(
    `${table.name}.${column.name} is a map, and this client decodes maps to plain objects, which loses keys.`,
    'new Client({ encoding: { map: Map }, … })',
  );
}
