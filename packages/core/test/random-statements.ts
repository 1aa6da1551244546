import * as build from '@onlyif/core';
import type { ColumnDefinition, ColumnType, Condition, ScalarKind, Statement } from '@onlyif/core';
import * as fc from 'fast-check';
import { everyType } from './every-type-table.ts';

type AnyCondition = Condition<string, string>;
type Operator = (...operands: unknown[]) => never;

/** The builders without the types of one table: the generator draws columns and values together. */
const untyped = build as unknown as { readonly [name: string]: Operator };
function operator(name: string): Operator {
  const made = untyped[name];
  if (made === undefined) throw new Error(`there is no builder ${name}`);
  return made;
}

const wellFormed = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '__proto__', 'constructor', '"\\":', '\u0000', '\u{1f600}'));
const ofBits = (bits: number): fc.Arbitrary<number> => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const finite = { noNaN: true, noDefaultInfinity: true };
const maxTime = 8.64e15;

const scalars: { readonly [K in ScalarKind]: fc.Arbitrary<unknown> } = {
  text: wellFormed,
  ascii: fc.string({ unit: 'binary-ascii' }),
  int: ofBits(32),
  smallint: ofBits(16),
  tinyint: ofBits(8),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  varint: fc.oneof(fc.bigInt(), fc.constantFrom(10n ** 1000n - 1n, 1n - 10n ** 1000n)),
  decimal: fc.tuple(fc.bigInt(), fc.integer({ min: -40, max: 40 })).map(([value, exponent]) => `${value}e${exponent}`),
  float: fc.float(finite),
  double: fc.double(finite),
  boolean: fc.boolean(),
  blob: fc.uint8Array(),
  uuid: fc.uuid(),
  timeuuid: fc.uuid({ version: 1 }),
  timestamp: fc.oneof(
    fc.date({ noInvalidDate: true }),
    fc.constantFrom(-maxTime, 0, maxTime).map((time) => new Date(time)),
  ),
  date: fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10)),
  time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(86_399_999) }).map((at) => at.toISOString().slice(11, 23)),
  inet: fc.oneof(fc.ipV4(), fc.ipV6()),
  json: fc
    .json()
    .map((text): unknown => JSON.parse(text))
    .filter(
      (value) => value !== null && JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value) && !hasNegativeZero(value),
    ),
};

function hasNegativeZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasNegativeZero);
  return Object.is(value, -0);
}

/** A key of no length is refused. */
const keyText = wellFormed.filter((value) => value !== '');
const few = { maxLength: 4 };

/** Members and keys that differ by value. */
function distinct(type: ColumnType): fc.Arbitrary<readonly unknown[]> {
  const comparator = (a: unknown, b: unknown): boolean => build.compareValues(type, canonical(type, a), canonical(type, b)) === 0;
  return fc.uniqueArray(valueOf(type), { ...few, comparator });
}

function canonical(type: ColumnType, value: unknown): unknown {
  return build.valueType(type).canonical(value);
}

function valueOf(type: ColumnType): fc.Arbitrary<unknown> {
  if (!build.isCollection(type)) return scalars[type.kind];
  if (type.kind === 'list') return fc.array(valueOf(type.element), few);
  if (type.kind === 'set') return distinct(type.element).map((members) => new Set(members));
  return distinct(type.key).chain((keys) => fc.tuple(...keys.map(() => valueOf(type.value))).map((values) => mapOf(keys, values)));
}

function mapOf(keys: readonly unknown[], values: readonly unknown[]): ReadonlyMap<unknown, unknown> {
  return new Map(keys.map((key, i) => [key, values[i]]));
}

type Operand = ColumnDefinition;
const all: readonly ColumnDefinition[] = everyType.regular;
const comparable = all.filter(({ type }) => type.kind !== 'json');
const ofKind = (...kinds: readonly string[]): readonly ColumnDefinition[] => all.filter(({ type }) => kinds.includes(type.kind));

/** Columns, and all sizes, entries and items of them. */
const size = fc.constantFrom(...ofKind('list', 'set', 'map', 'blob')).map((column): Operand => operator('size')(column));
const entry = fc
  .constantFrom(...ofKind('map'))
  .chain((column) => valueOf(build.keyType(column.type)).map((key): Operand => operator('entry')(column, key)));
const item = fc.tuple(fc.constantFrom(...ofKind('list')), fc.nat(2 ** 31 - 1)).map(([column, at]): Operand => operator('item')(column, at));
const nullable = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...comparable) }, entry, item);
const operand = fc.oneof({ weight: 5, arbitrary: nullable }, size);
const isOrdered = ({ type }: Operand): boolean => build.valueType(type).ordered;

const comparison = (kinds: readonly string[], operands: fc.Arbitrary<Operand>): fc.Arbitrary<AnyCondition> =>
  operands.chain((left) =>
    fc.tuple(fc.constantFrom(...kinds), valueOf(left.type)).map(([kind, value]): AnyCondition => operator(kind)(left, value)),
  );
