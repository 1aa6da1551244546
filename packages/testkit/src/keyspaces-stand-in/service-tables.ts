import { type CqlRows } from '../proxy/cql-rows.ts';
import { cellTypes, mapCell, textOf } from './cql-cells.ts';
import type { CqlStatement } from './cql-statement.ts';
import { type CqlToken, isSymbol, isWord, splitOutside } from './cql-tokens.ts';
import type { Resources } from './resources.ts';

/** The keyspace in which the service tells of its tables. */
export const serviceKeyspace = 'system_schema_mcs';

type VirtualColumn = (resources: Resources, keyspace: string, table: string) => Buffer;

/** Columns that `system_schema.tables` does not have. */
const virtualColumns: Readonly<Record<string, { readonly type: Buffer; readonly cell: VirtualColumn }>> = {
  status: { type: cellTypes.text, cell: (resources, keyspace, table) => Buffer.from(resources.status(keyspace, table)) },
  custom_properties: { type: cellTypes.mapOfMaps, cell: (resources, keyspace, table) => mapCell(resources.properties(keyspace, table)) },
};

const hidden = { keyspace: 'onlyif_keyspace', table: 'onlyif_table' } as const;

/** A SELECT of `system_schema_mcs`, asked of `system_schema`. */
export interface ServiceSelect {
  readonly cql: string;
  /** The rows as the service has them. */
  readonly show: (rows: CqlRows, resources: Resources) => CqlRows;
}

/** `table`: the name of the table in `system_schema_mcs`. */
export function serviceSelect({ cql, tokens }: CqlStatement, table: string): ServiceSelect {
  const from = tokens.findIndex((token) => isWord(token, 'FROM'));
  const end = tokens[isSymbol(tokens[from + 2], '.') ? from + 3 : from + 1]?.end;
  const rest = `FROM system_schema.${table}${cql.slice(end)}`;
  if (table !== 'tables')
    return { cql: `${cql.slice(0, tokens[from]?.start)}${rest}`, show: (rows, resources) => readyKeyspaces(rows, resources, table) };
  const items = splitOutside(tokens.slice(1, from), (token) => isSymbol(token, ','));
  if (items.length === 1 && isSymbol(items[0]?.[0], '*')) return { cql: `SELECT * ${rest}`, show: showAll };
  const real = items.filter((item) => virtualOf(item) === undefined).map((item) => cql.slice(item[0]?.start, item.at(-1)?.end));
  const wanted = [...real, `keyspace_name AS ${hidden.keyspace}`, `table_name AS ${hidden.table}`].join(', ');
  return { cql: `SELECT ${wanted} ${rest}`, show: (rows, resources) => showItems(rows, items, resources) };
}

function virtualOf([first]: readonly CqlToken[]): string | undefined {
  return first !== undefined && Object.hasOwn(virtualColumns, first.identifier) ? first.identifier : undefined;
}

/** A keyspace is shown when it is ready (Developer Guide, "Check keyspace creation status"). */
function readyKeyspaces(found: CqlRows, resources: Resources, table: string): CqlRows {
  const isReady = (row: number): boolean => resources.status(textOf(found, row, 'keyspace_name') ?? '') === 'ACTIVE';
  return table === 'keyspaces' ? { ...found, rows: found.rows.filter((_, row) => isReady(row)) } : found;
}

function showAll(found: CqlRows, resources: Resources): CqlRows {
  const [first] = found.columns;
  if (first === undefined) return found;
  const added = Object.entries(virtualColumns);
  return {
    columns: [...found.columns, ...added.map(([name, { type }]) => ({ ...first, name, type }))],
    rows: found.rows.map((cells, row) => {
      const [keyspace = '', table = ''] = [textOf(found, row, 'keyspace_name'), textOf(found, row, 'table_name')];
      return [...cells, ...added.map(([, { cell }]) => cell(resources, keyspace, table))];
    }),
  };
}

function showItems(found: CqlRows, items: readonly (readonly CqlToken[])[], resources: Resources): CqlRows {
  const [first] = found.columns;
  if (first === undefined) return found;
  let next = 0;
  const places = items.map((item) => ({
    virtual: virtualOf(item),
    alias: item.at(-1)?.identifier ?? '',
    at: virtualOf(item) === undefined ? next++ : -1,
  }));
  const columns = places.flatMap(({ virtual, alias, at }) => {
    const column =
      virtual === undefined ? found.columns[at] : { ...first, name: alias, type: virtualColumns[virtual]?.type ?? cellTypes.text };
    return column === undefined ? [] : [column];
  });
  const rows = found.rows.map((cells, row) => {
    const [keyspace = '', table = ''] = [textOf(found, row, hidden.keyspace), textOf(found, row, hidden.table)];
    return places.map(({ virtual, at }) =>
      virtual === undefined ? (cells[at] ?? null) : (virtualColumns[virtual]?.cell(resources, keyspace, table) ?? null),
    );
  });
  return { columns, rows };
}
