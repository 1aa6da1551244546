import { createClient, get, type Statement } from '@onlyif/core';
import { recordFences, recordStatement } from '@onlyif/testkit';
import { HotRow } from './hot-row.ts';
import type { TorturePlace } from './place.ts';
import { Random } from './random.ts';
import { type Caller, recordCall } from './record-call.ts';
import { nextStatement } from './statements.ts';
import { type Subject, subjectsOf } from './subject.ts';

const clients = 8;
/** The checker searches for an order, which open outcomes make many of: a row is left in peace after so many. */
const maxCalls = 200;
const maxOpen = 20;
/** How long a call may take; the short ones leave outcomes open. */
const timeoutsMs = [100, 400, 1_500, 3_000] as const;
const finalReads = 30;
/** More than the writes that raise the version of one row. */
const versionsOfLife = 1_000;

export interface Run {
  readonly rows: readonly HotRow[];
  readonly subjects: readonly Subject[];
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
  readonly rows: HotRow[] = [];
  readonly subjects: readonly Subject[];
  readonly #place: TorturePlace;
  readonly #seed: number;
  /** The rows that are written; another takes the place of one that has had enough. */
  readonly #places: { readonly weight: number; row: HotRow }[];
  readonly #byId = new Map<string, HotRow>();

  constructor(place: TorturePlace, seed: number) {
    this.#place = place;
    this.#seed = seed;
    this.subjects = subjectsOf(place);
    this.#places = this.subjects.flatMap((subject) => subject.weights.map((weight) => ({ weight, row: this.#newRow(subject) })));
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
    for (const row of this.rows) {
      const { ways, table } = row.subject;
      const db = createClient(ways.direct, { verify: 'off' });
      const failed = row.idle.length;
      let tries = 0;
      do await recordStatement(row, clients, db, get(table, row.key));
      while (row.idle.length > failed + tries++ && tries < finalReads);
      if (tries === finalReads) throw new Error(`${row.key.id} cannot be read`);
    }
  }

  async #work(client: number, ended: AbortSignal): Promise<void> {
    const random = new Random(this.#seed * 1000 + client);
    const callers = new Map(this.subjects.map((subject) => [subject, this.#callerOf(client, subject)]));
    for (let call = 0; !ended.aborted; call++) {
      const row = this.#nextRow(random);
      const { key, seen, subject } = row;
      const start = (call * clients + client + 1) * versionsOfLife;
      const statement = nextStatement({ table: subject.table, key, seen, mark: `${client}-${call}`, start }, random);
      const caller = callers.get(subject);
      if (caller !== undefined) await recordCall(row, caller, statement, random.pick(timeoutsMs));
    }
  }

  /** Every other client asks later what became of what was left open. */
  #callerOf(client: number, { ways: { broken }, tally }: Subject): Caller {
    const adapter = recordFences(broken[client % broken.length] ?? broken[0], client, (statement) => this.#rowOf(statement));
    const db = createClient(adapter, { onEvent: tally.onEvent, verify: 'off' });
    const settler = client % 2 === 0 ? createClient(adapter, { verify: 'off' }) : undefined;
    return { client, db, settler, tally };
  }

  #nextRow(random: Random): HotRow {
    const place = random.weighted(this.#places.map((each) => [each.weight, each]));
    const { row } = place;
    if (++row.calls >= maxCalls || row.open >= maxOpen) place.row = this.#newRow(row.subject);
    return row;
  }

  #newRow(subject: Subject): HotRow {
    const row = new HotRow(subject);
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
