import {
  addToSet,
  type AnyTable,
  append,
  type Client,
  contains,
  containsKey,
  defineTable,
  deleteRow,
  entry,
  exists,
  insert,
  int,
  item,
  list,
  map,
  not,
  notExists,
  or,
  prepend,
  putEntry,
  removeEntry,
  removeFromSet,
  replace,
  type Row,
  type ScalarKind,
  set,
  size,
  text,
  update,
  upsert,
  type WriteNode,
} from '@onlyif/core';
import { inspect } from 'node:util';
import { checkStatement } from './check-statement.ts';
import { freshKey } from './fresh-key.ts';
import { putRow } from './grid.ts';
import { type AnyCondition, type NamedCondition, untyped } from './operators.ts';
import type { Case } from './run-cases.ts';
import { samples } from './samples.ts';
import { scalar } from './tables.ts';

type Kind = 'list' | 'set' | 'map';

/** A table with two columns of one collection type, a `notNull` column and an int. */
export interface CollectionTable {
  readonly name: string;
  readonly kind: Kind;
  readonly key: ScalarKind;
  readonly element: ScalarKind;
  readonly table: AnyTable;
}

const elementKinds: readonly ScalarKind[] = [
  'text',
  'int',
  'bigint',
  'decimal',
  'double',
  'blob',
  'uuid',
  'timestamp',
  'boolean',
  'inet',
  'date',
];
const keyKinds: readonly (readonly [ScalarKind, ScalarKind])[] = [
  ['text', 'int'],
  ['text', 'text'],
  ['text', 'decimal'],
  ['text', 'timestamp'],
  ['int', 'text'],
  ['uuid', 'text'],
  ['timestamp', 'int'],
  ['boolean', 'int'],
  ['blob', 'bigint'],
];

function collectionTable(kind: Kind, key: ScalarKind, element: ScalarKind): CollectionTable {
  const type = { list: () => list(scalar(element)), set: () => set(scalar(element)), map: () => map(scalar(key), scalar(element)) }[kind];
  const name = kind === 'map' ? `map_${key}_${element}` : `${kind}_${element}`;
  const columns = {
    pk: text(),
    a: type() as never as ReturnType<typeof text>,
    b: type() as never as ReturnType<typeof text>,
    guard: text().notNull(),
    other: int(),
  };
  return { name, kind, key, element, table: defineTable(name, { columns, partitionKey: ['pk'] }) as never };
}

export const collectionTables: readonly CollectionTable[] = [
  ...elementKinds.map((element) => collectionTable('list', 'text', element)),
  ...elementKinds.map((element) => collectionTable('set', 'text', element)),
  ...keyKinds.map(([key, element]) => collectionTable('map', key, element)),
];

function column(table: AnyTable, name: string): never {
  return table.columns[name] as never;
}

/** Three members, or keys, of a type; two where it has no third. */
function members(kind: ScalarKind): readonly unknown[] {
  const { low, middle, high } = samples[kind];
  return kind === 'boolean' ? [low, middle] : [middle, low, high];
}

/** Values of a collection: of one, two and three members, in two orders. */
function valuesOf({ kind, key, element }: CollectionTable): readonly unknown[] {
  const [x, y, z] = members(element);
  const three = z === undefined ? [] : [z];
  if (kind === 'list') return [[x], [x, y], [y, x], [x, x, ...three]];
  if (kind === 'set') return [new Set([x]), new Set([x, y]), new Set([y, x, ...three])];
  const [k, l] = members(key);
  return [
    new Map([[k, x]]),
    new Map([
      [l, y],
      [k, x],
    ]),
    new Map([[k, y]]),
  ];
}

