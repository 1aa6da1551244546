import { BodyReader, cqlErrors, cqlNotation, type CqlFrame, encodeFrame, FrameSplitter, isConditional, opcodes } from '@onlyif/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const frame = fc.record({
  version: fc.constantFrom(0x03, 0x04, 0x83, 0x84),
  flags: fc.integer({ min: 0, max: 15 }),
  stream: fc.integer({ min: -32768, max: 32767 }),
  opcode: fc.integer({ min: 0, max: 0x10 }),
  body: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
});

/** Cut at random places: TCP keeps no frames together. */
function cut(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const places = [...new Set([0, ...at.map((each) => each % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

test('frames come out as they went in, however their bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (frames, at) => {
      const splitter = new FrameSplitter();
      const found: CqlFrame[] = [];
      for (const chunk of cut(Buffer.concat(frames.map(encodeFrame)), at)) found.push(...splitter.push(chunk));
      expect(found.map((each) => ({ ...each, body: Buffer.from(each.body) }))).toEqual(frames);
    }),
  );
});

test('a frame in bytes, native protocol v4 section 2', () => {
  const options = { version: 4, flags: 0, stream: -2, opcode: opcodes.OPTIONS, body: Buffer.from('ab') };
  expect(encodeFrame(options).toString('hex')).toBe('0400fffe05000000026162');
});

test.each(['ffffffff', '7fffffff'])('a length that is none (%s) is refused', (length) => {
  expect(() => new FrameSplitter().push(Buffer.from(`0400000007${length}`, 'hex'))).toThrow(RangeError);
});

test('a body that ends too soon is a RangeError, never a shorter value', () => {
  const text = cqlNotation.longString('words');
  for (let length = 0; length < text.length; length++) {
    expect(() => new BodyReader(text.subarray(0, length)).longString()).toThrow(RangeError);
  }
});

test('values: null and not set are two things', () => {
  const reader = new BodyReader(Buffer.concat([null, undefined, Buffer.of(7)].map((value) => cqlNotation.value(value))));
  expect([reader.value(), reader.value(), reader.value()]).toEqual([null, undefined, Buffer.of(7)]);
});

test('an error in bytes, native protocol v4 section 9', () => {
  const { body } = cqlErrors.writeTimeout('CAS', { consistency: 'SERIAL', received: 1, blockFor: 2 });
  expect(body.toString('hex')).toBe(`000011000013${Buffer.from('Operation timed out').toString('hex')}000800000001000000020003434153`);
});

describe('conditional writes by their text', () => {
  const cases: readonly (readonly [cql: string, conditional: boolean])[] = [
    ['UPDATE k.t SET v = ? WHERE id = ? IF v = ?', true],
    ['insert into k.t (id) values (?) if not exists', true],
    ['DELETE FROM k.t WHERE id = ? IF EXISTS', true],
    ['BEGIN BATCH UPDATE k.t SET v = ? WHERE id = ? IF v = ? APPLY BATCH', true],
    ['UPDATE k.t SET v = ? WHERE id = ?', false],
    ['CREATE TABLE IF NOT EXISTS k.t (id text PRIMARY KEY)', false],
    [`UPDATE k.t SET v = 'what if' WHERE id = ?`, false],
    ['UPDATE k."if" SET v = $$ if $$ WHERE id = ? -- if\n', false],
    [`UPDATE k.t SET v = 'it''s' WHERE id = ? IF v = 'x'`, true],
    ['SELECT v FROM k.t WHERE id = ?', false],
  ];
  test.each(cases)('%s', (cql, conditional) => expect(isConditional(cql)).toBe(conditional));
});
