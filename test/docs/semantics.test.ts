import { expect, test } from 'vitest';
import { collectionTable, mutationTable, versionTable } from './collection-table.ts';
import { conditionTable } from './condition-table.ts';
import { regenerate, write, writes } from './generated.ts';
import { page } from './pages.ts';
import { statementTable } from './statement-table.ts';
import {
  changeTable,
  collectionEqualityTable,
  columnTable,
  elementTable,
  incrementTable,
  memberTable,
  pairTable,
  prefixTable,
  sizeTable,
  verbTable,
} from './truth-tables.ts';

const path = 'docs/semantics.md';

test('docs/semantics.md is what evaluator and dialects say; npm run docs writes it anew', async () => {
  const fresh = await regenerate(path, {
    columns: columnTable(),
    pairs: pairTable(),
    prefixes: prefixTable(),
    sizes: sizeTable(),
    members: memberTable(),
    elements: elementTable(),
    'collection-equality': collectionEqualityTable(),
    verbs: verbTable(),
    changes: changeTable(),
    increments: incrementTable(),
    conditions: conditionTable(),
    collections: await collectionTable(),
    mutations: await mutationTable(),
    versions: await versionTable(),
    statements: statementTable(),
  });
  if (writes) write(path, fresh);
  expect(page(path).text).toBe(fresh);
});
