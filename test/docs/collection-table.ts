import { cassandraDialect } from '@onlyif/cassandra';
import type { Statement } from '@onlyif/core';
import { collectionStatements, incrementStatements } from './suite-statements.ts';
import { type Backend, sentChange, sentCondition, type VerdictRow, verdictTable } from './verdicts.ts';

/** The tables of the suite, by the words that name them here. */
const tables = {
  list: 'list_text',
  set: 'set_text',
  map: 'map_text_int',
  'map with decimal values': 'map_text_decimal',
  'map with uuid keys': 'map_uuid_text',
  'map with int keys': 'map_int_text',
  'set of booleans': 'set_boolean',
} as const;
type Kind = keyof typeof tables;
/** Of these, every case stands in a row. */
const complete: readonly Kind[] = ['list', 'set', 'map'];

/** What is written in code, the tables, and the cases of the suite that run it. */
type Construct = readonly [construct: string, on: readonly Kind[], ...cases: string[]];

const each = ['list', 'set', 'map'] as const;
const equalities = ['eq', 'ne', 'oneOf'];
const nulls = ['isNull', 'isNotNull'];
const orders = ['lt', 'gte'];
const named = (operands: readonly string[], operators: readonly string[]): readonly string[] =>
  operands.flatMap((operand) => operators.map((operator) => `${operand} ${operator}`));
const items = ['item 0', 'item 1', 'item 5'];
const entries = ['entry first', 'entry second'];

const conditions: readonly Construct[] = [
  ['`eq(a, v)`', each, 'eq of one', 'eq of two'],
  ['`ne(a, v)`', each, 'ne of one', 'not(eq of two)'],
  ['`oneOf(a, vs)`', each, 'oneOf'],
  ['`isNull(a)`; `eq(a, v)` with `v` empty', each, 'isNull', 'eq of empty'],
  ['`isNotNull(a)`; `ne(a, v)` with `v` empty', each, 'isNotNull', 'ne of empty'],
  ['`or(isNull(a), eq(a, v))`; `oneOf(a, vs)` with one of them empty', each, 'or(isNull, eq)', 'oneOf with empty'],
  ['`noneOf(a, vs)` with one of them empty', each, 'noneOf with empty'],
  ['two columns', each, 'eq of two columns', 'ne of two columns'],
  ['`size(a)` in `eq lt lte gt gte`', each, 'size = 1', 'size > 1'],
  ['`ne(size(a), n)`', each, 'size != 2'],
  ['`size(a)` in `between oneOf noneOf`', each, 'size between', 'size one of', 'size none of'],
  ['`not` of an ordering of `size(a)`', each, 'not(size < 2)'],
  ['`size(a)` and a column, or another size', each, 'size != column', 'size = size of another'],
  ['`contains(a, v)`', ['list', 'set'], 'contains', 'contains another'],
  ['`not(contains(a, v))`', ['list', 'set'], 'not(contains)'],
  ['`containsKey(a, k)`', ['map'], 'containsKey'],
  ['`not(containsKey(a, k))`', ['map'], 'not(containsKey)'],
  ['`item(a, i)` in every comparison', ['list'], ...named(items, [...equalities, ...orders])],
  ['`isNull`, `isNotNull` of `item(a, i)`', ['list'], ...named(items, nulls)],
  ['`item(a, i)` and `item(b, i)`', ['list'], 'item = item of another'],
  ['`entry(a, k)` in `eq ne oneOf noneOf`; text, ascii, blob, int or bigint keys', ['map'], ...named(entries, equalities)],
  ['the same; `decimal`, `varint`, `float` or `double` values', ['map with decimal values'], ...named(entries, equalities)],
  ['the same; other keys', ['map with uuid keys'], ...named(entries, equalities)],
  ['`isNull`, `isNotNull` of `entry(a, k)`', ['map'], ...named(entries, nulls)],
  ['`entry(a, k)` in an ordering', ['map'], ...named(entries, orders)],
  ['any statement on a table with a map whose keys are numbers, `blob`, `boolean` or `timestamp`', ['map with int keys'], 'eq of one'],
  ['any statement on a table with a `set(boolean())`', ['set of booleans'], 'eq of one'],
];

const always = (name: string): readonly string[] => [`${name} if exists`, `upsert ${name}`];
const underNe = (...names: readonly string[]): readonly string[] => names.map((name) => `${name} if ne`);
const changes: readonly Construct[] = [
  ['`addToSet(…)`', ['set'], ...always('addToSet')],
  ['`removeFromSet(…)`', ['set'], ...always('removeFromSet'), ...always('removeFromSet all')],
  ['`append(…)`', ['list'], ...always('append')],
  ['`prepend(…)`', ['list'], ...always('prepend'), ...underNe('prepend')],
  ['`append()`, `addToSet()` of nothing', ['list', 'set'], ...always('append nothing'), ...always('add nothing')],
  ['`putEntry(k, v)`', ['map'], ...always('putEntry'), ...always('putEntry another')],
  ['`removeEntry(k)`', ['map'], ...always('removeEntry'), ...always('removeEntry another')],
  [
    '`addToSet`, `removeFromSet`, `append` in an update whose condition holds on nulls',
    ['set', 'list'],
    ...underNe('addToSet', 'removeFromSet', 'removeFromSet all', 'append', 'append nothing', 'add nothing'),
  ],
  ['`putEntry`, `removeEntry` likewise', ['map'], ...underNe('putEntry', 'putEntry another', 'removeEntry', 'removeEntry another')],
  ['a whole collection, or null for an empty one', each, 'update to empty', 'replace'],
];

