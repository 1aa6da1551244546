import { bigint, blob, defineTable, int, text, timestamp } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { type ClientEvent, emit, hashKey } from '../src/events.ts';

const table = defineTable('keyed', {
  columns: { id: text(), big: bigint(), when: timestamp(), raw: blob(), n: int() },
  partitionKey: ['id', 'big'],
  clusteringKey: ['when', 'raw'],
});
const key = { id: 'a secret', big: 1n, when: new Date(5), raw: Uint8Array.of(1, 2) };

describe('hashKey', () => {
  test('is 16 hexadecimal digits, equal for equal keys', () => {
    const same = { ...key, when: new Date(5), raw: Uint8Array.of(1, 2), n: 7 };
    expect(hashKey(table, key)).toMatch(/^[0-9a-f]{16}$/);
    expect(hashKey(table, same)).toBe(hashKey(table, key));
  });
  test.each([
    ['text', { ...key, id: 'another secret' }],
    ['a bigint', { ...key, big: 2n }],
    ['a moment', { ...key, when: new Date(6) }],
    ['bytes', { ...key, raw: Uint8Array.of(1, 3) }],
    ['the border between two columns', { ...key, id: 'a secret1' }],
  ])('differs with %s', (_, other) => {
    expect(hashKey(table, other)).not.toBe(hashKey(table, key));
  });
});

describe('emit', () => {
  const event = (): ClientEvent => ({ type: 'refusal', table: 't', verb: 'get', dialect: 'stub', keyHash: '0', code: 'unsupported' });
  test('hands out a frozen event', () => {
    const seen: ClientEvent[] = [];
    emit((given) => seen.push(given), event());
    expect(seen.map((given) => Object.isFrozen(given))).toEqual([true]);
  });
  test('a listener that throws changes nothing', () => {
    expect(() =>
      emit(() => {
        throw new Error('the listener failed');
      }, event()),
    ).not.toThrow();
  });
});
