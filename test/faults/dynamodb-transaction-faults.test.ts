import { type CallOptions, isLWTError, notExists } from '@onlyif/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { localDynamoDb } from '../backends/backends.ts';
import { type Counter, type Expected, faultCases, type Verb, verbs, wordOf } from './dynamodb-fault-cases.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';

/** Where a fault is silent, half of it is what one request waits for its answer. */
const whereSilent: CallOptions = { timeoutMs: 1_200 };
const operation = 'TransactWriteItems';

/** What is told where the fault meets the first request alone, and the repeat is answered. */
function toldOnce({ fault, told, toldFalse = told, code }: Expected & { readonly code: string }, { holds }: Verb): string {
  // R38: the server knows the second request for the first.
  if (fault.kind === 'duplicate-request') return holds ? 'applied' : 'not applied';
  if (!isOpen(told)) return holds ? told : toldFalse;
  // A repeat that is refused proves nothing of the first request.
  return holds ? 'applied' : code;
}

function isOpen(told: string): boolean {
  return told === 'outcome-unknown' || told === 'protocol';
}

describe.skipIf(!hasDynamoDb)("exactlyOnce: 'transaction' behind the fault proxy", () => {
  let place: DynamoDbPlace;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());
  afterEach(() => place.proxy.clear());

  const write = async (
    verb: Verb,
    { silent = false }: Expected,
  ): Promise<{ readonly told: string; readonly stored: Omit<Counter, 'id'> | null }> => {
    const id = `row ${(count += 1)}`;
    if (verb.before !== null) await place.direct.insert(counters, { id, ...verb.before }, { if: notExists() });
    const db = place.client({ endpoint: place.proxy.endpoint, ...localDynamoDb, exactlyOnce: 'transaction' });
    const told = await db.execute(verb.statement(id) as never, silent ? whereSilent : {}).then(
      (result) => wordOf(result).told,
      (error: unknown) => {
        if (isLWTError(error)) return error.code;
        throw error;
      },
    );
    await db.close();
    await place.proxy.settled();
    const row = await place.direct.get(counters, { id });
    if (row === null) return { told, stored: null };
    const { id: _, ...stored } = row;
    return { told, stored };
  };

  const cases = faultCases.map((expected) => [JSON.stringify(expected.fault), { ...expected, code: expected.told }] as const);

  describe.each(cases)('%s, once', (_, expected) => {
    test.each(verbs)('$name', async (verb) => {
      place.proxy.setRules([{ match: { operation }, times: 1, do: expected.fault }]);
      const { told, stored } = await write(verb, expected);
      expect(told).toBe(toldOnce(expected, verb));
      // What was refused was never forwarded.
      expect(stored).toEqual(told === 'applied' ? verb.after : verb.before);
    });
  });

  const increment = verbs.filter(({ name }) => name === 'increment');
  describe.each(cases)('%s, for ever', (_, expected) => {
    const { fault, told: single, arrives } = expected;
    test.each(increment)('$name', async (verb) => {
      place.proxy.setRules([{ match: { operation }, do: fault }]);
      const { told, stored } = await write(verb, expected);
      expect(told).toBe(fault.kind === 'duplicate-request' ? 'applied' : single);
      // Done once, however often it was sent.
      expect(stored).toEqual(arrives ? verb.after : verb.before);
    });
  });
});
