import { defineTable, insert, notExists, text } from '@onlyif/core';
import type { Scene, Stage } from '../scene.ts';

const claims = defineTable('email_claims', {
  columns: { email: text(), user_id: text().notNull() },
  partitionKey: ['email'],
});

export const uniqueEmail: Scene = {
  title: 'Unique e-mail address',
  about: 'The address is the key, so an address can be claimed once, and no index or lock is needed.',
  tables: [claims],
  play: async (stage) => {
    await register(stage, 'user-1', 'sam@example.com');
    await register(stage, 'user-2', 'sam@example.com');
  },
};

async function register({ show }: Stage, user_id: string, email: string): Promise<void> {
  const claim = insert(claims, { email, user_id }, { if: notExists() });
  const result = await show.write(`${user_id} registers ${email}.`, claim);
  if (result.applied) show.meaning(`${email} belongs to ${user_id}.`);
  else show.meaning(`${email} is taken by ${result.existing?.user_id}; ${user_id} is asked for another one.`);
}
