import { prefixEnd } from '@onlyif/cql';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('R13 the first value after all those with a prefix', () => {
  test.each<['text' | 'ascii', string, string | undefined]>([
    ['text', 'ab', 'ac'],
    ['text', 'a\u007f', 'a\u0080'],
    ['text', 'a\u07ff', 'a\u0800'],
    ['text', '\ud7ff', '\ue000'],
    ['text', 'a\uffff', 'a\u{10000}'],
    ['text', '\u{1f600}', '\u{1f601}'],
    ['text', 'a\u{10ffff}', 'b'],
    ['text', 'a\u{10ffff}\u{10ffff}', 'b'],
    ['text', '\u{10ffff}', undefined],
    ['text', '', undefined],
    ['ascii', 'ab', 'ac'],
    ['ascii', 'a~', 'a\u007f'],
    ['ascii', 'a\u007f', 'b'],
    ['ascii', 'a\u007f\u007f', 'b'],
    ['ascii', '\u007f', undefined],
    ['ascii', '', undefined],
  ])('%s %j → %j', (kind, prefix, end) => {
    expect(prefixEnd(kind, prefix)).toBe(end);
  });
  test.each([
    [[0], [1]],
    [
      [1, 2],
      [1, 3],
    ],
    [[1, 255], [2]],
    [[1, 255, 255], [2]],
    [[254], [255]],
    [[255], undefined],
    [[255, 255], undefined],
    [[], undefined],
  ])('bytes %j → %j', (prefix, end) => {
    expect(prefixEnd('bytes', Uint8Array.from(prefix))).toEqual(end === undefined ? undefined : Uint8Array.from(end));
  });
  test('leaves the prefix as it is', () => {
    const prefix = Uint8Array.of(1, 255);
    prefixEnd('bytes', prefix);
    expect(prefix).toEqual(Uint8Array.of(1, 255));
  });
});

/** Whether `bytes` is at least `low` and, where there is an end, less than it. */
function within(bytes: Uint8Array, low: Uint8Array, end: Uint8Array | undefined): boolean {
  return Buffer.compare(bytes, low) >= 0 && (end === undefined || Buffer.compare(bytes, end) < 0);
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('R13 s begins with p exactly where p <= s < prefixEnd(p), by bytes', () => {
  const settings = { numRuns: 3_000, seed: 20_251_125 };
  const edges = ['a', 'b', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10fffe}', '\u{10ffff}'];
  const anyText = fc
    .array(fc.oneof(fc.constantFrom(...edges), fc.string({ unit: 'binary', maxLength: 1 })), { maxLength: 4 })
    .map((parts) => parts.join(''));
  const anyAscii = fc.array(fc.constantFrom('a', '~', '\u007f', '\u0000'), { maxLength: 4 }).map((parts) => parts.join(''));
  const anyBytes = fc.array(fc.constantFrom(0, 1, 127, 128, 254, 255), { maxLength: 4 }).map((bytes) => Uint8Array.from(bytes));

  test.each([
    ['text', anyText],
    ['ascii', anyAscii],
  ] as const)('%s', (kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (prefix, rest) => {
        const end = prefixEnd(kind, prefix) as string | undefined;
        for (const text of [prefix + rest, rest, rest + prefix])
          expect(within(utf8(text), utf8(prefix), end === undefined ? undefined : utf8(end))).toBe(text.startsWith(prefix));
      }),
      settings,
    );
  });
  test('bytes', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (prefix, rest) => {
        const end = prefixEnd('bytes', prefix) as Uint8Array | undefined;
        for (const bytes of [Buffer.concat([prefix, rest]), Buffer.from(rest)])
          expect(within(bytes, prefix, end)).toBe(bytes.subarray(0, prefix.length).equals(prefix));
      }),
      settings,
    );
  });
  test('the end of an ascii prefix is ASCII', () => {
    fc.assert(
      fc.property(anyAscii, (prefix) => /^[^\u0080-\uffff]*$/.test(String(prefixEnd('ascii', prefix) ?? ''))),
      settings,
    );
  });
});
