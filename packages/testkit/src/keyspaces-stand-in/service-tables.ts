import { type CqlRows } from '../proxy/cql-rows.ts';
import { cellTypes, mapCell, textOf } from './cql-cells.ts';
import type { CqlStatement } from './cql-statement.ts';
import { type CqlToken, isSymbol, isWord, splitOutside } from './cql-tokens.ts';
import type { ResourceName, Resources } from './resources.ts';

/** The keyspace in which the service tells of its tables. */
export const serviceKeyspace = 'system_schema_mcs';

type VirtualColumn = (resources: Resources, name: ResourceName) => Buffer;

/** Columns that `system_schema.tables` does not have. */
const virtualColumns: Readonly<Record<string, { readonly type: Buffer; readonly cell: VirtualColumn }>> = {
  status: { type: cellTypes.text, cell: (resources, name) => Buffer.from(resources.status(name)) },
  custom_properties: { type: cellTypes.mapOfMaps, cell: (resources, name) => mapCell(resources.properties(name)) },
};

/** By what a row is known: its own columns under `*`, otherwise columns that are asked for beside the others. */
interface RowNames {
  readonly keyspace: string;
  readonly table: string;
}

const own: RowNames = { keyspace: 'keyspace_name', table: 'table_name' };
const added: RowNames = { keyspace: 'onlyif_keyspace', table: 'onlyif_table' };

/** A SELECT of `system_schema_mcs`, asked of `system_schema`. */
export interface ServiceSelect {
  readonly cql: string;
  /** The rows as the service has them. */
  readonly show: (rows: CqlRows, resources: Resources) => CqlRows;
}

type Item = readonly CqlToken[];

/** `table`: the name of the table in `system_schema_mcs`. */
export function serviceSelect({ cql, tokens }: CqlStatement, table: string): ServiceSelect {
  const from = tokens.findIndex((token) => isWord(token, 'FROM'));
  const end = tokens[isSymbol(tokens[from + 2], '.') ? from + 3 : from + 1]?.end;
  const rest = `FROM system_schema.${table}${cql.slice(end)}`;
  const items = splitOutside(tokens.slice(1, from), (token) => isSymbol(token, ','));
  const isAll = items.length === 1 && isSymbol(items[0]?.[0], '*');
  if (isAll && table === 'tables') return { cql: `SELECT * ${rest}`, show: withVirtualColumns };
  if (isAll || (table !== 'tables' && table !== 'keyspaces'))
    return {
      cql: `${cql.slice(0, tokens[from]?.start)}${rest}`,
      show: (rows, resources) => (table === 'keyspaces' ? onlyMade(rows, resources, own) : rows),
    };
  const real = items.filter((item) => virtualOf(item, table) === undefined).map((item) => cql.slice(item[0]?.start, item.at(-1)?.end));
  const names = [`keyspace_name AS ${added.keyspace}`, ...(table === 'tables' ? [`table_name AS ${added.table}`] : [])];
  return {
    cql: `SELECT ${[...real, ...names].join(', ')} ${rest}`,
    show: (rows, resources) => itemsOf(table === 'keyspaces' ? onlyMade(rows, resources, added) : rows, items, table, resources),
  };
}

function virtualOf([first]: Item, table: string): string | undefined {
  return table === 'tables' && first !== undefined && Object.hasOwn(virtualColumns, first.identifier) ? first.identifier : undefined;
}

/** A keyspace is shown when it is ready (Developer Guide, "Check keyspace creation status"), until it is gone. */
function onlyMade(found: CqlRows, resources: Resources, names: RowNames): CqlRows {
  const isMade = (row: number): boolean => resources.status({ keyspace: textOf(found, row, names.keyspace) ?? '' }) !== 'CREATING';
  return { ...found, rows: found.rows.filter((_, row) => isMade(row)) };
}

function cellOf(column: string, found: CqlRows, row: number, names: RowNames, resources: Resources): Buffer | null {
  const [keyspace = '', table = ''] = [textOf(found, row, names.keyspace), textOf(found, row, names.table)];
  return virtualColumns[column]?.cell(resources, { keyspace, table }) ?? null;
}

function withVirtualColumns(found: CqlRows, resources: Resources): CqlRows {
  const [first] = found.columns;
  if (first === undefined) return found;
  const names = Object.keys(virtualColumns);
  return {
    columns: [...found.columns, ...names.map((name) => ({ ...first, name, type: virtualColumns[name]?.type ?? cellTypes.text }))],
    rows: found.rows.map((cells, row) => [...cells, ...names.map((name) => cellOf(name, found, row, own, resources))]),
  };
}

/** The columns that were asked for, in their order. */
function itemsOf(found: CqlRows, items: readonly Item[], table: string, resources: Resources): CqlRows {
  const [first] = found.columns;
  if (first === undefined) return found;
  let next = 0;
  const places = items.map((item) => {
    const virtual = virtualOf(item, table);
    return virtual === undefined ? { at: next++ } : { virtual, name: item.at(-1)?.identifier ?? virtual };
  });
  return {
    columns: places.map(
      ({ at = -1, virtual = '', name = '' }) =>
        found.columns[at] ?? { ...first, name, type: virtualColumns[virtual]?.type ?? cellTypes.text },
    ),
    rows: found.rows.map((cells, row) =>
      places.map(({ at, virtual = '' }) => (at === undefined ? cellOf(virtual, found, row, added, resources) : (cells[at] ?? null))),
    ),
  };
}
