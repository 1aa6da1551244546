// What the scripts have in common that `exits.test.ts` runs as processes of their own.
import { type CallOptions, type Client, notExists } from '@onlyif/core';
import { told } from './outcome.ts';
import { rows } from './rows.ts';

/** Where a client is sent: a proxy or a fake in another process, which stays when the client is closed. */
export interface Place {
  readonly name: string;
  /** `host:port` */
  readonly address: string;
  /** Of the write. */
  readonly timeoutMs: number;
  /** The write is aborted by a signal after that time, and not by its own. */
  readonly bySignal?: boolean;
  /** Whether a database is there, so that a read connects and prepares, and the fault meets the write. */
  readonly isDatabase: boolean;
}

const anHour = 3_600_000;

/** Writes at a place, reports what was told, and closes the client. */
export async function meet(place: Place, db: Client): Promise<void> {
  const { name, isDatabase } = place;
  if (isDatabase) await db.get(rows, { id: name });
  report(name, await told(db.insert(rows, { id: name, v: 2 }, { if: notExists() }, callOptions(place))));
  await db.close();
}

function callOptions({ timeoutMs, bySignal = false }: Place): CallOptions {
  if (!bySignal) return { timeoutMs };
  const controller = new AbortController();
  setTimeout(() => controller.abort(), timeoutMs);
  return { signal: controller.signal, timeoutMs: anHour };
}

/** When all is closed the process must end by itself, soon; else it says what is open, and fails. */
export function endSoon(): void {
  const late = (): never => {
    report('still open', process.getActiveResourcesInfo().join(', '));
    process.exit(1);
  };
  setTimeout(late, 5_000).unref();
}

export function report(name: string, outcome: string): void {
  process.stdout.write(`${name}: ${outcome}\n`);
}
