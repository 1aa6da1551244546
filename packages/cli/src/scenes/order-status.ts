import { defineTable, eq, insert, notExists, oneOf, text, update } from '@onlyif/core';
import type { Scene, Stage } from '../scene.ts';

type Status = 'open' | 'paid' | 'shipped' | 'cancelled';

const orders = defineTable('orders', {
  columns: { order_id: text(), status: text<Status>().notNull() },
  partitionKey: ['order_id'],
});
const { status } = orders.columns;

const key = { order_id: 'order-1001' };

/** Each status that an order can come to, with those that it may come from. */
const transitions = {
  paid: update(orders, key, { set: { status: 'paid' }, if: eq(status, 'open') }),
  shipped: update(orders, key, { set: { status: 'shipped' }, if: eq(status, 'paid') }),
  cancelled: update(orders, key, { set: { status: 'cancelled' }, if: oneOf(status, ['open', 'paid']) }),
};

export const orderStatus: Scene = {
  title: 'Status workflow',
  about: 'An order goes from open to paid to shipped, and may be cancelled before it is shipped.',
  tables: [orders],
  play: async (stage) => {
    await stage.show.write('An order comes in.', insert(orders, { ...key, status: 'open' }, { if: notExists() }));
    await move(stage, 'shipped', 'The warehouse ships it, if it is paid.');
    await move(stage, 'paid', 'The customer pays, if it is open.');
    await move(stage, 'shipped', 'The warehouse tries again, if it is paid.');
    await move(stage, 'cancelled', 'The customer cancels, if it is open or paid.');
  },
};

async function move({ show }: Stage, to: keyof typeof transitions, sentence: string): Promise<void> {
  const result = await show.write(sentence, transitions[to]);
  if (result.applied) show.meaning(`The order is ${to}.`);
  else show.meaning(`Not allowed: the order is ${result.existing?.status}, and does not become ${to}.`);
}
