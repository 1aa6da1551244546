import { defineTable, insert, int, notExists, text, update } from '@onlyif/core';
import type { Scene } from '../scene.ts';

const configs = defineTable('app_config', {
  columns: { key: text(), value: text().notNull(), version: int().notNull() },
  partitionKey: ['key'],
});

const key = { key: 'feature_flag' };

export const configEntry: Scene = {
  title: 'Config entry with a version',
  about: 'Whoever changes the entry says which version it was read at, so that nobody overwrites what they have not seen.',
  tables: [configs],
  play: async ({ db, show }) => {
    const entry = { ...key, value: 'disabled', version: 42 };
    await show.write('The entry is at version 42.', insert(configs, entry, { if: notExists() }));

    const read = await db.get(configs, key);
    if (read === null) return;
    show.meaning(`Carol and Dave both read it: ${read.value}, version ${read.version}.`);

    const { version } = read;
    const enable = update(configs, key, { set: { value: 'enabled', version: version + 1 }, if: { version } });
    const carol = await show.write(`Carol enables the flag, if the version is still ${version}.`, enable);
    if (carol.applied) show.meaning(`The entry is at version ${version + 1}.`);

    const tune = update(configs, key, { set: { value: 'half of the users', version: version + 1 }, if: { version } });
    const dave = await show.write(`Dave, who knows nothing of that, changes it if the version is still ${version}.`, tune);
    if (!dave.applied) show.meaning(`Conflict: the entry is at version ${dave.existing?.version}. Dave looks again before he writes.`);
  },
};
