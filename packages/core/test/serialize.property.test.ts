import { isLWTError, parse, serialize } from '@onlyif/core';
import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { everyType } from './every-type-table.ts';
import { anyBuiltCondition, anyStatement } from './random-statements.ts';
import { seeds } from './seeds.ts';

const timeout = 60_000;
const anything = fc.oneof(anyStatement, anyBuiltCondition);

describe.each(seeds)('random statements and conditions, %s', (_, seed, numRuns) => {
  test('parse(serialize(x)) is x, and both are frozen alike', { timeout }, () => {
    fc.assert(
      fc.property(anything, (written) => {
        const read = parse(serialize(written), [everyType]);
        expect(isDeepStrictEqual(read, written), serialize(written)).toBe(true);
        expect(serialize(read)).toBe(serialize(written));
        expect(Object.isFrozen(read)).toBe(true);
      }),
      { numRuns: numRuns / 4, seed },
    );
  });

  test('a text with one part changed is refused by a code of its own, or describes what it says', { timeout }, () => {
    const codes = new Set<string>();
    fc.assert(
      fc.property(anything, fc.nat(), forged, (written, at, forgery) => {
        const text = serialize(written);
        const changed = JSON.stringify(replaced(JSON.parse(text), at, forgery));
        try {
          const read = parse(changed, [everyType]);
          expect(isDeepStrictEqual(parse(serialize(read), [everyType]), read), changed).toBe(true);
          codes.add('read');
        } catch (error) {
          if (!isLWTError(error)) throw error;
          codes.add(error.code);
        }
      }),
      { numRuns, seed },
    );
    expect([...codes].toSorted()).toEqual(['invalid-statement', 'invalid-value', 'read']);
  });
});

/** What somebody could put in the place of a part. */
const forged: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'x', 'n', 0, -1, 1.5, 1e30, true, [], {}, [[]], [null], ['id'], 'eq', 'update', 'text', 'int'),
  fc.constantFrom<unknown>(
    { kind: 'column', name: 'text' },
    { kind: 'column', type: { kind: 'text' }, table: 'every_type', name: 'text', role: 'regular' },
    { kind: 'value', value: 1 },
    { kind: 'increment', by: 1 },
    { kind: 'isNull', left: { kind: 'column', name: 'id' } },
    { kind: 'exists' },
    { toString: 1, valueOf: 1 },
    { length: 1 },
  ),
  fc.constantFrom('__proto__', 'constructor', 'toJSON').map((name): unknown => JSON.parse(`{"${name}":{"kind":"eq"}}`)),
  fc.jsonValue(),
);

/** A copy in which the part that is the `at`-th, counted round, is another one, or has one more. */
function replaced(json: unknown, at: number, forgery: unknown): unknown {
  const places: (() => void)[] = [];
  const see = (parent: object): void => {
    for (const name of Object.keys(parent)) {
      const part: unknown = parent[name as never];
      places.push(
        () => Object.assign(parent, { [name]: forgery }),
        () => (Array.isArray(parent) ? parent.push(forgery) : Object.assign(parent, { [`${name}2`]: forgery })),
        () => (Array.isArray(parent) ? parent.pop() : Reflect.deleteProperty(parent, name)),
      );
      if (typeof part === 'object' && part !== null) see(part);
    }
  };
  see(json as object);
  places[at % places.length]?.();
  return json;
}
