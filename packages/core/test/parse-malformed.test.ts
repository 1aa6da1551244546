import { exists, type LWTErrorCode, parse, serialize, update } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { everyType } from './every-type-table.ts';
import { sample } from './sample-table.ts';
import { thrownBy } from './thrown-by.ts';

type Json = unknown;
type Row = readonly [name: string, text: string, code: LWTErrorCode, message: string];

const tables = [everyType, sample];
const column = (name: Json): Json => ({ kind: 'column', name });
const value = (value: Json): Json => ({ kind: 'value', value });
const eq = (name: string, right: Json): Json => ({ kind: 'eq', left: column(name), right });
const text = (json: Json): string => JSON.stringify(json);
const document = { onlyif: 1, kind: 'condition', table: 'every_type' };
const condition = (condition: Json): string => text({ ...document, condition });
const key = { id: 'x', at: '2025-01-01T00:00:00.000Z' };
const ofMark = eq('mark', value('m'));
const written = { onlyif: 1, kind: 'update', table: 'every_type', key, set: { int: 1 }, if: ofMark };
const statement = (fields: object): string => text({ ...written, ...fields });
const setting = (name: string, json: Json): string => statement({ set: { [name]: json } });
const without = (name: string): string => text(Object.fromEntries(Object.entries(written).filter(([field]) => field !== name)));
const nested = (depth: number): Json => (depth === 0 ? ofMark : { kind: 'not', node: nested(depth - 1) });
/** An own property, which a literal would not make of `__proto__`. */
const owning = (name: string, json: Json): object => Object.fromEntries([[name, json]]);

const [statements, values] = ['invalid-statement', 'invalid-value'] as const;

const wholes: readonly Row[] = [
  ['no JSON', '{"onlyif":1', statements, 'not JSON'],
  ['an empty text', '', statements, 'not JSON'],
  ['no text at all', undefined as never, statements, 'takes the text'],
  ['an object instead of its text', written as never, statements, 'takes the text'],
  ['JSON that is a list', '[]', statements, 'an object'],
  ['JSON that is null', 'null', statements, 'an object'],
  ['no version', text({ kind: 'condition', table: null, condition: { kind: 'exists' } }), statements, 'version'],
  ['a later version', text({ ...document, onlyif: 2, condition: ofMark }), statements, 'version'],
  ['a version as text', text({ ...document, onlyif: '1', condition: ofMark }), statements, 'version'],
  ['no kind', without('kind'), statements, 'kind'],
  ['an unknown kind of statement', statement({ kind: 'merge' }), statements, 'merge'],
  ['a node instead of a document', text({ onlyif: 1, kind: 'isNull', left: column('int') }), statements, 'isNull'],
  ['a kind that every object has', statement({ kind: 'constructor' }), statements, 'constructor'],
  ['a kind in a list', statement({ kind: ['update'] }), statements, 'a string'],
  ['a field too many', statement({ unless: ofMark }), statements, 'unless'],
  ['a field named __proto__', text({ ...written, ...owning('__proto__', { a: 1 }) }), statements, '__proto__'],
  ['a field named constructor', statement({ constructor: 1 }), statements, 'constructor'],
  ['a statement without its condition', without('if'), statements, 'lacks if'],
  ['a statement without its key', without('key'), statements, 'lacks key'],
  ['a statement without set', without('set'), statements, 'lacks set'],
  ['an unknown table', statement({ table: 'users' }), statements, 'users'],
  ['a table that every object has', statement({ table: 'constructor' }), statements, 'constructor'],
  ['no table', statement({ table: null }), statements, 'table'],
  ['a table in a list', statement({ table: ['every_type'] }), statements, 'a string'],
  ['a property twice', '{"onlyif":1,"kind":"delete","kind":"get"}', statements, 'twice'],
  [
    'two operators in one node, of which JSON.parse takes the last',
    condition(ofMark).replace('"eq"', '"eq","kind":"ne"'),
    statements,
    'twice',
  ],
];

