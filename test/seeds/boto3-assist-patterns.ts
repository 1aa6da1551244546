import { and, type Client, eq, gte, insert, notExists, replace, type RowOf, update, type Write } from '@onlyif/core';
import { documents, events, keyIn, orders, products, users } from './boto3-assist-tables.ts';

// `save()` writes a whole item: our replace, which needs a row to be there.

/** The guide's update_document_with_locking, from the version that was read. */
export function saveNextVersion(id: string, content: string, read: number): Write<typeof documents, 'version'> {
  const document = { ...keyIn('doc', id), id, content, version: read + 1 };
  return replace(documents, document, { if: eq(documents.columns.version, read) });
}

export type Saved = { readonly success: true; readonly attempt: number } | { readonly success: false; readonly error: string };

/** The guide's update_with_retry; `meanwhile` is what others do between its read and its write. */
export async function updateWithRetry(
  db: Client,
  id: string,
  content: string,
  meanwhile: (attempt: number) => Promise<void>,
  maxRetries = 3,
): Promise<Saved> {
  for (let attempt = 1; attempt <= maxRetries; attempt += 1) {
    const current = await db.get(documents, keyIn('doc', id));
    await meanwhile(attempt);
    const result = await db.execute(saveNextVersion(id, content, current?.version ?? 0));
    if (result.applied) return { success: true, attempt };
  }
  return { success: false, error: 'Max retries exceeded' };
}

/** The two writes of the guide's register_user: the user, and the record that makes the address unique. */
export function registration(id: string, email: string) {
  return {
    user: insert(users, { ...keyIn('user', id), id, email }, { if: notExists() }),
    email: insert(users, { pk: 'emails#', sk: `email#${email}`, user_id: id }, { if: notExists() }),
  };
}

/** The guide's reserve_inventory as it stands: what is written was computed from a stock that nothing pins. */
export function reserveUnpinned(id: string, read: number, quantity: number): Write<typeof products, 'stock'> {
  return update(products, keyIn('product', id), { set: { stock: read - quantity }, if: gte(products.columns.stock, quantity) });
}

/** A reservation that takes effect only on the stock that it was computed from. */
export function reserve(id: string, read: number, quantity: number): Write<typeof products, 'stock'> {
  const { stock } = products.columns;
  return update(products, keyIn('product', id), { set: { stock: read - quantity }, if: and(eq(stock, read), gte(stock, quantity)) });
}

/** The guide's transition_order_status, from the order that was read. */
export function transition(order: RowOf<typeof orders>, from: string, to: string): Write<typeof orders, 'status'> {
  return replace(orders, { ...order, status: to }, { if: eq(orders.columns.status, from) });
}

/** The guide's log_event_once. */
export function logEvent(id: string, data: string): Write<typeof events, keyof RowOf<typeof events>> {
  return insert(events, { ...keyIn('event', id), id, data }, { if: notExists() });
}
