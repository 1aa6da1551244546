import { type Client, createClient, defineTable, increment, int, isLWTError, notExists, text, update, uuid } from '@onlyif/core';
import { memory } from '@onlyif/memory';
import { withFaults } from '@onlyif/testkit';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';

const numbered = defineTable('numbered', { columns: { id: text(), version: int().notNull(), owner: text() }, partitionKey: ['id'] });
const random = defineTable('random', { columns: { id: text(), version: uuid().notNull(), owner: text() }, partitionKey: ['id'] });
const key = { id: 'x' };

describe('R43 a version never repeats, also across delete and insert', () => {
  test('the counter-example: numbers that restart at 1 let an old holder overwrite a new life', async () => {
    const db = createClient(memory());
    await db.insert(numbered, { id: 'x', version: 1, owner: 'old' }, { if: notExists() });
    const late = update(numbered, key, { set: { version: 2, owner: 'old, late' }, if: { version: 1 } });
    await db.delete(numbered, key, { if: { version: 1 } });
    await db.insert(numbered, { id: 'x', version: 1, owner: 'new' }, { if: notExists() });
    expect(await db.execute(late)).toEqual({ applied: true });
    expect(await db.get(numbered, key)).toMatchObject({ owner: 'old, late' });
  });
  test('random ones do not', async () => {
    const db = createClient(memory());
    const first = randomUUID();
    await db.insert(random, { id: 'x', version: first, owner: 'old' }, { if: notExists() });
    const late = update(random, key, { set: { version: randomUUID(), owner: 'old, late' }, if: { version: first } });
    await db.delete(random, key, { if: { version: first } });
    await db.insert(random, { id: 'x', version: randomUUID(), owner: 'new' }, { if: notExists() });
    expect(await db.execute(late)).toMatchObject({ applied: false, existing: { owner: 'new' } });
  });
});

describe('R42 numbers drawn from a row', () => {
  const table = defineTable('sequences', {
    columns: { id: text(), next: int().notNull(), token: text() },
    partitionKey: ['id'],
    writeToken: 'token',
  });
  const plain = defineTable('plain_sequences', { columns: { id: text(), next: int().notNull() }, partitionKey: ['id'] });
  const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);

  /** Draws a number by one conditional write: the number, or undefined where it is not known whether it was drawn. */
  async function draw(db: Client, from: typeof table | typeof plain): Promise<number | undefined> {
    for (;;) {
      const next = (await db.get(from, key))?.next ?? 0;
      try {
        const { applied } = await db.execute(update(from as typeof plain, key, { set: { next: increment(1) }, if: { next } }));
        if (applied) return next;
      } catch (error) {
        if (!isLWTError(error)) throw error;
        if (error.outcome === 'unknown') return undefined;
      }
    }
  }

  test.each([
    ['with a write token', table],
    ['without', plain],
  ] as const)(`%s, under faults: no duplicates, and gaps only where an outcome was unknown (seed ${seed})`, async (_, from) => {
    const adapter = withFaults(memory(), { seed, rates: { 'lost-reply': 0.1, 'lost-request': 0.1, throttled: 0.1, contention: 0.05 } });
    const db = createClient(adapter, { retry: { baseMs: 0, maxAttempts: 3 }, timeoutMs: 2_000 });
    adapter.seed(from, [{ id: 'x', next: 0 } as never]);
    const drawn: (number | undefined)[] = [];
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let i = 0; i < 15; i++) drawn.push(await draw(db, from));
      }),
    );
    const numbers = drawn.filter((number) => number !== undefined);
    const unknown = drawn.length - numbers.length;
    const last = (await createClient(adapter, { retry: { baseMs: 0, maxAttempts: 50 } }).get(from, key))?.next ?? 0;
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(last - numbers.length).toBeGreaterThanOrEqual(0);
    expect(last - numbers.length).toBeLessThanOrEqual(unknown);
    expect(unknown).toBeGreaterThan(0);
  });
});