const nodes: readonly Row[] = [
  ['no node', condition(null), statements, 'an object'],
  ['a node that is text', condition('eq'), statements, 'an object'],
  ['an unknown operator', condition({ kind: 'like', left: column('text'), right: value('x') }), statements, 'like'],
  ['an operator that every object has', condition({ kind: 'toString' }), statements, 'toString'],
  ['what only folding makes', condition({ kind: 'constant', value: true }), statements, 'constant'],
  ['two operators in one node', condition({ ...(ofMark as object), low: 1, high: 2 }), statements, 'low'],
  ['a node without its right side', condition({ kind: 'eq', left: column('int') }), statements, 'lacks right'],
  ['an empty and', condition({ kind: 'and', nodes: [] }), statements, 'and()'],
  ['an empty or', condition({ kind: 'or', nodes: [] }), statements, 'or()'],
  ['an and of no list', condition({ kind: 'and', nodes: ofMark }), statements, 'an array'],
  ['R12 exists inside and', condition({ kind: 'and', nodes: [{ kind: 'exists' }] }), statements, 'exists'],
  ['R12 exists with a field', condition({ kind: 'exists', table: 'sample' }), statements, 'table'],
  ['33 levels', condition(nested(33)), 'limit-exceeded', '32'],
  [
    'more levels than the stack holds',
    condition(0).replace('0}', `${'{"kind":"not","node":'.repeat(50_000)}0${'}'.repeat(50_000)}}`),
    'limit-exceeded',
    '32',
  ],
  ['an unknown column', condition(eq('nope', value(1))), statements, 'nope'],
  ['a column of another table', condition(eq('flag', value(true))), statements, 'flag'],
  ['a column named __proto__', condition(eq('__proto__', value(1))), statements, '__proto__'],
  ['a column named constructor', condition(eq('constructor', value(1))), statements, 'constructor'],
  ['a column in a list', condition({ kind: 'isNull', left: column(['int']) }), statements, 'a string'],
  ['a column where no table is named', text({ ...document, table: null, condition: ofMark }), statements, 'no table'],
  ['a key column', condition(eq('id', value('x'))), statements, 'key column'],
  ['a constant on the left', condition({ kind: 'eq', left: value(1), right: column('int') }), statements, 'value'],
  ['columns of two types', condition(eq('int', column('smallint'))), statements, 'one type'],
  ['size of a number', condition({ kind: 'gt', left: { kind: 'size', column: 'int' }, right: value(1) }), statements, 'size'],
  ['beginsWith of a number', condition({ kind: 'beginsWith', left: column('int'), prefix: 1 }), statements, 'beginsWith'],
  ['lt of a boolean', condition({ kind: 'lt', left: column('boolean'), right: value(true) }), statements, 'order'],
  ['eq of json', condition({ kind: 'eq', left: column('json'), right: value(1) }), statements, 'json'],
  ['contains of a map', condition({ kind: 'contains', left: column('mapText'), value: 'x' }), statements, 'contains'],
  ['contains of a size', condition({ kind: 'contains', left: { kind: 'size', column: 'setText' }, value: 1 }), statements, 'contains'],
  ['containsKey of a set', condition({ kind: 'containsKey', left: column('setText'), key: 'x' }), statements, 'containsKey'],
  ['an entry of a list', condition({ kind: 'isNull', left: { kind: 'entry', column: 'listText', key: 'x' } }), statements, 'entry'],
  ['an item of a map', condition({ kind: 'isNull', left: { kind: 'item', column: 'mapText', index: 0 } }), statements, 'item'],
  ['an item at −1', condition({ kind: 'isNull', left: { kind: 'item', column: 'listText', index: -1 } }), statements, '-1'],
  [
    'an item at no number',
    condition({ kind: 'isNull', left: { kind: 'item', column: 'listText', index: { toString: 1 } } }),
    statements,
    'number',
  ],
  ['isNull of a size', condition({ kind: 'isNull', left: { kind: 'size', column: 'setText' } }), statements, 'size'],
  ['oneOf without a list', condition({ kind: 'oneOf', left: column('int'), values: 1 }), statements, 'an array'],
];

