import { bigint, defineTable, int, json, type Specs, text } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { thrownBy } from './thrown-by.ts';

type Options = Parameters<typeof defineTable>[1];

/** Past the compiler, which catches some of these. */
function refusal(columns: Specs, keys: Partial<Options> = {}, name = 't'): string {
  const error = thrownBy(() => defineTable(name, { columns, partitionKey: ['id'], ...keys } as never));
  expect([error.code, error.outcome]).toEqual(['invalid-statement', 'not-applied']);
  return error.message;
}

describe('refused definitions', () => {
  const id = text();
  const cases: readonly (readonly [name: string, named: string, message: () => string])[] = [
    ['R4 a column named [applied]', '[applied]', () => refusal({ id, '[applied]': int() })],
    ['R4 a column named [applied] in the database', '[applied]', () => refusal({ id, n: int().named('[applied]') })],
    ['a column named __columns, which the driver uses', '__columns', () => refusal({ id, n: int().named('__columns') })],
    ['R16 a column named __proto__', '__proto__', () => refusal({ id, ['__proto__']: int() })],
    ['R16 a column named __proto__ in the database', '__proto__', () => refusal({ id, n: int().named('__proto__') })],
    ['a column named constructor', 'constructor', () => refusal({ id, constructor: int() })],
    ['a column named toString', 'toString', () => refusal({ id, toString: int() })],
    ['two columns of one name in the database', 'same', () => refusal({ id, a: int().named('same'), b: int().named('same') })],
    ['a name in the database that another column has in code', 'a', () => refusal({ id, a: int(), b: int().named('a') })],
    ['a table without a name', 'name', () => refusal({ id }, {}, '')],
    ['a table without a name in the database', 't', () => refusal({ id }, { named: '' })],
    ['a column without a name', 't.', () => refusal({ id, '': int() })],
    ['a column without a name in the database', 't.n', () => refusal({ id, n: int().named('') })],
    ['a name that UTF-8 cannot hold', 't.n', () => refusal({ id, n: int().named('\ud800') })],
    ['an empty partition key', 'partitionKey', () => refusal({ id }, { partitionKey: [] as never })],
    ['a partition key that is not a column', 'nope', () => refusal({ id }, { partitionKey: ['nope'] })],
    ['a clustering key that is not a column', 'nope', () => refusal({ id }, { clusteringKey: ['nope'] })],
    ['a key column that only Object.prototype has', 'valueOf', () => refusal({ id }, { partitionKey: ['valueOf'] })],
    ['a column twice in the partition key', 'twice', () => refusal({ id }, { partitionKey: ['id', 'id'] })],
    ['a column in both keys', 'twice', () => refusal({ id }, { clusteringKey: ['id'] })],
    ['a notNull key column', 't.id', () => refusal({ id: text().notNull() })],
    ['a static key column', 't.at', () => refusal({ id, at: int().static() }, { clusteringKey: ['at'] })],
    ['a json key column', 't.id', () => refusal({ id: json() })],
    ['R24 a static column without a clustering key', 't.s', () => refusal({ id, s: int().static() })],
    ['an option of another name', 'no primaryKey; they have columns, partitionKey', () => refusal({ id }, { primaryKey: ['id'] } as never)],
    ['no partition key', 'partitionKey is a list', () => refusal({ id }, { partitionKey: null as never })],
    ['a partition key that is no list', "such as ['id']", () => refusal({ id }, { partitionKey: 'id' } as never)],
    ['a clustering key that is no list', 'clusteringKey is a list', () => refusal({ id, at: int() }, { clusteringKey: 'at' } as never)],
    ['no columns', 'columns are an object', () => refusal(undefined as never)],
    ['a builder that was not called', 't.n: a column is made', () => refusal({ id, n: int } as never)],
    ['a type in words', 't.id: a column is made', () => refusal({ id: 'text' } as never)],
    ['no options', 'options of table t are an object', () => thrownBy(() => defineTable('t', undefined as never)).message],
  ];
  test.each(cases)('%s', (_, named, message) => {
    expect(message()).toContain(named);
  });

  test('R2, R24 a column cannot be notNull and static, in either order, nor twice', () => {
    const once = (make: () => unknown): string => thrownBy(make).code;
    expect(once(() => (text().notNull() as never as ReturnType<typeof text>).static())).toBe('invalid-statement');
    expect(once(() => (text().static() as never as ReturnType<typeof text>).notNull())).toBe('invalid-statement');
    expect(once(() => (text().notNull() as never as ReturnType<typeof text>).notNull())).toBe('invalid-statement');
  });
});

describe('a definition as data', () => {
  const table = defineTable('profiles', {
    columns: { at: int(), id: text(), st: text().static(), mark: text().notNull(), n: bigint().named('count'), also: int().notNull() },
    partitionKey: ['id'],
    clusteringKey: ['at'],
    named: 'account_profiles',
  });
  const names = (columns: readonly { readonly name: string }[]): readonly string[] => columns.map(({ name }) => name);

  test('names, roles and order', () => {
    expect([table.name, table.native]).toEqual(['profiles', 'account_profiles']);
    expect(names(table.key)).toEqual(['id', 'at']);
    expect(names(table.regular)).toEqual(['mark', 'n', 'also']);
    expect(names(table.statics)).toEqual(['st']);
    expect(names(table.all)).toEqual(['id', 'at', 'mark', 'n', 'also', 'st']);
    expect(names(table.notNull)).toEqual(['mark', 'also']);
    expect(table.columns.n).toMatchObject({ kind: 'column', table: 'profiles', name: 'n', native: 'count', type: { kind: 'bigint' } });
    expect(Object.values(table.columns).map(({ role }) => role)).toEqual([
      'clustering',
      'partition',
      'static',
      'regular',
      'regular',
      'regular',
    ]);
  });

  test('is frozen all through', () => {
    const { columns, partitionKey, clusteringKey, key, regular, statics, all, notNull } = table;
    for (const part of [table, columns, partitionKey, clusteringKey, key, regular, statics, all, notNull])
      expect(Object.isFrozen(part)).toBe(true);
    for (const column of all) {
      expect(Object.isFrozen(column)).toBe(true);
      expect(Object.isFrozen(column.type)).toBe(true);
    }
  });

  test('named() keeps the flag, and a flag keeps the name', () => {
    const flagged = defineTable('t', {
      columns: { id: text(), n: int().notNull().named('x'), m: int().named('y').notNull() },
      partitionKey: ['id'],
    });
    expect(flagged.notNull.map(({ native }) => native)).toEqual(['x', 'y']);
  });

  test('columns may be a function of the builders', () => {
    const made = defineTable('t', { columns: (t) => ({ id: t.uuid(), when: t.date().notNull(), n: t.int() }), partitionKey: ['id'] });
    expect(made.all.map(({ name, type, notNull }) => [name, type.kind, notNull])).toEqual([
      ['id', 'uuid', false],
      ['when', 'date', true],
      ['n', 'int', false],
    ]);
  });

  test('a table of key columns only is a table', () => {
    expect(defineTable('t', { columns: { id: text() }, partitionKey: ['id'] }).regular).toEqual([]);
  });
});
