import { type Row, valueType, type TableDefinition } from '@onlyif/core';

/** The rows of one table by their keys. */
export class Store {
  readonly #rows = new Map<string, Row>();

  read(table: TableDefinition, key: Row): Row | null {
    const row = this.#rows.get(keyText(table, key));
    return row === undefined ? null : copyRow(table, row);
  }

  write(table: TableDefinition, key: Row, row: Row | null): void {
    if (row === null) this.#rows.delete(keyText(table, key));
    else this.#rows.set(keyText(table, key), copyRow(table, row));
  }

  *rows(table: TableDefinition): Iterable<Row> {
    for (const row of this.#rows.values()) yield copyRow(table, row);
  }
}

/** Equal exactly for equal keys: canonical values, each with its length before it. */
function keyText(table: TableDefinition, key: Row): string {
  return table.key
    .map(({ name }) => {
      const text = valueText(key[name]);
      return `${text.length}:${text}`;
    })
    .join('');
}

function valueText(value: unknown): string {
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof Uint8Array) return value.join();
  return String(value);
}

/** A row whose mutable values nobody else holds. */
export function copyRow(table: TableDefinition, row: Row): Row {
  return Object.fromEntries(
    table.all.map((column) => {
      const value = row[column.name] ?? null;
      return [column.name, value === null ? null : valueType(column.type).canonical(value)];
    }),
  );
}
