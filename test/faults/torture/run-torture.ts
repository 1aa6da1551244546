import { type Adapter, createClient, get, type Statement } from '@onlyif/core';
import { recordStatement } from '@onlyif/testkit';
import { HotRow } from './hot-row.ts';
import type { TorturePlace } from './place.ts';
import { Random } from './random.ts';
import { type Caller, recordCall } from './record-call.ts';
import { recordFences } from './record-fences.ts';
import { nextStatement } from './statements.ts';
import { Tally } from './tally.ts';
import { plain, tokened, type TortureTable } from './tables.ts';

const clients = 8;
/** The rows that are written at one time: how often each, and in which table. Another takes the place of one that has had enough. */
const places: readonly (readonly [weight: number, TortureTable])[] = [
  [3, plain],
  [3, tokened],
  [1, tokened],
  [1, tokened],
  [1, tokened],
  [1, tokened],
];
/** The checker searches for an order, which open outcomes make many of: a row is left in peace after so many. */
const maxCalls = 200;
const maxOpen = 20;
/** How long a call may take; the short ones leave outcomes open. */
const timeoutsMs = [100, 400, 1_500, 3_000] as const;
const finalReads = 30;

export interface Run {
  readonly rows: readonly HotRow[];
  readonly tallies: ReadonlyMap<TortureTable, Tally>;
}

/**
 * Runs all kinds of statements on a few rows from many clients while things break, so many seconds, and longer where not every
 * kind of disturbance has happened by then; reads every row at last.
 */
export async function runTorture(place: TorturePlace, seconds: number, seed: number): Promise<Run> {
  const run = new TortureRun(place, seed);
  await run.forSeconds(seconds);
  await run.readAll();
  return run;
}

class TortureRun implements Run {
  readonly tallies: ReadonlyMap<TortureTable, Tally> = new Map([plain, tokened].map((table) => [table, new Tally()]));
  readonly rows: HotRow[] = [];
  readonly #place: TorturePlace;
  readonly #seed: number;
  /** One for each place. */
  readonly #current: HotRow[];
  readonly #byId = new Map<string, HotRow>();

  constructor(place: TorturePlace, seed: number) {
    this.#place = place;
    this.#seed = seed;
    this.#current = places.map(([, table]) => this.#newRow(table));
  }

  async forSeconds(seconds: number): Promise<void> {
    const ended = new AbortController();
    const work = Array.from({ length: clients }, (_, client) => this.#work(client, ended.signal));
    const { once, over } = this.#place.disturb(new Random(this.#seed), ended.signal);
    const timer = setTimeout(() => void once.finally(() => ended.abort()), seconds * 1000);
    try {
      await Promise.all(work);
    } finally {
      clearTimeout(timer);
      ended.abort();
      await over;
    }
  }

  /** A strong read of every row: whatever was acknowledged is in it. */
  async readAll(): Promise<void> {
    const db = createClient(this.#place.direct, { verify: 'off' });
    for (const row of this.rows) {
      const failed = row.idle.length;
      let tries = 0;
      do await recordStatement(row, clients, db, get(row.table, row.key));
      while (row.idle.length > failed + tries++ && tries < finalReads);
      if (tries === finalReads) throw new Error(`${row.key.id} cannot be read`);
    }
  }

  async #work(client: number, ended: AbortSignal): Promise<void> {
    const random = new Random(this.#seed * 1000 + client);
    const { adapters } = this.#place;
    const adapter = recordFences(adapters[client % adapters.length] ?? adapters[0], client, (statement) => this.#rowOf(statement));
    const callers = new Map([...this.tallies].map(([table, tally]) => [table, callerOf(client, adapter, tally)]));
    for (let call = 0; !ended.aborted; call++) {
      const row = this.#nextRow(random);
      const caller = callers.get(row.table);
      const statement = nextStatement({ table: row.table, key: row.key, seen: row.seen, mark: `${client}-${call}` }, random);
      if (caller !== undefined) await recordCall(row, caller, statement, random.pick(timeoutsMs));
    }
  }

  #nextRow(random: Random): HotRow {
    const place = random.weighted(places.map(([weight], index) => [weight, index]));
    const row = this.#current[place];
    if (row === undefined) throw new Error('no such row');
    if (++row.calls >= maxCalls || row.open >= maxOpen) this.#current[place] = this.#newRow(row.table);
    return row;
  }

  #newRow(table: TortureTable): HotRow {
    const row = new HotRow(table);
    this.rows.push(row);
    this.#byId.set(row.key.id, row);
    return row;
  }

  #rowOf({ key }: Statement): HotRow {
    const row = this.#byId.get(String(key['id']));
    if (row === undefined) throw new Error('a statement on no row of the run');
    return row;
  }
}

/** Every other client asks later what became of what was left open. */
function callerOf(client: number, adapter: Adapter, tally: Tally): Caller {
  const db = createClient(adapter, { onEvent: tally.onEvent, verify: 'off' });
  const settler = client % 2 === 0 ? createClient(adapter, { verify: 'off' }) : undefined;
  return { client, db, settler, tally };
}
