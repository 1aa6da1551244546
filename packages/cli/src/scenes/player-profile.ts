import { and, defineTable, eq, exists, insert, int, ne, notExists, text, timestamp, update } from '@onlyif/core';
import type { Scene, Stage } from '../scene.ts';

const profiles = defineTable('account_user_profile', {
  columns: {
    account_id: text(),
    profile_id: text(),
    name: text().notNull(),
    playing_time: int(),
    create_time: timestamp(),
    modify_time: timestamp(),
    profile_version: text(),
  },
  partitionKey: ['account_id'],
  clusteringKey: ['profile_id'],
});
const { profile_version, playing_time } = profiles.columns;

const created = new Date('2026-03-02T10:00:00Z');
const later = new Date('2026-03-02T11:30:00Z');

export const playerProfile: Scene = {
  title: 'Player profile',
  about: 'A profile is created once, changed only while it exists, and its playing time is added up under a version.',
  tables: [profiles],
  play: async (stage) => {
    await createOnce(stage);
    await changeIfThere(stage);
    await addPlayingTime(stage);
  },
};

async function createOnce({ show }: Stage): Promise<void> {
  const mike = { account_id: 'account_A', profile_id: 'profile_1', name: 'Mike', playing_time: 500 };
  const create = insert(profiles, { ...mike, create_time: created, modify_time: created }, { if: notExists() });
  await show.write('Mike creates his profile; create_time is written with it.', create);

  const retry = insert(profiles, { ...mike, create_time: later, modify_time: later }, { if: notExists() });
  const again = await show.write('The request is sent again later, with a later create_time.', retry);
  if (!again.applied) show.meaning(`The profile is from ${again.existing?.create_time?.toISOString()}, and create_time stays as it was.`);
}

async function changeIfThere({ show }: Stage): Promise<void> {
  const set = { name: 'John', modify_time: later };
  const rename = update(profiles, { account_id: 'account_A', profile_id: 'profile_1' }, { set, if: exists() });
  const renamed = await show.write('Mike becomes John, if the profile exists.', rename);
  if (renamed.applied) show.meaning('Renamed, and modify_time says when.');

  const nobody = update(profiles, { account_id: 'account_A', profile_id: 'profile_9' }, { set, if: exists() });
  const missing = await show.write('The same for a profile that nobody created.', nobody);
  if (!missing.applied && missing.existing === null) show.meaning('There is no such profile, and none came to be.');
}

async function addPlayingTime({ db, show }: Stage): Promise<void> {
  const key = { account_id: 'account_B', profile_id: 'profile_2' };
  const emma = { ...key, name: 'Emma', playing_time: 500, create_time: created, modify_time: created, profile_version: 'v0' };
  await show.write('Emma has played 500 seconds; her profile is at version v0.', insert(profiles, emma, { if: notExists() }));

  const read = await db.get(profiles, key, { columns: ['profile_version', 'playing_time'] });
  const total = (read?.playing_time ?? 0) + 200;
  const add = update(profiles, key, {
    set: { playing_time: total, profile_version: 'v1', modify_time: later },
    if: and(eq(profile_version, 'v0'), ne(playing_time, total)),
  });
  const added = await show.write(`She has played 200 more: ${total} and v1, if it is at v0 and not at ${total} yet.`, add);
  if (added.applied) show.meaning(`The playing time is ${total}, at version v1.`);

  const again = await show.write('The same once more.', add);
  if (again.applied) return;
  const { existing } = again;
  show.meaning(`Conflict: it is at ${existing?.profile_version} with ${existing?.playing_time} seconds, so nothing is added twice.`);
}