function conditions(of: CollectionTable): readonly NamedCondition[] {
  const { kind, key, element, table } = of;
  const [a, b, other] = [column(table, 'a'), column(table, 'b'), column(table, 'other')] as [never, never, never];
  const [one, two] = valuesOf(of);
  const empty = kind === 'list' ? [] : kind === 'set' ? new Set() : new Map();
  const named: (readonly [string, AnyCondition])[] = [
    ['eq of one', untyped.eq(a, one)],
    ['ne of one', untyped.ne(a, one)],
    ['eq of two', untyped.eq(a, two)],
    ['not(eq of two)', not(untyped.eq(a, two))],
    ['eq of empty', untyped.eq(a, empty)],
    ['ne of empty', untyped.ne(a, empty)],
    ['oneOf', untyped.oneOf(a, [one, two])],
    ['oneOf with empty', untyped.oneOf(a, [one, empty])],
    ['noneOf with empty', untyped.noneOf(a, [two, empty])],
    ['isNull', untyped.isNull(a)],
    ['isNotNull', untyped.isNotNull(a)],
    ['or(isNull, eq)', or(untyped.isNull(a), untyped.eq(a, one))],
    ['eq of two columns', untyped.eq(a, b)],
    ['ne of two columns', untyped.ne(a, b)],
    ['size = 1', untyped.eq(size(a) as never, 1)],
    ['size != 2', untyped.ne(size(a) as never, 2)],
    ['size > 1', untyped.gt(size(a) as never, 1)],
    ['not(size < 2)', not(untyped.lt(size(a) as never, 2))],
    ['size between', untyped.between(size(a) as never, 1, 2)],
    ['size one of', untyped.oneOf(size(a) as never, [0, 2])],
    ['size none of', untyped.noneOf(size(a) as never, [0, 2])],
    ['size = size of another', untyped.eq(size(a) as never, size(b))],
    ['size != column', untyped.ne(size(a) as never, other)],
  ];
  const [x, y] = members(element);
  if (kind !== 'map') {
    named.push(
      ['contains', contains(a, x as never)],
      ['contains another', contains(a, y as never)],
      ['not(contains)', not(contains(a, y as never))],
    );
  }
  if (kind === 'list') {
    for (const index of [0, 1, 5]) named.push(...elementConditions(`item ${index}`, item(a, index) as never, element));
    named.push(['item = item of another', untyped.eq(item(a, 0) as never, item(b, 0))]);
  }
  if (kind === 'map') {
    const [k, l] = members(key);
    named.push(['containsKey', containsKey(a, k as never)], ['not(containsKey)', not(containsKey(a, l as never))]);
    for (const [name, at] of Object.entries({ first: k, second: l }))
      named.push(...elementConditions(`entry ${name}`, entry(a, at as never) as never, element));
  }
  return named.map(([name, condition]) => ({ name, condition }));
}

function elementConditions(name: string, operand: never, element: ScalarKind): readonly (readonly [string, AnyCondition])[] {
  const [x, y] = members(element);
  const equalities: (readonly [string, AnyCondition])[] = [
    [`${name} eq`, untyped.eq(operand, x)],
    [`${name} ne`, untyped.ne(operand, x)],
    [`${name} oneOf`, untyped.oneOf(operand, [x, y])],
    [`${name} isNull`, untyped.isNull(operand)],
    [`${name} isNotNull`, untyped.isNotNull(operand)],
  ];
  const isOrdered = !['uuid', 'boolean', 'inet'].includes(element);
  return isOrdered ? [...equalities, [`${name} lt`, untyped.lt(operand, x)], [`${name} gte`, untyped.gte(operand, x)]] : equalities;
}

/** Every condition on a collection × {row absent, null, each value} × verb. */
export function collectionCases(db: Client, of: CollectionTable): readonly Case[] {
  const states: readonly (Row | undefined)[] = [
    undefined,
    {},
    ...valuesOf(of).map((a) => ({ a, b: valuesOf(of)[1] })),
    { a: valuesOf(of)[0], other: 1 },
  ];
  const conditional = conditions(of).flatMap((condition) =>
    states.flatMap((state) =>
      (['update', 'upsert', 'delete'] as const).map((verb) =>
        oneCase(db, of, state, `${verb} if ${condition.name}`, (key) => writeWith(of.table, verb, key, condition.condition)),
      ),
    ),
  );
  return [...conditional, ...mutationCases(db, of, states), ...wholeCases(db, of, states)];
}