const pair = operand.chain((left) => {
  const partners = operand.filter((right) => build.describeType(right.type) === build.describeType(left.type));
  const kinds = isOrdered(left) ? ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] : ['eq', 'ne'];
  return fc.tuple(fc.constantFrom(...kinds), partners).map(([kind, right]): AnyCondition => operator(kind)(left, right));
});
const range = operand
  .filter(isOrdered)
  .chain((left) => fc.tuple(valueOf(left.type), valueOf(left.type)).map((ends): AnyCondition => operator('between')(left, ...ends)));
const membership = operand.chain((left) =>
  fc
    .tuple(fc.constantFrom('oneOf', 'noneOf'), fc.array(valueOf(left.type), few))
    .map(([kind, values]): AnyCondition => operator(kind)(left, values)),
);
const prefix = fc
  .constantFrom(...ofKind('text', 'ascii', 'blob'))
  .chain((left) => valueOf(left.type).map((value): AnyCondition => operator('beginsWith')(left, value)));
const member = fc
  .constantFrom(...ofKind('list', 'set'))
  .chain((left) => valueOf(build.memberType(left.type)).map((value): AnyCondition => operator('contains')(left, value)));
const key = fc
  .constantFrom(...ofKind('map'))
  .chain((left) => valueOf(build.keyType(left.type)).map((value): AnyCondition => operator('containsKey')(left, value)));
const nullTest = fc
  .tuple(fc.constantFrom('isNull', 'isNotNull'), fc.oneof(nullable, fc.constantFrom(...ofKind('json'))))
  .map(([kind, left]): AnyCondition => operator(kind)(left));
const leaf = fc.oneof(
  comparison(['eq', 'ne'], operand),
  comparison(['lt', 'lte', 'gt', 'gte'], operand.filter(isOrdered)),
  pair,
  range,
  membership,
  prefix,
  member,
  key,
  nullTest,
);

/** Any condition that the builders can make on the table `everyType`. */
export const anyBuiltCondition: fc.Arbitrary<AnyCondition> = fc.letrec<{ tree: AnyCondition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    { weight: 3, arbitrary: leaf },
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((nodes): AnyCondition => operator('and')(...nodes)),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((nodes): AnyCondition => operator('or')(...nodes)),
    tie('tree').map((node): AnyCondition => operator('not')(node)),
  ),
})).tree;

const incrementable: ReadonlySet<string> = new Set(['int', 'smallint', 'tinyint', 'bigint', 'varint', 'decimal']);

/** The mutations that a column's type has. */
function mutationOf({ type }: ColumnDefinition): readonly fc.Arbitrary<unknown>[] {
  if (incrementable.has(type.kind)) return [valueOf(type).map((by) => operator('increment')(by))];
  if (type.kind === 'set')
    return ['addToSet', 'removeFromSet'].map((kind) => distinct(type.element).map((members) => operator(kind)(...members)));
  if (type.kind === 'list')
    return ['append', 'prepend'].map((kind) => fc.array(valueOf(type.element), few).map((values) => operator(kind)(...values)));
  if (type.kind !== 'map') return [];
  const put = fc.tuple(valueOf(type.key), valueOf(type.value)).map((ends) => operator('putEntry')(...ends));
  return [put, valueOf(type.key).map((key) => operator('removeEntry')(key))];
}

type Cells = Readonly<Record<string, unknown>>;

/** Some columns with a value, null, or a mutation; always the notNull one. */
function cells(mutations: boolean): fc.Arbitrary<Cells> {
  const cell = (column: ColumnDefinition): fc.Arbitrary<unknown> => {
    const values = [valueOf(column.type), ...(mutations ? mutationOf(column) : [])];
    return column.notNull ? fc.oneof(...values) : fc.oneof(...values, fc.constant(null));
  };
  const record = Object.fromEntries(all.map((column) => [column.name, cell(column)]));
  return fc.record(record, { requiredKeys: ['mark'] });
}

const rowKey = fc.record({ id: keyText, at: scalars.timestamp });
const condition = fc.oneof({ weight: 4, arbitrary: anyBuiltCondition }, fc.constant(build.exists()));
const consistency = fc.constantFrom('strong', 'quorum', 'eventual');
const names = fc.array(fc.constantFrom(...Object.keys(everyType.columns)), { minLength: 1, maxLength: 5 });
const table = everyType;
const creating = anyBuiltCondition.filter((made) => {
  const normal = build.normalise(build.nodeOf(made));
  return normal.kind !== 'constant' || !normal.value;
});

/** Any statement that the builders can make on the table `everyType`. */
export const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  fc.tuple(rowKey, cells(false)).map(([key, row]) => operator('insert')(table, { ...key, ...row }, { if: build.notExists() })),
  fc.tuple(rowKey, cells(true), condition).map(([key, set, made]) => operator('update')(table, key, { set, if: made })),
  fc.tuple(rowKey, cells(false), condition).map(([key, row, made]) => operator('replace')(table, { ...key, ...row }, { if: made })),
  fc.tuple(rowKey, cells(true), creating).map(([key, set, made]) => operator('upsert')(table, key, { set, if: made })),
  fc.tuple(rowKey, condition).map(([key, made]) => operator('deleteRow')(table, key, { if: made })),
  fc
    .tuple(rowKey, fc.record({ consistency, columns: names }, { requiredKeys: [] }))
    .map(([key, options]) => operator('get')(table, key, options)),
);