type Suite = ReadonlyMap<Kind, ReadonlyMap<string, Statement>>;

async function suite(): Promise<Suite> {
  const kinds = Object.keys(tables) as Kind[];
  return new Map(await Promise.all(kinds.map(async (kind) => [kind, await collectionStatements(tables[kind])] as const)));
}

/** Every condition of the suite on collections, in an update of a table with a `notNull` column, as it is sent. */
export async function collectionTable(): Promise<string> {
  const known = await suite();
  requireAll(known, [...conditions, ...changes], /^(upsert if|delete if|insert)/);
  return verdictTable('condition', rowsOf(known, conditions, 'if '), sentCondition);
}

/** Every mutation of the suite, as it is sent. */
export async function mutationTable(): Promise<string> {
  const rows = rowsOf(await suite(), changes, '');
  return verdictTable('in `set`', [...rows, ...(await incrementRows())], sentChange);
}

async function incrementRows(): Promise<readonly VerdictRow[]> {
  const row = async (kinds: readonly Parameters<typeof incrementStatements>[0][]): Promise<VerdictRow> => ({
    construct: `\`increment(n)\` of ${kinds.map((kind) => `\`${kind}\``).join(' ')}`,
    statements: (await Promise.all(kinds.map(incrementStatements))).flatMap((found) => [...found.values()]),
    test: `R21 increments › ${kinds.join(', ')}`,
  });
  return [await row(['int', 'smallint', 'tinyint', 'bigint']), await row(['varint', 'decimal'])];
}

function rowsOf(known: Suite, constructs: readonly Construct[], prefix: string): readonly VerdictRow[] {
  return constructs.map(([construct, on, ...cases]) => {
    const statements = on.flatMap((kind) => cases.flatMap((name) => known.get(kind)?.get(`${prefix}${name}`) ?? []));
    const unknown = cases.filter((name) => on.every((kind) => known.get(kind)?.has(`${prefix}${name}`) !== true));
    if (unknown.length > 0) throw new Error(`The conformance suite has no case ${unknown.join('; ')}.`);
    return { construct, statements, test: `${on.map((kind) => tables[kind]).join(', ')} › ${shown(cases)}` };
  });
}

/** Cases that differ in an index, a key or the verb are named once. */
function shown(cases: readonly string[]): string {
  const short = cases.map((name) => name.replace(/^item \d /, 'item ').replace(/^entry (first|second) /, 'entry ').replace(/^upsert | if (exists|ne)$/g, '')); // prettier-ignore
  return [...new Set(short)].map((name) => `\`${name}\``).join(', ');
}

function requireAll(known: Suite, constructs: readonly Construct[], elsewhere: RegExp): void {
  const placed = (kind: Kind, name: string): boolean =>
    constructs.some(([, on, ...cases]) => on.includes(kind) && (cases.includes(name) || cases.includes(name.replace(/^if /, ''))));
  const missing = complete.flatMap((kind) =>
    [...(known.get(kind)?.keys() ?? [])]
      .filter((name) => !(elsewhere.test(name) && !name.startsWith('upsert a')) && !placed(kind, name))
      .map((name) => `${kind}: ${name}`),
  );
  if (missing.length > 0) throw new Error(`These cases of the suite stand in no row: ${missing.join('; ')}.`);
}

const versions: readonly Backend[] = (['3.11', '4.0', '4.1', '5.0'] as const).map((version) => ({
  title: version,
  dialect: cassandraDialect({ version }),
}));

const differing: readonly (readonly [construct: string, kind: Kind, ...cases: string[]])[] = [
  ['`contains(a, v)`', 'list', 'if contains'],
  ['`containsKey(a, k)`', 'map', 'if containsKey'],
  ['`entry(a, k)` in `eq ne oneOf noneOf`; text, ascii, blob, int or bigint keys', 'map', 'if entry first eq'],
  ['the same; other keys, or values that are equal in several forms', 'map with uuid keys', 'if entry first eq'],
  ['`entry(a, k)` in an ordering', 'map', 'if entry first lt'],
  ['`append(…)`', 'list', 'append if exists', 'append if ne'],
];

/** What the versions of Cassandra differ in. */
export async function versionTable(): Promise<string> {
  const known = await suite();
  const rows = differing.map(([construct, kind, ...cases]) => ({
    construct,
    statements: cases.flatMap((name) => known.get(kind)?.get(name) ?? []),
  }));
  const increments = (await incrementRows()).slice(0, 1).map(({ construct, statements }) => ({ construct, statements }));
  return verdictTable('construct', [...rows, ...increments], () => '', versions);
}
