import { randomUUID } from 'node:crypto';
import { type ClientEvent, createClient, get, type Statement } from '@onlyif/core';
import { findOrder, History, type RowReply, rowRegister } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cassandraBackend, type OpenBackend } from '../backends/backends.ts';
import { printHistory, rows, run, statementsUnderFire } from './under-fire.ts';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);
const clients = 16;
const keys = 4;
/** The checker tries all orders: histories of one key stay short. */
const statementsPerKey = 35;
const rounds = 6;
/** Every seventh statement is given up after so long, some of them with their write on its way. */
const timeoutsMs = [5, 10, 15, 20];

const cassandra = cassandraBackend();
const title = cassandra.skipped === undefined ? 'cassandra' : `cassandra (skipped: ${cassandra.skipped})`;

describe.skipIf(cassandra.skipped !== undefined)(`emulation under fire, ${title}`, () => {
  let backend: OpenBackend;
  const again = { rounds: 0 };
  const onEvent = (event: ClientEvent): void => void (event.type === 'emulation-round' && event.round > 1 && again.rounds++);

  beforeAll(async () => {
    backend = await cassandra.open();
    await createClient(backend.adapter).createTable(rows);
  });
  afterAll(() => backend?.close());

  it(`what ${clients} clients do to ${keys} rows has an order, seed ${seed}`, async () => {
    const tally = { applied: 0, rejected: 0, open: 0, read: 0 };
    for (let round = 0; round < rounds; round++) {
      const histories = await oneRound(seed + round);
      for (const { operations } of histories) {
        for (const { reply } of operations) tally[endOf(reply)]++;
        expect(findOrder(operations, rowRegister), printHistory(operations)).toBeDefined();
      }
    }
    console.log(`cassandra, seed ${seed}: ${JSON.stringify({ ...tally, begunAgain: again.rounds })}`);
    const total = rounds * keys * statementsPerKey;
    expect(tally.applied).toBeGreaterThan(total / 10);
    expect(tally.rejected).toBeGreaterThan(total / 10);
    expect(tally.open).toBeGreaterThan(0);
    expect(again.rounds).toBeGreaterThan(total / 50);
  });

  /** All statements of a round, each on one of the rows, by whichever client is free; and a last look at every row. */
  async function oneRound(roundSeed: number): Promise<readonly History<Statement, RowReply>[]> {
    const dbs = Array.from({ length: clients }, () => createClient(backend.adapter, { onEvent, verify: 'off' }));
    const [first] = dbs;
    if (first === undefined) throw new Error('no clients');
    const histories = Array.from({ length: keys }, () => ({ key: { id: randomUUID() }, history: new History<Statement, RowReply>() }));
    const waiting = statementsUnderFire(first, roundSeed, keys * statementsPerKey).entries();
    const work = async (db: typeof first): Promise<void> => {
      for (const [index, write] of waiting) {
        const target = histories[index % keys];
        if (target !== undefined)
          await run(target.history, db, write(target.key), index % 7 === 0 ? timeoutsMs[index % timeoutsMs.length] : undefined);
      }
    };
    await Promise.all(dbs.map(work));
    for (const { key, history } of histories) await run(history, first, get(rows, key as never));
    return histories.map(({ history }) => history);
  }
});

function endOf(reply: RowReply | undefined): 'applied' | 'rejected' | 'open' | 'read' {
  if (reply === undefined) return 'open';
  if (reply.kind === 'read') return 'read';
  return reply.result.applied ? 'applied' : 'rejected';
}
