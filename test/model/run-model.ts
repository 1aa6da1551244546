import { type AnyTable, type Client, createClient, get } from '@onlyif/core';
import { memory } from '@onlyif/memory';
import * as fc from 'fast-check';
import { printSequence } from './print-source.ts';
import { runSequence, type Sides, type Tally } from './run-sequence.ts';
import { type Sequence, sequenceKeys, sequencesOn } from './steps.ts';

/** Sequences that run at the same time, each stream with a seed of its own. */
const streams = 8;
const sequencesInRound = 10;
const maxShrinkMs = 90_000;

/** Runs at least so many random statements on a backend and on the model; throws with code that shows the difference. */
export async function runModel(db: Client, tables: readonly AnyTable[], seed: number, statements: number): Promise<Tally> {
  const tally: Tally = { applied: 0, rejected: 0, failed: 0, refused: 0, emulated: 0, restarts: 0 };
  const sides: Sides = { model: createClient(memory()), db, tally };
  const sequences = fc.oneof(...tables.filter((table) => isHeld(db, table)).map(sequencesOn));
  const failed = { yet: false };
  const run = (stream: number): Promise<void> => runStream(sides, sequences, seed + stream * 1_000_003, statements / streams, failed);
  await Promise.all(Array.from({ length: streams }, (_, stream) => run(stream)));
  return tally;
}

/** A table that a backend cannot hold is the conformance suite's to test. */
function isHeld(db: Client, table: AnyTable): boolean {
  const [key] = sequenceKeys(table, 'any');
  return db.explain(get(table, key as never)).verdict !== 'refused';
}

async function runStream(
  sides: Sides,
  sequences: fc.Arbitrary<Sequence>,
  firstSeed: number,
  statements: number,
  failed: { yet: boolean },
): Promise<void> {
  const count = { done: 0 };
  const property = fc.asyncProperty(sequences, async (sequence) => {
    const problem = await runSequence(sides, sequence);
    count.done += sequence.steps.length;
    if (problem !== undefined) throw new Error(problem);
  });
  for (let seed = firstSeed; count.done < statements && !failed.yet; seed++) {
    const details = await fc.check(property, { seed, numRuns: sequencesInRound, interruptAfterTimeLimit: maxShrinkMs });
    if (!details.failed) continue;
    failed.yet = true;
    throw new Error(report(details));
  }
}

function report({ counterexample, errorInstance, seed, counterexamplePath, numShrinks }: fc.RunDetails<[Sequence]>): string {
  const problem = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  const at = `seed ${seed}, path ${counterexamplePath}, shrunk ${numShrinks} times`;
  if (counterexample === null) return `${problem}\n${at}`;
  const [{ table, steps }] = counterexample;
  const keys = sequenceKeys(table, 'key');
  const printed = steps.map((step) => ({ ...step, statement: step.write(keys[step.key] ?? {}) }));
  return `${problem}\n\n${printSequence(table, printed)}\n${at}`;
}
