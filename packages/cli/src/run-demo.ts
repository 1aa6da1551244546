import { type AnyTable, type Client, createClient } from '@onlyif/core';
import type { Backend } from './open-backend.ts';
import type { Scene } from './scene.ts';
import { scenes as allScenes } from './scenes/scenes.ts';
import { showOn } from './show.ts';
import type { Terminal } from './terminal.ts';

const opening = `onlyif demo: writes that happen only if a condition holds.
Each step prints what is done, the request that the database gets, and the result that comes back.`;

const closing =
  'Now on a database: npm run demo -- --backend cassandra --contact-points 127.0.0.1:9042 --local-data-center datacenter1, or npm run demo -- --backend dynamodb --endpoint http://127.0.0.1:8000; without options it runs in memory.';

type Step = () => Promise<unknown>;

/** Plays the scenes on a backend, in tables made for it. Drops them however it ends, and closes the backend. */
export async function runDemo(backend: Backend, terminal: Terminal, scenes: readonly Scene[] = allScenes): Promise<void> {
  const db = createClient(backend.adapter);
  const cleanup: Step[] = [() => db.close()];
  const errors = await failuresOf([() => play(db, backend, terminal, scenes, cleanup)]);
  errors.push(...(await failuresOf(cleanup.toReversed())));
  if (errors.length > 1) throw new AggregateError(errors);
  if (errors.length === 1) throw errors[0];
}

async function failuresOf(steps: readonly Step[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  return failures;
}

async function play(db: Client, backend: Backend, terminal: Terminal, scenes: readonly Scene[], cleanup: Step[]): Promise<void> {
  if (backend.place !== undefined) terminal.err(`Running on ${backend.place}.`);
  await prepare(backend, terminal, cleanup);
  for (const table of scenes.flatMap((scene) => scene.tables)) {
    terminal.signal.throwIfAborted();
    await createTable(db, table, cleanup);
  }
  terminal.out(opening);
  for (const scene of scenes) {
    for (const line of ['', '', scene.title, '='.repeat(scene.title.length), scene.about]) terminal.out(line);
    await scene.play({ db, show: showOn(db, terminal) });
  }
  for (const line of ['', '', closing]) terminal.out(line);
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
