/**
 * The AWS blog post on lightweight transactions in Amazon Keyspaces, on its table without the static columns.
 * `toTimestamp(now())` is a Date that the client makes: a server's clock would differ at each repeat.
 */
import {
  and,
  type Client,
  type Condition,
  defineTable,
  deleteRow,
  entry,
  eq,
  exists,
  gt,
  gte,
  insert,
  int,
  isNotNull,
  isNull,
  item,
  list,
  lt,
  lte,
  map,
  ne,
  notExists,
  text,
  timestamp,
  update,
  upsert,
} from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { given, givenNone } from './given.ts';
import { keyspacesBackend } from '../keyspaces/backend.ts';
import { onEveryBackend } from './on-every-backend.ts';

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
const { playing_time, profile_version } = profiles.columns;

const created = new Date('2026-03-01T10:00:00.123Z');
const later = new Date('2026-03-01T11:30:00.456Z');

const mikeKey = { account_id: 'unique_account_A', profile_id: 'unique_profile_1' };
const mike = { ...mikeKey, name: 'Mike', playing_time: 500, create_time: created, modify_time: created };
const emmaKey = { account_id: 'unique_account_B', profile_id: 'unique_profile_2' };
const emma = { ...emmaKey, name: 'Emma', playing_time: 500, create_time: created, modify_time: created, profile_version: 'v0' };

const inventories = defineTable('inventories', {
  columns: { profile_id: text(), name: text().notNull(), weapons: list(text()), coins: map(text(), int()) },
  partitionKey: ['profile_id'],
});
const { weapons, coins } = inventories.columns;

