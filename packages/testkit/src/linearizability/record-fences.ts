import type { Adapter, Answer, Statement } from '@onlyif/core';
import { wrapAdapter } from '../wrap-adapter.ts';
import type { History } from './history.ts';
import type { RowReply } from './row-register.ts';

/**
 * An adapter that puts the library's own writes into the history of their row, beside the calls that `recordStatement`
 * puts there: a fence replaces the write token or the version of a row, and a history without it has no order. One that
 * failed is left open. No statement of the test itself may set the write token or the version alone.
 */
export function recordFences(adapter: Adapter, client: number, historyOf: (statement: Statement) => History<Statement, RowReply>): Adapter {
  return wrapAdapter(adapter, {
    async execute(compiled, context) {
      const { statement } = compiled;
      const answer = adapter.execute(compiled, context);
      if (isFence(statement)) await historyOf(statement).record(client, statement, () => answer.then(replyOf, () => undefined));
      return answer;
    },
  });
}

function isFence(statement: Statement): boolean {
  if (statement.kind !== 'update') return false;
  const { writeToken, version } = statement.table;
  const [name, ...others] = Object.keys(statement.set);
  return others.length === 0 && (name === writeToken?.name || name === version?.name);
}

/** Of a rejection only that it was one: a row that was read later says nothing of that moment. */
function replyOf({ applied }: Answer): RowReply {
  return { kind: 'write', result: applied ? { applied } : { applied, source: 'read', existing: null } };
}
