import type { TorturePlace, Ways } from './place.ts';
import { tables, type TortureTable } from './tables.ts';
import { Tally } from './tally.ts';

/** What is tortured: the rows of one table, reached in one of the ways. */
export interface Subject {
  readonly name: string;
  readonly table: TortureTable;
  readonly ways: Ways;
  /** How often each of its rows is written, beside those of the others. */
  readonly weights: readonly number[];
  /** Whether unknown outcomes can be found out. */
  readonly resolves: boolean;
  readonly tally: Tally;
}

/** Rows that are hardly written by others in the time of a call, so that what it pinned is still there, and needs a fence. */
const cool = [1, 1];

/** The first of the ways is taken more often than the others. */
export function subjectsOf({ ways }: TorturePlace): readonly Subject[] {
  return ways.flatMap((each, index) => tables.map((table) => subjectOf(table, each, index === 0 ? 4 : 2)));
}

function subjectOf(table: TortureTable, ways: Ways, hot: number): Subject {
  const hasEvidence = table.writeToken !== undefined || table.version !== undefined;
  return {
    name: `${ways.name}, ${table.native}`,
    table,
    ways,
    weights: hasEvidence ? [hot, ...cool] : [hot],
    resolves: hasEvidence || ways.repeats,
    tally: new Tally(),
  };
}
