import { type CallOptions, eq, increment, notExists, update } from '@onlyif/core';
import { type HttpRule, startHttpProxy } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localDynamoDb } from '../backends/backends.ts';
import { before, cancellationCases, type Expected, faultCases, type Verb, verbs as falsifying } from './dynamodb-fault-cases.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';
import { told } from './outcome.ts';

const operation = 'TransactWriteItems';
/** Where a fault is silent, half of it is what one request waits for its answer. */
const whereSilent: CallOptions = { timeoutMs: 2_000 };
/** A second write would show in the row. */
const standing: Verb = {
  name: 'increment whose condition stays true',
  before,
  statement: (id) => update(counters, { id }, { set: { n: increment(1n) }, if: eq(counters.columns.v, 1) }),
  after: { v: 1, n: 2n },
  holds: true,
};
const verbs: readonly Verb[] = [...falsifying, standing];
const lost: HttpRule = { match: { operation }, times: 1, do: { kind: 'cut-reply', by: 'reset' } };

/** What is told where the fault meets one request alone, which is all there is where its answer says what happened. */
function toldOnce({ fault, told, toldFalse = told }: Expected, { holds }: Verb): string {
  // R38: the server knows the second request for the first.
  if (fault.kind === 'duplicate-request' && holds) return 'applied';
  return holds ? told : toldFalse;
}

/** Errors that leave open whether the write happened. */
function isOpen(told: string): boolean {
  return told === 'outcome-unknown' || told === 'protocol';
}

/** As the caller is told it, errors with what they say of the write. */
function inWords(told: string): string {
  if (told === 'applied') return told;
  return told === 'not applied' ? 'rejected' : `${told}: ${isOpen(told) ? 'unknown' : 'not-applied'}`;
}

describe.skipIf(!hasDynamoDb)("exactlyOnce: 'transaction' behind the fault proxy", () => {
  let place: DynamoDbPlace;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());

  /** What was told, and what is stored afterwards; behind a proxy of its own. */
  const write = async (verb: Verb, rules: readonly HttpRule[], options: CallOptions): Promise<readonly [string, unknown]> => {
    const id = `row ${(count += 1)}`;
    if (verb.before !== null) await place.direct.insert(counters, { id, ...verb.before }, { if: notExists() });
    const proxy = await startHttpProxy({ target: place.endpoint });
    proxy.setRules(rules);
    const db = place.client({ endpoint: proxy.endpoint, ...localDynamoDb, exactlyOnce: 'transaction' });
    const word = await told(db.execute(verb.statement(id) as never, options));
    await proxy.settled();
    await Promise.all([db.close(), proxy.close()]);
    const row = await place.direct.get(counters, { id });
    return [word, row && { v: row.v, n: row.n }];
  };

  /** All verbs at once, each on a row of its own. */
  const check = async (
    rules: readonly HttpRule[],
    { silent = false }: Expected,
    expected: (verb: Verb) => { readonly told: string; readonly isWritten: boolean },
  ): Promise<void> => {
    const met = await Promise.all(verbs.map(async (verb) => [verb.name, await write(verb, rules, silent ? whereSilent : {})]));
    const wanted = verbs.map((verb) => {
      const { told, isWritten } = expected(verb);
      return [verb.name, [inWords(told), isWritten ? verb.after : verb.before]];
    });
    expect(Object.fromEntries(met)).toEqual(Object.fromEntries(wanted));
  };

  const cases = [...faultCases, ...cancellationCases].map((expected) => [JSON.stringify(expected.fault), expected] as const);

  test.concurrent.each(cases)('R38 %s once: where that is open, the repeat tells', (_, expected) =>
    check([{ match: { operation }, times: 1, do: expected.fault }], expected, (verb) => {
      const once = toldOnce(expected, verb);
      // A repeat that is refused proves nothing of the first request.
      const told = isOpen(once) && verb.holds ? 'applied' : once;
      // What was refused was never forwarded.
      return { told, isWritten: told === 'applied' };
    }),
  );

  test.concurrent.each(cases)('R38 %s for ever: what is open stays open, and is done once at most', (_, expected) =>
    check([{ match: { operation }, do: expected.fault }], expected, (verb) => ({
      told: toldOnce(expected, verb),
      isWritten: expected.arrives,
    })),
  );

  test.concurrent.each(cases)('R38 a lost reply, and then %s for ever: applied or unknown, and never refused', (_, expected) =>
    check([lost, { match: { operation }, do: expected.fault }], expected, (verb) => ({
      told: toldOnce(expected, verb) === 'applied' ? 'applied' : 'outcome-unknown',
      isWritten: true,
    })),
  );
});
