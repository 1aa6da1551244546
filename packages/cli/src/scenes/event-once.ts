import { defineTable, insert, notExists, text, timestamp } from '@onlyif/core';
import type { Scene, Stage } from '../scene.ts';

const events = defineTable('event_log', {
  columns: { event_id: text(), kind: text().notNull(), happened_at: timestamp() },
  partitionKey: ['event_id'],
});

const event = { event_id: 'evt-7f3a', kind: 'invoice.sent', happened_at: new Date('2026-03-02T12:00:00Z') };

export const eventOnce: Scene = {
  title: 'Event logged once',
  about: 'A queue may deliver an event twice; its id is the key, so it is logged once and both deliveries end well.',
  tables: [events],
  play: async (stage) => {
    await deliver(stage, 'The event is delivered.');
    await deliver(stage, 'The queue delivers it again.');
  },
};

async function deliver({ show }: Stage, sentence: string): Promise<void> {
  const result = await show.write(sentence, insert(events, event, { if: notExists() }));
  if (result.applied) show.meaning('Logged: the invoice is booked.');
  else show.meaning(`Logged before, at ${result.existing?.happened_at?.toISOString()}: nothing is booked twice.`);
}
