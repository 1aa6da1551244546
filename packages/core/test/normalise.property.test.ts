import { columnsOf, type ConditionNode, evaluate, impliesRow, normalise } from '@onlyif/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameNode } from '../src/condition/same-node.ts';
import { anyCondition, anyRow } from './random-conditions.ts';
import { seeds } from './seeds.ts';

describe.each(seeds)('random conditions and rows: %s', (_, seed, numRuns) => {
  test('R9 normalising never changes what a condition means, on a live row or an absent one', () => {
    fc.assert(
      fc.property(anyCondition, anyRow, (condition, row) => {
        const normal = normalise(condition);
        return evaluate(normal, row) === evaluate(condition, row) && evaluate(normal, null) === evaluate(condition, null);
      }),
      { numRuns, seed },
    );
  });

  test('R1 a condition whose normal form implies a row is false on an absent one', () => {
    let implied = 0;
    fc.assert(
      fc.property(anyCondition, (condition) => {
        if (!impliesRow(normalise(condition))) return true;
        implied++;
        return !evaluate(condition, null);
      }),
      { numRuns, seed },
    );
    expect(implied).toBeGreaterThan(numRuns / 20);
  });

  test('a normal form is flat, folded, without repetition, and its own normal form', () => {
    fc.assert(
      fc.property(anyCondition, (condition) => {
        const normal = normalise(condition);
        expect(faultsIn(normal, undefined)).toEqual([]);
        expect(sameNode(normalise(normal), normal)).toBe(true);
      }),
      { numRuns: numRuns / 5, seed },
    );
  });

  test('columnsOf names every column that decides, each once, and normalising adds none', () => {
    fc.assert(
      fc.property(anyCondition, anyRow, anyRow, (condition, row, other) => {
        const columns = columnsOf(condition);
        expect(new Set(columns).size).toBe(columns.length);
        const read = Object.fromEntries(columns.map(({ name }) => [name, row[name]]));
        expect(evaluate(condition, { ...other, ...read })).toBe(evaluate(condition, row));
        for (const column of columnsOf(normalise(condition))) expect(columns).toContain(column);
      }),
      { numRuns: numRuns / 5, seed },
    );
  });
});

const negatable: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte', 'beginsWith']);

/** What a normal form must not hold. */
function faultsIn(node: ConditionNode, parent: ConditionNode['kind'] | undefined): readonly string[] {
  if (node.kind === 'constant') return parent === undefined ? [] : ['a constant inside'];
  if (node.kind === 'not') return negatable.has(node.node.kind) ? [] : [`not over ${node.node.kind}`];
  if (node.kind !== 'and' && node.kind !== 'or') return [];
  const faults = node.nodes.flatMap((member) => faultsIn(member, node.kind));
  if (node.kind === parent) faults.push(`${node.kind} in ${node.kind}`);
  if (node.nodes.length < 2) faults.push(`${node.kind} of ${node.nodes.length}`);
  if (node.nodes.some((member, i) => node.nodes.slice(0, i).some((other) => sameNode(other, member)))) faults.push('a repetition');
  return faults;
}
