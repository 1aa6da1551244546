import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLinearizable } from '../src/linearizability/index.ts';
import { type Call, hasOrder, mutate, type Reply, simulate, type SmallOperation, smallRegister } from './small-register.ts';

const seeds: readonly (readonly [name: string, seed: number, numRuns: number])[] = [
  ['with the fixed seed', 20_251_125, 3_000],
  ['with a fresh seed', Date.now() % 2 ** 31, 500],
];

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.constant<Call>({ kind: 'read' }),
  fc.constant<Call>({ kind: 'add' }),
  fc.record({ kind: fc.constant('set' as const), to: fc.nat(3) }),
  fc.record({ kind: fc.constant('cas' as const), from: fc.nat(3), to: fc.nat(3) }),
);

/** Up to seven operations with any replies, at any times, some of which are the same: what returns as another is called overlaps it. */
const anyHistory: fc.Arbitrary<readonly SmallOperation[]> = fc
  .array(fc.tuple(call, fc.nat(3), fc.boolean(), fc.nat(9)), { minLength: 1, maxLength: 7 })
  .chain((calls) =>
    fc
      .array(fc.nat(3 * calls.length), { minLength: 2 * calls.length, maxLength: 2 * calls.length })
      .map((places) =>
        calls.map(([made, number, applied, luck], i) => operationOf(i, made, made.kind === 'read' ? number : applied, luck, places)),
      ),
  );

function operationOf(index: number, made: Call, reply: Reply, luck: number, places: readonly number[]): SmallOperation {
  const [a = 0, b = 0] = places.slice(2 * index);
  const [invoked, returned] = [Math.min(a, b), Math.max(a, b)];
  return luck < 3
    ? { client: index, call: made, reply: undefined, invoked, returned: Infinity }
    : { client: index, call: made, reply, invoked, returned };
}

/** The verdict is that of the definition, and what is shown of a violation is one. */
function agrees(history: readonly SmallOperation[]): boolean {
  const verdict = checkLinearizable(history, smallRegister);
  expect(verdict.kind).toBe(hasOrder(history, smallRegister.init) ? 'linearizable' : 'violated');
  if (verdict.kind === 'linearizable') isAnOrder([...verdict.orders.values()].flat(), history);
  if (verdict.kind !== 'violated') return true;
  expect(hasOrder(verdict.history, verdict.init), verdict.explanation).toBe(false);
  expect(verdict.history.every((operation) => history.includes(operation))).toBe(true);
  return false;
}

/** The order is followed by the model, holds all that returned, and keeps the times. */
function isAnOrder(order: readonly SmallOperation[], history: readonly SmallOperation[]): void {
  let state = smallRegister.init;
  for (const [index, { call: made, reply, invoked }] of order.entries()) {
    const stepped = smallRegister.step(state, made, reply);
    if (stepped === undefined) expect.unreachable('the model does not reply so');
    state = stepped.state;
    expect(order.slice(index + 1).every(({ returned }) => returned >= invoked)).toBe(true);
  }
  expect(history.filter(({ returned }) => returned !== Infinity).every((operation) => order.includes(operation))).toBe(true);
  expect(new Set(order).size).toBe(order.length);
}

describe.each(seeds)('the linearizability checker, %s', { timeout: 60_000 }, (_, seed, numRuns) => {
  const settings = { seed, numRuns };

  it('agrees with the definition on small histories', () => {
    const verdicts = { linearizable: 0, violated: 0 };
    fc.assert(
      fc.property(anyHistory, (history) => void verdicts[agrees(history) ? 'linearizable' : 'violated']++),
      settings,
    );
    for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(numRuns / 20);
  });

  it('agrees with the definition on what a register did, with one thing wrong', () => {
    let violated = 0;
    const check = (from: number): void => {
      const history = simulate(from, 6, 3);
      expect(agrees(history)).toBe(true);
      if (!agrees(mutate(history, from))) violated++;
    };
    fc.assert(fc.property(fc.integer(), check), settings);
    expect(violated).toBeGreaterThan(numRuns / 10);
  });

  it('accepts what a register did under six clients, and rejects some of it with one thing wrong', () => {
    let violated = 0;
    const runs = Math.max(50, numRuns / 50);
    const check = (from: number): void => {
      const history = simulate(from, 120, 6);
      const right = checkLinearizable(history, smallRegister);
      expect(right.kind, right.explanation).toBe('linearizable');
      const wrong = checkLinearizable(mutate(history, from), smallRegister);
      expect(wrong.kind).not.toBe('undecided');
      if (wrong.kind === 'violated') violated++;
    };
    fc.assert(fc.property(fc.integer(), check), { seed, numRuns: runs });
    // About one in six: the unknown outcomes explain the rest.
    expect(violated).toBeGreaterThan(0);
  });
});
