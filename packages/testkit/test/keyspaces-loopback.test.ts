import { expect, test } from 'vitest';
import { freshLoopback } from '../src/keyspaces-stand-in/loopback.ts';

test('no address comes twice among thousands, and each is a host of 127.0.0.0/8', () => {
  const drawn = Array.from({ length: 70_000 }, freshLoopback);
  expect(new Set(drawn).size).toBe(drawn.length);
  const isHost = ([net = 0, ...rest]: readonly number[]): boolean =>
    net === 127 && rest.length === 3 && rest.every((byte) => byte >= 0 && byte <= 255) && (rest[2] ?? 0) % 255 !== 0;
  expect(drawn.filter((address) => !isHost(address.split('.').map(Number)))).toEqual([]);
});
