import { checkNames } from '../check-names.ts';
import { invalidStatement } from '../errors.ts';
import { isCollection } from '../values/column-type.ts';
import { type ColumnBuilders, columnBuilders, type ColumnSpec } from './columns.ts';
import type { ColumnDefinition, ColumnRole, TableDefinition } from './definition.ts';
import type { Specs, Table } from './table.ts';

export interface TableOptions<C, P, Q, W> {
  /** The columns by their names in code, or a function of the column builders that returns them. */
  readonly columns: C | ((t: ColumnBuilders) => C);
  readonly partitionKey: readonly [P, ...P[]];
  readonly clusteringKey?: readonly Q[];
  /** The table's name in the database, where it differs. */
  readonly named?: string;
  /**
   * A nullable `text()` column that only the library sets: each write but a delete stores a token of its own there, by
   * which an outcome that was unknown is found out. To find out may take a write that replaces a token which the
   * statement's condition named.
   */
  readonly writeToken?: W;
  /**
   * A column of text, uuid or an integer type whose values never return, also across delete and insert (R43): random
   * ones, or numbers that start where none was before. A write whose condition names the version can be found out not to
   * have happened; to find that out may take a write that replaces the version, by a random one or by the next number.
   */
  readonly version?: keyof C & string;
}

/**
 * Defines a table once for every database.
 *
 * ```ts
 * const locks = defineTable('deploy_locks', {
 *   columns: { service: text(), locked_by: text().notNull(), locked_at: timestamp() },
 *   partitionKey: ['service'],
 * });
 * ```
 *
 * Throws `invalid-statement` for a definition that could not be answered honestly.
 */
export function defineTable<
  const Name extends string,
  C extends Specs,
  P extends keyof C & string,
  Q extends keyof C & string = never,
  W extends keyof C & string = never,
>(name: Name, options: TableOptions<C, P, Q, W>): Table<Name, C, P | Q, W> {
  if (typeof name !== 'string' || name === '') throw invalidStatement('A table needs a name.');
  checkNames(`The options of table ${name}`, tableOptions, options);
  const specs: Specs = typeof options.columns === 'function' ? options.columns(columnBuilders) : options.columns;
  const definition = tableDefinition(name, specs, options);
  return definition as never;
}

const tableOptions: readonly (keyof TableOptions<Specs, string, string, string>)[] = [
  'columns',
  'partitionKey',
  'clusteringKey',
  'named',
  'writeToken',
  'version',
];

type Options = Omit<TableOptions<Specs, string, string, string>, 'columns'>;

function tableDefinition(name: string, specs: Specs, options: Options): TableDefinition {
  checkSpecs(name, specs);
  for (const option of ['partitionKey', 'clusteringKey'] as const) {
    if (!Array.isArray(options[option] ?? (option === 'partitionKey' ? undefined : [])))
      throw invalidStatement(`Table ${name}: ${option} is a list of columns, such as ['id'].`);
  }
  const keyNames = [...options.partitionKey, ...(options.clusteringKey ?? [])];
  checkKeyNames(name, specs, options.partitionKey, keyNames);
  const columns = Object.fromEntries(
    Object.entries(specs).map(([column, spec]) => [column, columnDefinition(name, column, spec, roleOf(column, spec, options))]),
  );
  checkColumns(name, Object.values(columns));
  const byRole = (role: ColumnRole): ColumnDefinition[] => Object.values(columns).filter((column) => column.role === role);
  const named = (names: readonly string[]): ColumnDefinition[] => names.map((column) => columns[column] as ColumnDefinition);
  const key = named(keyNames);
  const regular = byRole('regular');
  const statics = byRole('static');
  return Object.freeze({
    name,
    native: nativeName(name, options.named, `table ${name}`),
    columns: Object.freeze(columns),
    partitionKey: Object.freeze(named(options.partitionKey)),
    clusteringKey: Object.freeze(named(options.clusteringKey ?? [])),
    key: Object.freeze(key),
    regular: Object.freeze(regular),
    statics: Object.freeze(statics),
    all: Object.freeze([...key, ...regular, ...statics]),
    notNull: Object.freeze(regular.filter((column) => column.notNull)),
    writeToken: evidenceColumn(name, columns, 'writeToken', options.writeToken),
    version: evidenceColumn(name, columns, 'version', options.version),
  });
}