function oneCase(
  db: Client,
  { table }: CollectionTable,
  state: Row | undefined,
  name: string,
  write: (key: Row) => WriteNode | undefined,
): Case {
  return {
    name: `${name}, ${state === undefined ? 'row absent' : inspect(state, { breakLength: Infinity })}`,
    run: async () => {
      const key = freshKey(table);
      const statement = write(key);
      if (statement === undefined) return [];
      // A table that the backend refuses can hold no row either.
      if (db.explain(insert(table, { ...key, guard: 'here' }, { if: notExists() })).verdict === 'refused')
        return checkRefusedTable(db, statement);
      return checkStatement(db, statement, await putRow(db, table, key, state));
    },
  };
}

async function checkRefusedTable(db: Client, statement: WriteNode): Promise<readonly string[]> {
  try {
    await db.execute(statement);
    return ['the table is refused, and this statement on it is not'];
  } catch (error) {
    return (error as { code?: string }).code === 'unsupported' ? [] : [String(error)];
  }
}

function writeWith(table: AnyTable, verb: 'update' | 'upsert' | 'delete', key: Row, condition: AnyCondition): WriteNode | undefined {
  switch (verb) {
    case 'update':
      return update(table, key as never, { set: { other: 7, b: null }, if: condition });
    case 'delete':
      return deleteRow(table, key as never, { if: condition });
    case 'upsert':
      return upsert(table, key as never, { set: { guard: 'set', other: 9 }, if: condition });
  }
}

function mutationCases(db: Client, of: CollectionTable, states: readonly (Row | undefined)[]): readonly Case[] {
  return Object.entries(mutations(of)).flatMap(([name, mutation]) =>
    states.flatMap((state) => [
      oneCase(db, of, state, `update ${name} if exists`, (key) => update(of.table, key as never, { set: { a: mutation }, if: exists() })),
      oneCase(db, of, state, `update ${name} if ne`, (key) =>
        update(of.table, key as never, { set: { a: mutation, other: 3 }, if: untyped.ne(column(of.table, 'other'), 2) }),
      ),
      oneCase(db, of, state, `upsert ${name}`, (key) =>
        upsert(of.table, key as never, { set: { a: mutation, guard: 'set' }, if: untyped.ne(column(of.table, 'other'), 1) }),
      ),
    ]),
  );
}

function mutations({ kind, key, element }: CollectionTable): Readonly<Record<string, unknown>> {
  const [x, y, z = x] = members(element);
  if (kind === 'list') return { append: append(x, z), prepend: prepend(y, z), 'append nothing': append() };
  if (kind === 'set')
    return {
      addToSet: addToSet(x, y),
      removeFromSet: removeFromSet(x),
      'removeFromSet all': removeFromSet(...members(element)),
      'add nothing': addToSet(),
    };
  const [k, l] = members(key);
  return {
    putEntry: putEntry(k, z),
    'putEntry another': putEntry(l, x),
    removeEntry: removeEntry(k),
    'removeEntry another': removeEntry(l),
  };
}

/** Collections in whole rows: written, rejected with what is there, replaced, and emptied. */
function wholeCases(db: Client, of: CollectionTable, states: readonly (Row | undefined)[]): readonly Case[] {
  const [one, two] = valuesOf(of);
  const empty = of.kind === 'list' ? [] : of.kind === 'set' ? new Set() : new Map();
  return states.flatMap((state) => [
    oneCase(db, of, state, 'insert', (key) => insert(of.table, { ...key, guard: 'g', a: two, b: empty }, { if: notExists() })),
    oneCase(db, of, state, 'replace', (key) => replace(of.table, { ...key, guard: 'g', b: one }, { if: exists() })),
    oneCase(db, of, state, 'update to empty', (key) => update(of.table, key as never, { set: { a: empty, b: two }, if: exists() })),
  ]);
}