const cells: readonly Row[] = [
  ['R9 eq null', condition(eq('int', value(null))), values, 'isNull'],
  ['R9 null in a list', condition({ kind: 'oneOf', left: column('int'), values: [1, null] }), values, 'isNull'],
  ['text for a number', condition(eq('int', value('1'))), values, 'int'],
  ['a number for text', condition(eq('text', value(1))), values, 'text'],
  ['a forged column for text', condition(eq('text', value({ kind: 'column', type: { kind: 'text' }, name: 'text2' }))), values, 'text'],
  ['a number out of range', setting('tinyint', 128), values, 'tinyint'],
  ['a fraction for an integer', setting('int', 1.5), values, 'int'],
  ['a number that no double holds', setting('double', 0).replace('"double":0', '"double":1e400'), values, 'double'],
  ['a number for a bigint', setting('bigint', 1), values, 'digits'],
  ['a bigint out of range', setting('bigint', String(2n ** 63n)), values, 'bigint'],
  ['a bigint in hexadecimal', setting('bigint', '0x10'), values, 'digits'],
  ['an absurdly long varint', setting('varint', '9'.repeat(1001)), values, 'digits'],
  ['a number for a decimal', setting('decimal', 1.5), values, 'decimal'],
  ['a decimal that is none', setting('decimal', '1,5'), values, 'decimal'],
  ['a moment in another notation', setting('timestamp', '2025-01-01'), values, 'moment'],
  ['a moment that does not exist', setting('timestamp', '2025-02-30T00:00:00.000Z'), values, 'moment'],
  ['half a byte', setting('blob', 'abc'), values, 'hexadecimal'],
  ['bytes that are none', setting('blob', 'zz'), values, 'hexadecimal'],
  ['a boolean as text', setting('boolean', 'true'), values, 'boolean'],
  ['a UUID that is none', setting('uuid', 'x'), values, 'UUID'],
  ['a lone surrogate', setting('text', '\ud800'), values, 'well-formed'],
  ['null in a list', setting('listText', [null]), values, 'without null'],
  ['R19 a member of a set twice', setting('setText', ['a', 'a']), values, 'differ'],
  ['R19 a moment of a set twice', setting('setTimestamp', [key.at, key.at]), values, 'differ'],
  [
    'R19 a key of a map twice',
    setting('mapText', [
      ['a', 1],
      ['a', 2],
    ]),
    values,
    'differ',
  ],
  [
    'R19 a key of a map twice by value',
    setting('mapTimestamp', [
      [key.at, ''],
      [key.at, '00'],
    ]),
    values,
    'differ',
  ],
  ['a map of no pairs', setting('mapText', ['ab']), values, 'pairs'],
  ['a map as an object', setting('mapText', { a: 1 }), statements, 'kind'],
  [
    'json that nests deeper than the stack is sure to hold',
    setting('json', 0).replace('"json":0', `"json":${'['.repeat(1001)}${']'.repeat(1001)}`),
    values,
    'deep',
  ],
  ['null for a notNull column', setting('mark', null), values, 'notNull'],
  ['an unknown column in set', setting('nope', 1), statements, 'nope'],
  ['__proto__ in set', statement({ set: owning('__proto__', { int: 1 }) }), statements, '__proto__'],
  ['constructor in set', setting('constructor', 1), statements, 'constructor'],
  ['a key column in set', setting('id', 'y'), statements, 'key column'],
  [
    'a key column in the set of an insert',
    statement({ kind: 'insert', set: { id: 'y', mark: 'm' }, if: { kind: 'notExists' } }),
    statements,
    'key column',
  ],
  [
    'another column in the key of an insert',
    statement({ kind: 'insert', key: { ...key, int: 1 }, set: { mark: 'm' }, if: { kind: 'notExists' } }),
    statements,
    'not part of the key',
  ],
  ['an empty set', statement({ set: {} }), statements, 'no column'],
  ['a set that is a list', statement({ set: [] }), statements, 'an object'],
  ['half a key', statement({ key: { id: 'x' } }), statements, 'lacks at'],
  ['another column in the key', statement({ key: { ...key, int: 1 } }), statements, 'not part of the key'],
  ['__proto__ in the key', statement({ key: { ...key, ...owning('__proto__', 1) } }), statements, '__proto__'],
  ['a null key', statement({ key: { ...key, id: null } }), values, 'never null'],
  ['an unknown mutation', setting('int', { kind: 'multiply', by: 2 }), statements, 'multiply'],
  ['a mutation with a field too many', setting('int', { kind: 'increment', by: 2, times: 3 }), statements, 'times'],
  ['R21 an increment of a double', setting('double', { kind: 'increment', by: 1 }), statements, 'increment'],
  ['an increment by text', setting('int', { kind: 'increment', by: '1' }), values, 'int'],
  ['an increment by null', setting('int', { kind: 'increment', by: null }), values, 'null'],
  ['addToSet of a list', setting('listText', { kind: 'addToSet', members: ['a'] }), statements, 'addToSet'],
  ['addToSet of no list', setting('setText', { kind: 'addToSet', members: 'a' }), statements, 'an array'],
  ['append to a set', setting('setText', { kind: 'append', values: ['a'] }), statements, 'append'],
  ['putEntry of another type', setting('mapText', { kind: 'putEntry', key: 'a', value: '1' }), values, 'mapText'],
  [
    'a mutation in a replace',
    statement({ kind: 'replace', set: { mark: 'm', int: { kind: 'increment', by: 1 } } }),
    statements,
    'increment',
  ],
];