function checkSpecs(table: string, specs: unknown): void {
  if (typeof specs !== 'object' || specs === null) throw invalidStatement(`Table ${table}: columns are an object, such as { id: text() }.`);
  for (const [name, spec] of Object.entries(specs)) {
    if (typeof (spec as ColumnSpec | null)?.type !== 'object')
      throw invalidStatement(`${table}.${name}: a column is made by its type's function, such as text().`);
  }
}

const evidenceKinds = {
  writeToken: ['text'],
  version: ['text', 'ascii', 'uuid', 'int', 'smallint', 'tinyint', 'bigint', 'varint'],
} as const;

/** The column that shows whether a write happened. */
function evidenceColumn(
  table: string,
  columns: Readonly<Record<string, ColumnDefinition>>,
  option: keyof typeof evidenceKinds,
  name: string | undefined,
): ColumnDefinition | undefined {
  if (name === undefined) return undefined;
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) throw invalidStatement(`Table ${table}: ${option} names ${name}, which is not a column.`);
  const { kind } = column.type;
  const fits = column.role === 'regular' && (evidenceKinds[option] as readonly string[]).includes(kind);
  if (!fits || (option === 'writeToken' && column.notNull)) {
    const nullable = option === 'writeToken' ? ' nullable' : '';
    throw invalidStatement(
      `Table ${table}: ${option} names ${name}; it takes a${nullable} column outside the key, not static, of type ${evidenceKinds[option].join(', ')}.`,
    );
  }
  return column;
}

function checkKeyNames(table: string, specs: Specs, partitionKey: readonly string[], keyNames: readonly string[]): void {
  if (partitionKey.length === 0) throw invalidStatement(`Table ${table}: partitionKey is empty.`);
  for (const name of keyNames) {
    if (!Object.hasOwn(specs, name)) throw invalidStatement(`Table ${table}: the key names ${name}, which is not a column.`);
  }
  if (new Set(keyNames).size !== keyNames.length) throw invalidStatement(`Table ${table}: a column stands twice in the key.`);
}

function roleOf(name: string, spec: ColumnSpec, options: Options): ColumnRole {
  if (options.partitionKey.includes(name)) return 'partition';
  if (options.clusteringKey?.includes(name)) return 'clustering';
  return spec.flag === 'static' ? 'static' : 'regular';
}

function columnDefinition(table: string, name: string, spec: ColumnSpec, role: ColumnRole): ColumnDefinition {
  const isKey = role === 'partition' || role === 'clustering';
  if (isKey && spec.flag !== 'nullable')
    throw invalidStatement(`${table}.${name}: a key column is never null; ${spec.flag} cannot be said of it.`);
  if (isKey && (spec.type.kind === 'json' || isCollection(spec.type)))
    throw invalidStatement(`${table}.${name}: a ${spec.type.kind} column cannot be a key.`);
  const native = nativeName(name, spec.native, `${table}.${name}`);
  return Object.freeze({ kind: 'column', table, name, native, type: spec.type, role, notNull: spec.flag === 'notNull' });
}

function nativeName(name: string, native: string | undefined, place: string): string {
  const chosen = native ?? name;
  if (typeof chosen !== 'string' || chosen === '' || !chosen.isWellFormed())
    throw invalidStatement(`${place}: a name is non-empty, well-formed text.`);
  return chosen;
}

/** `[applied]` forges the answer of CQL; `__proto__` is no ordinary property; `__columns` is cassandra-driver's own. */
const refusedNames = new Set(['[applied]', '__proto__', '__columns']);

function checkColumns(table: string, columns: readonly ColumnDefinition[]): void {
  const natives = new Set<string>();
  for (const { name, native, role } of columns) {
    if (name in Object.prototype) {
      throw invalidStatement(
        `${table}.${name}: every JavaScript object has a property of that name; give the column another one and .named('${native}').`,
      );
    }
    if (refusedNames.has(native)) throw invalidStatement(`${table}.${name}: a column cannot be named ${native}.`);
    if (natives.has(native)) throw invalidStatement(`Table ${table}: two columns are named ${native} in the database.`);
    if (role === 'static' && !columns.some((column) => column.role === 'clustering')) {
      throw invalidStatement(`${table}.${name}: a static column needs a clustering key; without one it is a regular column.`);
    }
    natives.add(native);
  }
}
