import { createHash } from 'node:crypto';
import { write } from '../proxy/cql-body.ts';
import type { CqlRows } from '../proxy/cql-rows.ts';
import type { CqlMap } from './definition-options.ts';

/** Types as the protocol's `[option]`: varchar, and `map<text, map<text, text>>`. */
export const cellTypes = {
  text: write.short(0x000d),
  mapOfMaps: Buffer.concat([write.short(0x0021), write.short(0x000d), write.short(0x0021), write.short(0x000d), write.short(0x000d)]),
} as const;

export function inetCell(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** A `set<text>`. */
export function textsCell(texts: readonly string[]): Buffer {
  return Buffer.concat([write.int(texts.length), ...texts.map((text) => write.value(Buffer.from(text)))]);
}

export function mapCell(map: CqlMap): Buffer {
  const cells = Array.from(map, ([key, value]) => [Buffer.from(key), typeof value === 'string' ? Buffer.from(value) : mapCell(value)]);
  return Buffer.concat([write.int(map.size), ...cells.flat().map((cell) => write.value(cell))]);
}

/** A UUID of version 4 that is always the same for a text. */
export function uuidCell(text: string): Buffer {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** A column of one row, as text; undefined where there is no such column. */
export function textOf({ columns, rows }: CqlRows, row: number, column: string): string | undefined {
  return rows[row]?.[columns.findIndex(({ name }) => name === column)]?.toString('utf8');
}
