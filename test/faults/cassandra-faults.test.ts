import { randomUUID } from 'node:crypto';
import { cqlErrors, cqlNotation, type CqlReply, type CqlRequest, Gate, requestReader, resultKinds } from '@onlyif/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atSerial, edited, faultCases, instead, noFrame, notWritten, unknown } from './cassandra-fault-cases.ts';
import { told, type Told } from './outcome.ts';
import { skipped } from './proxied-cassandra.ts';
import { rows, type Verb, verbs } from './rows.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);
/** Waited for in full where nothing is ever answered. */
const silentMs = 700;
const { update } = verbs;

/** A false condition is told where a true one would be. */
function toldOf({ kind }: Verb, expected: Told): Told {
  return kind === 'false' && expected === 'applied' ? 'rejected' : expected;
}

describe.skipIf(skipped !== undefined)('every fault on every verb, on the real Cassandra behind a proxy', () => {
  const on = rowsKeyspace();

  describe.each(Object.entries(faultCases))('%s', (_, { fault, write: expected, written, read, silent, final }) => {
    const call = { timeoutMs: silent === true ? silentMs : 60_000 };
    test.concurrent.each(Object.entries(verbs))('%s', (_name, verb) =>
      on.withProxy(async (db, proxy) => {
        // Connects and prepares: the fault is to meet the EXECUTE.
        await verb.run(db, await on.given(verb));
        const id = await on.given(verb);
        const rule = proxy.addRule({ match: write, times: 1, do: fault });
        const begunAnew = verb.kind === 'emulated' && expected === notWritten && final !== true;
        expect(await told(verb.run(db, id, call))).toBe(begunAnew ? 'applied' : toldOf(verb, expected));
        if (written) await rule.whenAnswered();
        expect([rule.hits, await on.stored(id)]).toEqual([1, written || begunAnew ? verb.after : verb.before]);
        // The prepared warm-up and this one: nothing was sent again.
        expect(proxy.requests(write)).toHaveLength(begunAnew ? 3 : 2);
      }),
    );
    test.concurrent('get', () =>
      on.withProxy(async (db, proxy) => {
        await db.get(rows, { id: 'warm-up' });
        const id = await on.given(update);
        proxy.addRule({ match: { opcode: 'EXECUTE', cql: /^SELECT .*rows/ }, do: fault });
        expect(await told(db.get(rows, { id }, call))).toBe(read);
      }),
    );
  });

  describe('a server that has forgotten the prepared statement', () => {
    test.each([1, 3])('%i times: prepared anew, and sent until it is done, once', (times) =>
      on.withProxy(async (db, proxy) => {
        await update.run(db, randomUUID());
        const id = await on.given(update);
        const forgotten = (request: CqlRequest): CqlReply => cqlErrors.unprepared(requestReader(request.frame).shortBytes());
        proxy.addRule({ match: write, times, do: { kind: 'reply', reply: forgotten, forward: false } });
        proxy.forgetRequests();
        expect([await told(update.run(db, id)), await on.stored(id)]).toEqual(['applied', 2]);
        expect(proxy.requests(write).map(({ forwarded }) => forwarded)).toEqual([...Array.from({ length: times }, () => 0), 1]);
      }),
    );
  });

  test.concurrent.each(Object.entries(verbs))('R35 %s: held up, it arrives after a serial read: unknown, and judged later', (_, verb) =>
    on.withProxy(async (db, proxy) => {
      await verb.run(db, randomUUID());
      const id = await on.given(verb);
      const gate = new Gate();
      const rule = proxy.addRule({ match: write, times: 1, do: { kind: 'hold-request', until: gate } });
      expect(await told(verb.run(db, id, { timeoutMs: silentMs }))).toBe(unknown);
      expect(await on.stored(id)).toBe(verb.before);
      gate.open();
      await rule.whenAnswered();
      expect(await on.stored(id)).toBe(verb.after);
    }),
  );

  describe('R33 a rejection whose completing read fails is one all the same', () => {
    test.each([
      [
        'with an error',
        instead(cqlErrors.readTimeout({ ...atSerial, dataPresent: false }), false),
        { code: 'unavailable', retryable: true },
      ],
      ['with a lost connection', { kind: 'disconnect', how: 'reset', when: 'before' } as const, { code: 'unavailable', retryable: true }],
      ['in silence', { kind: 'drop-request' } as const, { code: 'aborted' }],
    ])('%s', (_, fault, cause) =>
      on.withProxy(async (db, proxy) => {
        const verb = verbs['update whose condition is false'];
        await verb.run(db, await on.given(verb));
        const id = await on.given(verb);
        proxy.addRule({ match: { opcode: 'EXECUTE', cql: /^SELECT .*rows/ }, do: fault });
        const result = await verb.run(db, id, { timeoutMs: silentMs });
        expect(result).toEqual({
          applied: false,
          source: 'unavailable',
          cause: expect.objectContaining({ ...cause, outcome: 'not-applied' }) as object,
        });
        expect(await on.stored(id)).toBe(1);
      }),
    );
  });

  test(`random bodies of a RESULT are never taken for an outcome (seed ${seed})`, () =>
    on.withProxy(async (db, proxy) => {
      await update.run(db, randomUUID());
      const bytes = fc.uint8Array({ maxLength: 60 }).map((body) => Buffer.from(body));
      const bodies = fc.oneof(
        bytes,
        bytes.map((body) => Buffer.concat([cqlNotation.int(resultKinds.rows), body])),
      );
      for (const body of fc.sample(bodies, { seed, numRuns: 60 })) {
        const id = await on.given(update);
        const rule = proxy.addRule({ match: write, times: 1, do: edited(() => body) });
        expect([unknown, noFrame], body.toString('hex')).toContain(await told(update.run(db, id, { timeoutMs: 20_000 })));
        expect([rule.hits, await on.stored(id)]).toEqual([1, 2]);
      }
    }));
});
