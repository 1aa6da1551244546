/**
 * boto3-assist's guide to conditional writes and optimistic locking.
 * Not of this library: saves without a condition, back-off and logging. A failed condition is a value, not an exception.
 */
import { beginsWith, type Client, createClient, exists, insert, notExists, replace, update } from '@onlyif/core';
import { memory } from '@onlyif/memory';
import { describe, expect, test } from 'vitest';
import {
  comparisons,
  conjunctions,
  disjunctions,
  disjunctionsAsLists,
  functions,
  type Expression,
  type OrderCondition,
} from './boto3-assist-expressions.ts';
import { logEvent, registration, reserve, reserveUnpinned, saveNextVersion, transition, updateWithRetry } from './boto3-assist-patterns.ts';
import { documents, events, keyIn, orders, products, users } from './boto3-assist-tables.ts';
import { expectExact } from './expect-exact.ts';
import { given, givenNone } from './given.ts';
import { onEveryBackend } from './on-every-backend.ts';

const orderKey = keyIn('order', '1');
const order = { ...orderKey, id: '1' };
const noted = (condition: OrderCondition) => update(orders, orderKey, { set: { note: 'changed' }, if: condition });

/** Runs an update under the expression on each row that the expression has. */
async function runExpression(db: Client, { condition, holds, fails }: Expression, expecting: typeof expectExact): Promise<void> {
  for (const columns of holds) {
    await given(db, orders, { ...order, ...columns });
    await expecting(db, noted(condition), { applied: true });
  }
  for (const columns of fails) {
    await given(db, orders, { ...order, ...columns });
    await expecting(db, noted(condition), {
      applied: false,
      existing: { ...columns, ...(columns.tags?.length === 0 && { tags: null }), note: null },
    });
  }
}

