import type { AnyTable, Client } from '@onlyif/core';
import type { Backend } from './open-backend.ts';
import type { Terminal } from './terminal.ts';

type Step = () => Promise<unknown>;

/** Makes tables on a backend and uses them. Drops them however that ends, and closes the backend. */
export async function withTables(
  db: Client,
  backend: Backend,
  terminal: Terminal,
  tables: readonly AnyTable[],
  use: () => Promise<void>,
): Promise<void> {
  const cleanup: Step[] = [() => db.close()];
  const run = async (): Promise<void> => {
    if (backend.place !== undefined) terminal.err(`Running on ${backend.place}.`);
    await prepare(backend, terminal, cleanup);
    for (const table of tables) {
      terminal.signal.throwIfAborted();
      await createTable(db, table, cleanup);
    }
    await use();
  };
  const errors = await failuresOf([run]);
  errors.push(...(await failuresOf(cleanup.toReversed())));
  if (errors.length > 1) throw new AggregateError(errors);
  if (errors.length === 1) throw errors[0];
}

async function failuresOf(steps: readonly Step[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  return failures;
}

async function prepare(backend: Backend, terminal: Terminal, cleanup: Step[]): Promise<void> {
  const undo = await backend.prepare();
  if (undo === undefined) return;
  cleanup.push(async () => {
    const stays = await undo();
    if (stays !== undefined) terminal.err(stays);
  });
}

async function createTable(db: Client, table: AnyTable, cleanup: Step[]): Promise<void> {
  const drop = (): Promise<void> => db.dropTable(table);
  try {
    await db.createTable(table);
  } catch (error) {
    // It may be there all the same; where it is not, the error at hand says enough.
    await drop().catch(() => undefined);
    throw error;
  }
  cleanup.push(drop);
}
