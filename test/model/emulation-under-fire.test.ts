import { randomUUID } from 'node:crypto';
import { type ClientEvent, createClient, get, type Statement } from '@onlyif/core';
import { checkLinearizable, History, recordStatement, type RowReply, rowKey, rowRegister } from '@onlyif/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cassandraBackend, type OpenBackend } from '../backends/backends.ts';
import { rows, statementsUnderFire } from './under-fire.ts';

const seed = Number(process.env['ONLYIF_SEED'] ?? 20251125);
const clients = 16;
const keys = 4;
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
      const { operations, idle } = await oneRound(seed + round);
      for (const { reply } of operations) tally[endOf(reply)]++;
      const verdict = checkLinearizable(operations, rowRegister, { key: rowKey, idle });
      expect(verdict.kind, verdict.explanation).toBe('linearizable');
    }
    console.log(`cassandra, seed ${seed}: ${JSON.stringify({ ...tally, begunAgain: again.rounds })}`);
    const total = rounds * keys * statementsPerKey;
    expect(tally.applied).toBeGreaterThan(total / 10);
    expect(tally.rejected).toBeGreaterThan(total / 10);
    expect(tally.open).toBeGreaterThan(0);
    expect(again.rounds).toBeGreaterThan(total / 50);
  });

  /** All statements of a round, each on one of the rows, by whichever client is free; and a last look at every row. */
  async function oneRound(roundSeed: number): Promise<History<Statement, RowReply>> {
    const dbs = Array.from({ length: clients }, () => createClient(backend.adapter, { onEvent, verify: 'off', emulate: true }));
    const [first] = dbs;
    if (first === undefined) throw new Error('no clients');
    const targets = Array.from({ length: keys }, () => ({ id: randomUUID() }));
    const history = new History<Statement, RowReply>();
    const waiting = statementsUnderFire(first, roundSeed, keys * statementsPerKey).entries();
    const work = async (db: typeof first, client: number): Promise<void> => {
      for (const [index, write] of waiting) {
        const timeoutMs = (index % 7 === 0 ? timeoutsMs[index % timeoutsMs.length] : undefined) ?? 10_000;
        await recordStatement(history, client, db, write(targets[index % keys] ?? {}), { timeoutMs });
      }
    };
    await Promise.all(dbs.map(work));
    for (const key of targets) await recordStatement(history, 0, first, get(rows, key as never));
    return history;
  }
});

function endOf(reply: RowReply | undefined): 'applied' | 'rejected' | 'open' | 'read' {
  if (reply === undefined) return 'open';
  if (reply.kind === 'read') return 'read';
  return reply.result.applied ? 'applied' : 'rejected';
}
