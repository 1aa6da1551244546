import { type AnyTable, type Client, describeCondition, type LWTResult, rejectedBy, type RowOf, type Write } from '@onlyif/core';
import { describeRequest } from './describe-request.ts';
import { describeResult } from './describe-result.ts';
import type { Terminal } from './terminal.ts';

/** How a scene tells what it does. */
export interface Show {
  /**
   * Says in a sentence what is done, prints the statement's native request, executes it, prints the result, and where it was
   * rejected the clauses that the row fails, and returns it.
   */
  write<T extends AnyTable, N extends string>(sentence: string, statement: Write<T, N>): Promise<LWTResult<RowOf<T>>>;
  /** Says what the application makes of it. */
  meaning(sentence: string): void;
}

/** Shows on a terminal; a step does not begin once the terminal's signal has aborted. */
export function showOn(db: Client, terminal: Terminal): Show {
  return {
    write: async (sentence, statement) => {
      terminal.signal.throwIfAborted();
      terminal.out('');
      terminal.out(sentence);
      for (const line of db.explain(statement).requests.flatMap(describeRequest)) terminal.out(`  request  ${line}`);
      const result = await db.execute(statement);
      terminal.out(`  result   ${describeResult(statement.table, result)}`);
      if (!result.applied)
        for (const clause of rejectedBy(statement, result.existing)) terminal.out(`  fails    ${describeCondition(clause)}`);
      return result;
    },
    meaning: (sentence) => terminal.out(`  meaning  ${sentence}`),
  };
}
