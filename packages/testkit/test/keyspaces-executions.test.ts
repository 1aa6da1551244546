import { cqlConsistency, cqlNotation as write, opcodes } from '@onlyif/testkit';
import { expect, test } from 'vitest';
import { type Execution, executionsOf } from '../src/keyspaces-stand-in/bound-values.ts';

/** Of a logged BATCH of prepared statements with one value each, of which so many are known. */
function executions(values: readonly string[], known: number): readonly Execution[] {
  const members = values.flatMap((text) => [
    write.byte(1),
    write.shortBytes(Buffer.from('id')),
    write.short(1),
    write.value(Buffer.from(text)),
  ]);
  const body = Buffer.concat([
    write.byte(0),
    write.short(values.length),
    ...members,
    write.short(cqlConsistency.LOCAL_QUORUM),
    write.byte(0),
  ]);
  return executionsOf({ frame: { version: 4, flags: 0, stream: 0, opcode: opcodes.BATCH, body }, cql: '', conditional: false }, known);
}

test('each statement of a batch has its own values', () => {
  const common = { consistency: 'LOCAL_QUORUM', batch: { members: 2, logged: true } };
  expect(executions(['a', 'b'], 2)).toEqual(['a', 'b'].map((text) => ({ ...common, values: [Buffer.from(text)] })));
});

test('and none where one of them is not known', () => {
  expect(executions(['a', 'b'], 1).map(({ values }) => values)).toEqual([[], []]);
});
