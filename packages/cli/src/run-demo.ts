import { createClient } from '@onlyif/core';
import type { Backend } from './open-backend.ts';
import type { Scene } from './scene.ts';
import { scenes as allScenes } from './scenes/scenes.ts';
import { showOn } from './show.ts';
import type { Terminal } from './terminal.ts';
import { withTables } from './with-tables.ts';

const opening = `onlyif demo: writes that happen only if a condition holds.
Each step prints what is done, the request that the database gets, and the result that comes back.`;

const closing = `The same on another backend, by the options after npm run demo --
  --backend cassandra --contact-points 127.0.0.1:9042 --local-data-center datacenter1
  --backend keyspaces --region eu-west-1
  --backend dynamodb --endpoint http://127.0.0.1:8000
and without options in memory.`;

/** Plays the scenes on a backend, in tables made for it. */
export async function runDemo(backend: Backend, terminal: Terminal, scenes: readonly Scene[] = allScenes): Promise<void> {
  // Amazon Keyspaces has no IN in a condition: there the read and the pinned write are shown, elsewhere the one request.
  const db = createClient(backend.adapter, { emulate: true });
  const tables = scenes.flatMap((scene) => scene.tables);
  await withTables(db, backend, terminal, tables, async () => {
    terminal.out(opening);
    for (const scene of scenes) {
      for (const line of ['', '', scene.title, '='.repeat(scene.title.length), scene.about]) terminal.out(line);
      await scene.play({ db, show: showOn(db, terminal) });
    }
    for (const line of ['', '', closing]) terminal.out(line);
  });
}
