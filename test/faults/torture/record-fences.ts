import type { Adapter, Answer, Statement } from '@onlyif/core';
import type { RowReply } from '@onlyif/testkit';
import { wrapAdapter } from '@onlyif/testkit';
import type { HotRow } from './hot-row.ts';

/**
 * An adapter that puts the library's own writes into the history of their row: a fence changes the write token or the
 * version, and a history without it has no order. One that failed is left open.
 */
export function recordFences(adapter: Adapter, client: number, rowOf: (statement: Statement) => HotRow): Adapter {
  return wrapAdapter(adapter, {
    async execute(compiled, context) {
      const { statement } = compiled;
      if (!isFence(statement)) return adapter.execute(compiled, context);
      const answer = adapter.execute(compiled, context);
      await rowOf(statement).record(client, statement, () => answer.then(replyOf, () => undefined));
      return answer;
    },
  });
}

/** No statement of the run sets the write token or the version alone. */
function isFence(statement: Statement): boolean {
  return statement.kind === 'update' && ['token', 'version'].includes(Object.keys(statement.set).join());
}

/** Of a rejection only that it was one: a row that was read later says nothing of that moment. */
function replyOf({ applied }: Answer): RowReply {
  return { kind: 'write', result: applied ? { applied } : { applied, source: 'read', existing: null } };
}
