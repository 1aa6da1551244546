import { createClient, type Statement } from '@onlyif/core';
import { memory } from '@onlyif/memory';
import { collectionCases, collectionTables } from '../../packages/testkit/src/collections.ts';
import { incrementCases } from '../../packages/testkit/src/increments.ts';
import type { Case } from '../../packages/testkit/src/run-cases.ts';

type CaseClient = Parameters<typeof collectionCases>[0];

/** The statements of cases of the conformance suite, by a name made of the case's; the first of each name. */
async function statementsOf(
  cases: (db: CaseClient) => readonly Case[],
  nameOf: (name: string) => string | undefined,
): Promise<Map<string, Statement>> {
  const db = createClient(memory());
  const explain = db.explain.bind(db);
  let last: Statement | undefined;
  // Each case asks what becomes of its statement before it runs it.
  db.explain = (statement, call) => explain((last = statement), call);
  const found = new Map<string, Statement>();
  for (const each of cases(db)) {
    const name = nameOf(each.name);
    if (name === undefined || found.has(name)) continue;
    last = undefined;
    await each.run();
    if (last !== undefined) found.set(name, last);
  }
  return found;
}

/** What the suite writes to a table with collections: `if size = 1`, `append if exists`, `insert`. */
export function collectionStatements(tableName: string): Promise<Map<string, Statement>> {
  const of = collectionTables.find(({ name }) => name === tableName);
  if (of === undefined) throw new Error(`The conformance suite has no table ${tableName}.`);
  return statementsOf(
    (db) => collectionCases(db, of),
    (title) => (title.endsWith(', row absent') ? title.replace(/^update (?!to )/, '').slice(0, -', row absent'.length) : undefined),
  );
}

/** The increments that the suite runs on a column of a type: `update if exists`. */
export function incrementStatements(kind: Parameters<typeof incrementCases>[1]): Promise<Map<string, Statement>> {
  return statementsOf(
    (db) => incrementCases(db, kind),
    (title) => /^(update if exists|update if eq|upsert) '?1n?'? on/.exec(title.replace(/'0\.2'/, '1'))?.[1],
  );
}
