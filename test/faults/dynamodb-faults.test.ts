import { get, isLWTError, notExists, type Statement } from '@onlyif/core';
import { Gate } from '@onlyif/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { open, refusals } from '../../packages/dynamodb/src/classify.ts';
import { before, type Counter, faultCases, leftOpen, refused, verbs, wordOf } from './dynamodb-fault-cases.ts';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';

test('every name of the tables is sent by the proxy, in place of an answer', () =>
  expect([Object.keys(refused), leftOpen]).toEqual([Object.keys(refusals), Object.keys(open)]));

describe.skipIf(!hasDynamoDb)('DynamoDB behind the fault proxy', () => {
  let place: DynamoDbPlace;
  let count = 0;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());
  afterEach(() => place.proxy.clear());

  /** A row of its own in the state before. */
  const prepare = async (row: Omit<Counter, 'id'> | null): Promise<string> => {
    const id = `row ${(count += 1)}`;
    if (row !== null) await place.direct.insert(counters, { id, ...row }, { if: notExists() });
    return id;
  };
  const stored = (id: string): Promise<Counter | null> => place.direct.get(counters, { id });

  /** Executes; where the fault is silent, gives up once the proxy has the request and the server's answer to it. */
  const execute = async (statement: Statement, silent: boolean): Promise<{ told: string; cause: unknown }> => {
    const db = place.client();
    const giveUp = new AbortController();
    try {
      const told = db.execute(statement as never, { signal: giveUp.signal }).then(wordOf, (error: unknown) => {
        if (!isLWTError(error)) throw error;
        return { told: error.code, outcome: error.outcome, attempts: error.attempts, cause: error.cause };
      });
      if (silent) {
        await place.proxy.arrived(1);
        await place.proxy.settled();
        giveUp.abort();
      }
      return { cause: undefined, ...(await told) };
    } finally {
      await db.close();
    }
  };

  describe.each(faultCases.map((expected) => [JSON.stringify(expected.fault), expected] as const))('%s', (_, expected) => {
    const { fault, told, toldFalse = told, read, cause, arrives, silent = false } = expected;

    test.each(verbs)('$name', async (verb) => {
      const id = await prepare(verb.before);
      place.proxy.setRules([{ do: fault }]);
      const met = await execute(verb.statement(id), silent);
      expect(met.told).toBe(verb.holds ? told : toldFalse);
      if (cause !== undefined) expect([(met.cause as { name: string }).name, (met.cause as { code?: string }).code]).toContain(cause);
      await place.proxy.settled();
      const row = arrives ? verb.after : verb.before;
      expect(await stored(id)).toEqual(row === null ? null : { id, ...row });
      expect(place.writes).toHaveLength(1);
    });

    test('get', async () => {
      const id = await prepare(before);
      place.proxy.setRules([{ do: fault }]);
      expect((await execute(get(counters, { id }), silent)).told).toBe(read);
    });
  });

  test.each(verbs.filter(({ holds }) => holds))(
    'R35 $name: held up, given up as unknown, not there when read, and there later',
    async (verb) => {
      const id = await prepare(verb.before);
      const until = new Gate();
      place.proxy.setRules([{ do: { kind: 'delay-request', until } }]);
      const db = place.client();
      const giveUp = new AbortController();
      const writing = db.execute(verb.statement(id) as never, { signal: giveUp.signal }).catch((error: unknown) => error);
      await place.proxy.arrived(1);
      giveUp.abort();
      expect(await writing).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown', attempts: 1 });
      expect(await stored(id)).toEqual(verb.before === null ? null : { id, ...verb.before });
      until.open();
      await place.proxy.settled();
      expect(await stored(id)).toEqual(verb.after === null ? null : { id, ...verb.after });
      await db.close();
    },
  );
});
