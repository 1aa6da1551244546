import * as core from '@onlyif/core';
import type { AnyTable, WriteNode } from '@onlyif/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printStatement, printTable } from './print-source.ts';
import { sequenceKeys, sequencesOn } from './steps.ts';
import { tablePool } from './tables.ts';

/** Runs printed code with the exports of core in scope. */
function run(code: string, scope: Readonly<Record<string, unknown>>): unknown {
  const all = { ...core, ...scope };
  // oxlint-disable-next-line typescript/no-implied-eval -- the code under test is source text
  return new Function(...Object.keys(all), code)(...Object.values(all));
}

describe.each(tablePool(1).map((table): [string, AnyTable] => [table.name, table]))('what is printed of %s', (_, table) => {
  const [key = {}] = sequenceKeys(table, 'x');
  const statements = sequencesOn(table).map(({ steps }) => steps.map((step): WriteNode => step.write(key)));

  it('is its definition', () => {
    const copy = run(`${printTable(table)}\nreturn table;`, {}) as AnyTable;
    expect(Object.values(copy.columns)).toEqual(Object.values(table.columns));
    expect(copy.key.map(({ name }) => name)).toEqual(table.key.map(({ name }) => name));
  });

  it('builds the same statements', () => {
    fc.assert(
      fc.property(statements, (list) => {
        for (const statement of list) expect(run(`return ${printStatement(statement)};`, { table })).toEqual(statement);
      }),
      { seed: 20_251_125, numRuns: 50 },
    );
  });
});