function theBlog(db: () => Client): void {
  describe('checking for existence before insert, update, or delete', () => {
    test('INSERT … IF NOT EXISTS: applied, and running it again returns the state of the current row', async () => {
      await givenNone(db(), profiles, mikeKey);
      await expectExact(db(), insert(profiles, mike, { if: notExists() }), { applied: true });
      const again = insert(profiles, { ...mike, create_time: later, modify_time: later }, { if: notExists() });
      await expectExact(db(), again, { applied: false, existing: { ...mike, profile_version: null } });
    });

    test('UPDATE … IF EXISTS: sets name and modify_time, and create_time stays', async () => {
      const rename = update(profiles, mikeKey, { set: { name: 'John', modify_time: later }, if: exists() });
      await given(db(), profiles, mike);
      await expectExact(db(), rename, { applied: true });
      expect(await db().get(profiles, mikeKey)).toMatchObject({ name: 'John', create_time: created, modify_time: later });
    });

    test('UPDATE … IF EXISTS: false where the row does not exist, with nothing else to return', async () => {
      const rename = update(profiles, mikeKey, { set: { name: 'John', modify_time: later }, if: exists() });
      await givenNone(db(), profiles, mikeKey);
      await expectExact(db(), rename, { applied: false, existing: null });
    });

    test('deleting records on a condition: IF EXISTS', async () => {
      const remove = deleteRow(profiles, mikeKey, { if: exists() });
      await given(db(), profiles, mike);
      await expectExact(db(), remove, { applied: true });
      await expectExact(db(), remove, { applied: false, existing: null });
    });
  });

  describe('optimistic locking for a row', () => {
    const play = update(profiles, emmaKey, {
      set: { playing_time: 700, profile_version: 'v1', modify_time: later },
      if: and(eq(profile_version, 'v0'), ne(playing_time, 700)),
    });
    const select = () => db().get(profiles, emmaKey, { columns: ['profile_version', 'playing_time'] });

    test("UPDATE … IF profile_version = 'v0' and playing_time != 700: 500 at v0 becomes 700 at v1", async () => {
      await givenNone(db(), profiles, emmaKey);
      await expectExact(db(), insert(profiles, emma, { if: notExists() }), { applied: true });
      expect(await select()).toStrictEqual({ profile_version: 'v0', playing_time: 500 });
      await expectExact(db(), play, { applied: true });
      expect(await select()).toStrictEqual({ profile_version: 'v1', playing_time: 700 });
    });

    test('repeated: a check failure with the current values, with which the operation is retried', async () => {
      await given(db(), profiles, { ...emma, playing_time: 700, profile_version: 'v1' });
      await expectExact(db(), play, { applied: false, existing: { profile_version: 'v1', playing_time: 700 } });
      const retried = update(profiles, emmaKey, {
        set: { playing_time: 900, profile_version: 'v2', modify_time: later },
        if: and(eq(profile_version, 'v1'), ne(playing_time, 900)),
      });
      await expectExact(db(), retried, { applied: true });
      expect(await select()).toStrictEqual({ profile_version: 'v2', playing_time: 900 });
    });

    test('each of the two checks rejects on its own', async () => {
      await given(db(), profiles, { ...emma, profile_version: 'v1' });
      await expectExact(db(), play, { applied: false, existing: { profile_version: 'v1', playing_time: 500 } });
      await given(db(), profiles, { ...emma, playing_time: 700 });
      await expectExact(db(), play, { applied: false, existing: { profile_version: 'v0', playing_time: 700 } });
    });

    const name = 'Em';
    test.for<readonly [string, Condition<'account_user_profile', 'playing_time'>, number, number | null]>([
      ['=', eq(playing_time, 500), 500, 501],
      ['<', lt(playing_time, 500), 499, 500],
      ['<=', lte(playing_time, 500), 500, 501],
      ['>', gt(playing_time, 500), 501, 500],
      ['>=', gte(playing_time, 500), 500, 499],
      ['!=', ne(playing_time, 500), 501, 500],
      ['!= null', isNotNull(playing_time), 0, null],
    ])('you can use %s in the IF clause', async ([, condition, holds, fails]) => {
      const rename = update(profiles, emmaKey, { set: { name }, if: condition });
      await given(db(), profiles, { ...emma, playing_time: fails });
      await expectExact(db(), rename, { applied: false, existing: { playing_time: fails } });
      await given(db(), profiles, { ...emma, playing_time: holds });
      await expectExact(db(), rename, { applied: true });
    });
  });

  test('you can also access items in a collection', async () => {
    const key = { profile_id: 'unique_profile_1' };
    await given(db(), inventories, { ...key, name: 'Mike', weapons: ['bow', 'axe'], coins: new Map([['gold', 3]]) });
    const swap = update(inventories, key, { set: { name: 'Archer' }, if: eq(item(weapons, 0), 'bow') });
    await expectExact(db(), swap, { applied: true });
    const rich = update(inventories, key, { set: { name: 'Rich' }, if: eq(entry(coins, 'gold'), 7) });
    await expectExact(db(), rich, { applied: false, existing: { name: 'Archer', coins: new Map([['gold', 3]]) } });
  });

  // The document's UPDATE that inserts is our upsert: an update never creates a row, whatever its condition says.
  describe('insert a new profile to an account', () => {
    const account_id = 'unique_account_C';
    const first = { account_id, profile_id: 'unique_profile_1' };
    const second = { account_id, profile_id: 'unique_profile_2' };
    const times = { create_time: created, modify_time: created };
    const emmaPlays = { playing_time: 700, name: 'Emma', profile_version: 'pv0', ...times };
    const briePlays = { playing_time: 600, name: 'Brie', profile_version: 'pv0', ...times };
    const addEmma = upsert(profiles, first, { set: emmaPlays, if: isNull(profile_version) });
    const addBrie = upsert(profiles, second, { set: briePlays, if: isNull(profile_version) });

    test('UPDATE … IF profile_version = null: inserts, then a failure returns the current version', async () => {
      await givenNone(db(), profiles, first);
      await expectExact(db(), addEmma, { applied: true });
      expect(await db().get(profiles, first)).toStrictEqual({ ...first, ...emmaPlays });
      await expectExact(db(), addEmma, { applied: false, existing: { profile_version: 'pv0' } });
    });

    test('IF profile_version = null also holds on a row without a version, such as the one of account A', async () => {
      await given(db(), profiles, mike);
      const version = upsert(profiles, mikeKey, { set: { name: 'Mike', profile_version: 'pv0' }, if: isNull(profile_version) });
      await expectExact(db(), version, { applied: true });
      expect(await db().get(profiles, mikeKey)).toStrictEqual({ ...mike, profile_version: 'pv0' });
    });

    test('the same as an update: not applied, and no row comes to be', async () => {
      await givenNone(db(), profiles, first);
      const changeEmma = update(profiles, first, { set: emmaPlays, if: isNull(profile_version) });
      await expectExact(db(), changeEmma, { applied: false, existing: null });
    });

    test('a second profile, then a modified first one: each row has its own lock', async () => {
      await givenNone(db(), profiles, first);
      await givenNone(db(), profiles, second);
      await expectExact(db(), addEmma, { applied: true });
      await expectExact(db(), addBrie, { applied: true });
      const modify = update(profiles, first, {
        set: { playing_time: 1200, profile_version: 'pv1', modify_time: later },
        if: eq(profile_version, 'pv0'),
      });
      await expectExact(db(), modify, { applied: true });
      await expectExact(db(), modify, { applied: false, existing: { profile_version: 'pv1', playing_time: 1200 } });
      expect(await db().get(profiles, second)).toStrictEqual({ ...second, ...briePlays });
    });
  });
}

onEveryBackend([profiles, inventories], theBlog, [keyspacesBackend]);
