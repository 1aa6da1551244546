import { Shapes, type ShapeStep } from '@onlyif/core';
import { describe, expect, test } from 'vitest';

function walk<Leaf>(shapes: Shapes<Leaf>, steps: readonly ShapeStep[], make: (steps: readonly ShapeStep[]) => Leaf): Leaf {
  shapes.start();
  for (const step of steps) shapes.step(step);
  return shapes.leaf(make);
}

describe('Shapes', () => {
  const column = Object.freeze({ name: 'n' });

  test('makes a text once for a shape, from its very steps', () => {
    const shapes = new Shapes<string>();
    const made: (readonly ShapeStep[])[] = [];
    const make = (steps: readonly ShapeStep[]): string => `text ${made.push(steps)}`;
    expect([walk(shapes, ['UPDATE', column, 'IF'], make), walk(shapes, ['UPDATE', column, 'IF'], make)]).toEqual(['text 1', 'text 1']);
    expect(made).toEqual([['UPDATE', column, 'IF']]);
  });
  test('tells shapes apart by their steps, their order, and where they end', () => {
    const shapes = new Shapes<string>();
    const all: readonly (readonly ShapeStep[])[] = [
      [],
      ['a'],
      ['a', 'b'],
      ['b', 'a'],
      ['ab'],
      ['a', 'b', 'b'],
      ['a', column],
      ['a', { name: 'n' }],
    ];
    const texts = [...all, ...all].map((steps) => walk(shapes, steps, (given) => given.map((step) => JSON.stringify(step)).join()));
    expect(texts.slice(all.length)).toEqual(texts.slice(0, all.length));
    expect(all.map((steps) => walk(shapes, steps, () => 'made anew'))).not.toContain('made anew');
  });
  test('a walk that was not finished leaves nothing behind', () => {
    const shapes = new Shapes<string>();
    shapes.start();
    shapes.step('left over');
    expect(walk(shapes, ['a'], (steps) => steps.map(String).join())).toBe('a');
  });
  test('a product that could not be made is tried again', () => {
    const shapes = new Shapes<string>();
    const fail = (): never => {
      throw new Error('too long');
    };
    expect(() => walk(shapes, ['a'], fail)).toThrow('too long');
    expect(walk(shapes, ['a'], () => 'made')).toBe('made');
  });
  test('begins anew after 20,000 nodes, and gives the same texts as before', () => {
    const shapes = new Shapes<string>();
    let made = 0;
    const make = (steps: readonly ShapeStep[]): string => (made++, steps.map(String).join());
    const again = (): string => walk(shapes, ['kept'], make);
    again();
    for (let i = 0; i < 19_000; i++) walk(shapes, [`shape ${i}`], make);
    made = 0;
    expect([again(), made]).toEqual(['kept', 0]);
    for (let i = 19_000; i < 21_000; i++) walk(shapes, [`shape ${i}`], make);
    made = 0;
    expect([again(), made]).toEqual(['kept', 1]);
  });
});