const verbs: readonly Row[] = [
  ['R12 an insert under a condition', statement({ kind: 'insert', set: { mark: 'm' } }), statements, 'notExists'],
  ['R12 an update under notExists', statement({ if: { kind: 'notExists' } }), statements, 'notExists'],
  ['R12 an upsert under exists', statement({ kind: 'upsert', set: { mark: 'm' }, if: { kind: 'exists' } }), statements, 'exists'],
  ['R3 an upsert without a notNull column', statement({ kind: 'upsert' }), statements, 'mark'],
  [
    'R3 an upsert whose condition always holds',
    statement({ kind: 'upsert', set: { mark: 'm' }, if: { kind: 'noneOf', left: column('int'), values: [] } }),
    statements,
    'always holds',
  ],
  ['a delete with set', statement({ kind: 'delete' }), statements, 'set'],
  [
    'a get of unknown consistency',
    text({ onlyif: 1, kind: 'get', table: 'every_type', key, consistency: 'any', columns: null }),
    statements,
    'consistency',
  ],
  [
    'a get of no columns',
    text({ onlyif: 1, kind: 'get', table: 'every_type', key, consistency: 'strong', columns: [] }),
    statements,
    'columns',
  ],
  [
    'a get of columns in text',
    text({ onlyif: 1, kind: 'get', table: 'every_type', key, consistency: 'strong', columns: 'int' }),
    statements,
    'an array',
  ],
  ['a record of equalities', statement({ if: { mark: 'm' } }), statements, 'kind'],
];

const malformed = [...wholes, ...nodes, ...cells, ...verbs];

describe(`${malformed.length} texts that describe no statement and no condition`, () => {
  test.each(malformed)('%s', (_, text, code, message) => {
    const error = thrownBy(() => parse(text, tables));
    expect([error.code, error.outcome]).toEqual([code, 'not-applied']);
    expect(error.message).toContain(message);
  });
  test('the texts that they were made of are good ones', () => {
    for (const good of [statement({}), condition(ofMark), condition(nested(32))]) expect(() => parse(good, tables)).not.toThrow();
  });
  test('a json column holds a thousand levels', () => {
    expect(() => parse(setting('json', 0).replace('"json":0', `"json":${'['.repeat(1000)}${']'.repeat(1000)}`), tables)).not.toThrow();
  });
  test('nothing of them reached a prototype', () => {
    expect([Object.keys(Object.prototype), ({} as { a?: number; int?: number }).a]).toEqual([[], undefined]);
  });
});

describe('tables to resolve names against', () => {
  const good = serialize(update(sample, { id: 'x' }, { set: { n: 1 }, if: exists() }));
  test('one that is named twice is not chosen', () => {
    expect(thrownBy(() => parse(good, [sample, sample])).code).toBe('invalid-statement');
  });
  test('none', () => {
    expect(thrownBy(() => parse(good, [])).code).toBe('invalid-statement');
  });
});
