import { defineTable, deleteRow, exists, insert, notExists, text, timestamp, update } from '@onlyif/core';
import type { Scene } from '../scene.ts';

const locks = defineTable('deploy_locks', {
  columns: { service: text(), locked_by: text().notNull(), locked_at: timestamp() },
  partitionKey: ['service'],
});

const key = { service: 'onlyif-api' };

export const deployLock: Scene = {
  title: 'Deploy lock',
  about: 'A service is deployed by one person at a time: whoever can create its row holds the lock.',
  tables: [locks],
  play: async ({ show }) => {
    const alice = { ...key, locked_by: 'alice', locked_at: new Date('2026-03-02T09:00:00Z') };
    const taken = await show.write('Alice takes the lock, if nobody has it.', insert(locks, alice, { if: notExists() }));
    if (taken.applied) show.meaning('Alice holds the lock and deploys.');

    const bob = { ...key, locked_by: 'bob', locked_at: new Date('2026-03-02T09:05:00Z') };
    const second = await show.write('Bob tries to take the same lock.', insert(locks, bob, { if: notExists() }));
    if (!second.applied) show.meaning(`Bob waits: ${second.existing?.locked_by} holds the lock.`);

    const { locked_by, locked_at } = bob;
    const handOver = update(locks, key, { set: { locked_by, locked_at }, if: exists() });
    const handedOver = await show.write('Alice hands the lock over to Bob, if it is still there.', handOver);
    if (handedOver.applied) show.meaning('Bob holds the lock and deploys.');

    const release = deleteRow(locks, key, { if: exists() });
    const released = await show.write('Bob releases the lock, if it is there.', release);
    if (released.applied) show.meaning('The service is free.');

    const again = await show.write('Bob releases it once more, to be sure.', release);
    if (!again.applied && again.existing === null) show.meaning('The lock was already gone, and nothing was written.');
  },
};
