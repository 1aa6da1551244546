import { expect, test } from 'vitest';
import { conditionTable } from './condition-table.ts';
import { regenerate, write, writes } from './generated.ts';
import { page } from './pages.ts';
import { statementTable } from './statement-table.ts';
import { columnTable, pairTable, prefixTable, verbTable } from './truth-tables.ts';

const path = 'docs/semantics.md';

test('docs/semantics.md is what evaluator and dialects say; npm run docs writes it anew', async () => {
  const fresh = await regenerate(path, {
    columns: columnTable(),
    pairs: pairTable(),
    prefixes: prefixTable(),
    verbs: verbTable(),
    conditions: conditionTable(),
    statements: statementTable(),
  });
  if (writes) write(path, fresh);
  expect(page(path).text).toBe(fresh);
});