onEveryBackend([users, documents, products, events, orders], (db) => {
  describe('basic usage', () => {
    const user = { ...keyIn('user', '001'), id: '001', email: 'user@example.com' };

    test('fail_if_exists, attribute_not_exists(pk): create only if there is none', async () => {
      await givenNone(db(), users, keyIn('user', '001'));
      await expectExact(db(), insert(users, user, { if: notExists() }), { applied: true });
      const another = insert(users, { ...user, email: 'other@example.com' }, { if: notExists() });
      await expectExact(db(), another, { applied: false, existing: user });
    });

    test('custom condition: update only if status is "pending"', async () => {
      const pay = replace(orders, { ...order, status: 'paid' }, { if: { status: 'pending' } });
      await given(db(), orders, { ...order, status: 'pending', note: 'not in what is saved' });
      await expectExact(db(), pay, { applied: true });
      await expectExact(db(), pay, { applied: false, existing: { status: 'paid', note: null } });
    });

    test('catching conditional failures: version = 5', async () => {
      await given(db(), documents, { ...keyIn('doc', '1'), id: '1', version: 4 });
      await expectExact(db(), saveNextVersion('1', 'five', 5), { applied: false, existing: { version: 4, content: null } });
    });
  });

  describe('condition expressions', () => {
    test.for([...comparisons, ...conjunctions, ...disjunctionsAsLists])('$text', (expression) =>
      runExpression(db(), expression, expectExact),
    );
    test.for([...disjunctions, ...functions])('$text', (expression) => runExpression(db(), expression, expectExact));

    // A `save` under `<>` or NOT would create the item; our update never touches an absent row.
    test.for([...comparisons, ...conjunctions])('$text: not applied where there is no item', async ({ condition }) => {
      await givenNone(db(), orders, orderKey);
      await expectExact(db(), noted(condition), { applied: false, existing: null });
    });

    test('attribute_exists(pk): update only if the item exists', async () => {
      const change = update(orders, orderKey, { set: { note: 'changed' }, if: exists() });
      await given(db(), orders, order);
      await expectExact(db(), change, { applied: true });
      await givenNone(db(), orders, orderKey);
      await expectExact(db(), change, { applied: false, existing: null });
    });

    // A prefix: the guide's "@company.com" is no suffix, and an address of that domain does not begin with it.
    test('begins_with(email, :domain): only where the e-mail starts with it', async () => {
      const key = keyIn('user', '001');
      const change = update(users, key, { set: { id: 'changed' }, if: beginsWith(users.columns.email, '@company.com') });
      await given(db(), users, { ...key, email: '@company.com.example' });
      await expectExact(db(), change, { applied: true });
      await given(db(), users, { ...key, email: 'ann@company.com' });
      await expectExact(db(), change, { applied: false, existing: { email: 'ann@company.com' } });
      await given(db(), users, key);
      await expectExact(db(), change, { applied: false, existing: { email: null } });
    });
  });

  describe('optimistic locking', () => {
    const key = keyIn('doc', '1');
    const document = { ...key, id: '1', content: 'first', version: 1 };

    test('two users read version 1: the first saves, the second knows to refresh', async () => {
      await given(db(), documents, document);
      await expectExact(db(), saveNextVersion('1', 'of user 1', 1), { applied: true });
      await expectExact(db(), saveNextVersion('1', 'of user 2', 1), { applied: false, existing: { content: 'of user 1', version: 2 } });
      await expectExact(db(), saveNextVersion('1', 'of user 2', 2), { applied: true });
      expect(await db().get(documents, key)).toStrictEqual({ ...document, content: 'of user 2', version: 3 });
    });

    const saveInstead = async () => {
      const current = await db().get(documents, key);
      expect(await db().execute(saveNextVersion('1', 'theirs', current?.version ?? 0))).toStrictEqual({ applied: true });
    };

    test('with retry logic: after one conflict the second attempt succeeds', async () => {
      await given(db(), documents, document);
      const saved = await updateWithRetry(db(), '1', 'ours', async (attempt) => {
        if (attempt === 1) await saveInstead();
      });
      expect(saved).toStrictEqual({ success: true, attempt: 2 });
      expect(await db().get(documents, key)).toMatchObject({ content: 'ours', version: 3 });
    });

    test('with retry logic: max retries exceeded', async () => {
      await given(db(), documents, document);
      expect(await updateWithRetry(db(), '1', 'ours', saveInstead)).toStrictEqual({ success: false, error: 'Max retries exceeded' });
      expect(await db().get(documents, key)).toMatchObject({ content: 'theirs', version: 4 });
    });
  });

  describe('unique e-mail registration', () => {
    test('user and e-mail are each created once; a taken address shows whose it is', async () => {
      const ann = registration('001', 'ann@example.com');
      const bob = registration('002', 'ann@example.com');
      for (const id of ['001', '002']) await givenNone(db(), users, keyIn('user', id));
      await givenNone(db(), users, { pk: 'emails#', sk: 'email#ann@example.com' });
      await expectExact(db(), ann.user, { applied: true });
      await expectExact(db(), ann.email, { applied: true });
      await expectExact(db(), ann.user, { applied: false, existing: { id: '001' } });
      // Two writes: the second user stays behind without an address.
      await expectExact(db(), bob.user, { applied: true });
      await expectExact(db(), bob.email, { applied: false, existing: { user_id: '001' } });
    });
  });

  describe('inventory reservation', () => {
    const key = keyIn('product', '1');

    // `stock >= quantity` alone says nothing of the stock that the new one was computed from; see the test in memory below.
    test('two buyers read a stock of 10: the second reservation is not applied, and goes on from the existing stock', async () => {
      await given(db(), products, { ...key, stock: 10 });
      await expectExact(db(), reserve('1', 10, 3), { applied: true });
      await expectExact(db(), reserve('1', 10, 3), { applied: false, existing: { stock: 7 } });
      await expectExact(db(), reserve('1', 7, 3), { applied: true });
      expect(await db().get(products, key)).toStrictEqual({ ...key, stock: 4 });
    });

    test('insufficient stock', async () => {
      await given(db(), products, { ...key, stock: 2 });
      await expectExact(db(), reserve('1', 2, 3), { applied: false, existing: { stock: 2 } });
      await expectExact(db(), reserve('1', 2, 2), { applied: true });
    });
  });

  describe('status workflow', () => {
    test("transition only from the expected status: order not in 'pending' status", async () => {
      await given(db(), orders, { ...order, status: 'pending', balance: 25 });
      const read = await db().get(orders, orderKey);
      if (read === null) throw new Error('the order is gone');
      await expectExact(db(), transition(read, 'pending', 'shipped'), { applied: true });
      await expectExact(db(), transition(read, 'pending', 'cancelled'), { applied: false, existing: { status: 'shipped', balance: 25 } });
    });
  });

  describe('idempotent operations', () => {
    test('an event is logged once; "already logged" is a success too', async () => {
      await givenNone(db(), events, keyIn('event', '1'));
      await expectExact(db(), logEvent('1', 'paid'), { applied: true });
      await expectExact(db(), logEvent('1', 'paid, again'), { applied: false, existing: { id: '1', data: 'paid' } });
    });
  });

  describe('graceful degradation', () => {
    const save = replace(orders, { ...order, status: 'saved' }, { if: exists() });

    test('attribute_exists(pk): an update of what is there succeeds', async () => {
      await given(db(), orders, { ...order, status: 'old' });
      await expectExact(db(), save, { applied: true });
    });

    // The guide tries again: an existing row of null says that trying again will not help.
    test('attribute_exists(pk): the update fails at every attempt where there is no item', async () => {
      await givenNone(db(), orders, orderKey);
      for (let attempt = 1; attempt <= 3; attempt += 1) await expectExact(db(), save, { applied: false, existing: null });
    });
  });
});

// The guide reads the stock, subtracts, and writes under `stock >= :quantity`: it sells what it does not subtract.
test("the guide's reservation loses an update: six sold of ten, and seven left", async () => {
  const db = createClient(memory());
  const key = keyIn('product', '1');
  await given(db, products, { ...key, stock: 10 });
  await expectExact(db, reserveUnpinned('1', 10, 3), { applied: true });
  await expectExact(db, reserveUnpinned('1', 10, 3), { applied: true });
  expect(await db.get(products, key)).toStrictEqual({ ...key, stock: 7 });
});
