import { canonicalDecimal, compareText, compareValues } from '@onlyif/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeds } from './seeds.ts';

/** Text of code points at the borders of UTF-8 and UTF-16, so that prefixes meet. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', '\u007f', '\u0080', '\u07ff', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text.isWellFormed());
const anyBytes = fc.uint8Array({ maxLength: 4 });

interface Parts {
  readonly digits: bigint;
  readonly scale: number;
}
const anyDecimal: fc.Arbitrary<Parts> = fc.record({
  digits: fc.oneof(fc.bigInt({ min: -50n, max: 50n }), fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })),
  scale: fc.integer({ min: -6, max: 6 }),
});
const textOf = ({ digits, scale }: Parts): string => canonicalDecimal(`${digits}e${-scale}`) ?? 'none';
/** The number times 10^6, exactly. */
const scaled = ({ digits, scale }: Parts): bigint => digits * 10n ** BigInt(6 - scale);
const signOf = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

describe.each(seeds)('random values: %s', (_, seed, numRuns) => {
  const settings = { numRuns, seed };

  test('text is ordered by its UTF-8 bytes', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => Math.sign(compareText(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))),
      settings,
    );
  });
  test('blobs are ordered by unsigned bytes', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => Math.sign(compareValues({ kind: 'blob' }, a, b)) === Buffer.compare(a, b)),
      settings,
    );
  });
  test('decimals are ordered by their value', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        expect(Math.sign(compareValues({ kind: 'decimal' }, textOf(a), textOf(b)))).toBe(signOf(scaled(a), scaled(b)));
      }),
      settings,
    );
  });
  test('a decimal has one form for each value, and keeps its value', () => {
    fc.assert(
      fc.property(anyDecimal, fc.nat({ max: 5 }), (parts, more) => {
        const text = textOf(parts);
        expect(textOf({ digits: parts.digits * 10n ** BigInt(more), scale: parts.scale + more })).toBe(text);
        const [whole = '', fraction = ''] = text.split('.');
        expect(BigInt(whole + fraction) * 10n ** BigInt(6 - fraction.length)).toBe(scaled(parts));
      }),
      settings,
    );
  });
});
