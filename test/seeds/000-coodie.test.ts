/**
 * coodie's page on lightweight transactions.
 * Not of this library: writes without a condition.
 */
import { defineTable, deleteRow, exists, insert, int, notExists, text, timestamp, update } from '@onlyif/core';
import { describe, expect, test } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { given, givenNone } from './given.ts';
import { onEveryBackend } from './on-every-backend.ts';

const locks = defineTable('deploy_locks', {
  columns: { service: text(), locked_by: text().notNull(), locked_at: timestamp().notNull() },
  partitionKey: ['service'],
});
const configs = defineTable('app_config', {
  columns: { key: text(), value: text().notNull(), version: int().notNull() },
  partitionKey: ['key'],
});

const service = 'coodie-api';
const alice = { service, locked_by: 'alice', locked_at: new Date('2026-03-01T10:00:00.123Z') };
const mallory = { service, locked_by: 'mallory', locked_at: new Date('2026-03-01T10:00:01.000Z') };

onEveryBackend([locks, configs], (db) => {
  describe('conditional insert (IF NOT EXISTS)', () => {
    test('lock.insert(): lock acquired, and an applied result has no existing row', async () => {
      await givenNone(db(), locks, { service });
      expect(await db().insert(locks, alice, { if: notExists() })).toStrictEqual({ applied: true });
      expect(await db().get(locks, { service })).toStrictEqual(alice);
    });

    test("lock.insert(): lock held by existing['locked_by']", async () => {
      await given(db(), locks, alice);
      await expectExact(db(), insert(locks, mallory, { if: notExists() }), { applied: false, existing: { locked_by: 'alice' } });
    });

    test('find().if_not_exists().create(): the same statement as lock.insert()', async () => {
      const create = insert(locks, alice, { if: notExists() });
      await givenNone(db(), locks, { service });
      await expectExact(db(), create, { applied: true });
      await expectExact(db(), create, { applied: false, existing: alice });
    });
  });

  describe('conditional delete (IF EXISTS)', () => {
    test('lock.delete(if_exists=True): lock released, then already gone', async () => {
      const release = deleteRow(locks, { service }, { if: exists() });
      await given(db(), locks, alice);
      await expectExact(db(), release, { applied: true });
      await expectExact(db(), release, { applied: false, existing: null });
    });

    test('find(service=…).if_exists().delete(): leaves other services alone', async () => {
      await given(db(), locks, alice);
      await given(db(), locks, { ...mallory, service: 'other-api' });
      await expectExact(db(), deleteRow(locks, { service }, { if: exists() }), { applied: true });
      expect(await db().get(locks, { service: 'other-api' })).toMatchObject({ locked_by: 'mallory' });
    });

    test('custom IF conditions on deletes: only the holder releases the lock', async () => {
      await given(db(), locks, alice);
      const releaseAs = (locked_by: string) => deleteRow(locks, { service }, { if: { locked_by } });
      await expectExact(db(), releaseAs('mallory'), { applied: false, existing: alice });
      await expectExact(db(), releaseAs('alice'), { applied: true });
    });
  });

  describe('conditional update (IF EXISTS)', () => {
    const takeOver = update(locks, { service }, { set: { locked_by: 'bob' }, if: exists() });

    test("lock.update(if_exists=True, locked_by='bob'): changes that column alone", async () => {
      await given(db(), locks, alice);
      await expectExact(db(), takeOver, { applied: true });
      expect(await db().get(locks, { service })).toStrictEqual({ ...alice, locked_by: 'bob' });
    });

    test('not applied where the lock is gone, and no lock comes to be', async () => {
      await givenNone(db(), locks, { service });
      await expectExact(db(), takeOver, { applied: false, existing: null });
      expect(await db().get(locks, { service })).toBeNull();
    });
  });

  describe('custom IF conditions', () => {
    test('config.update(if_conditions={"version": 42}): bumped to 43, then conflict with the current version', async () => {
      await given(db(), configs, { key: 'theme', value: 'old_value', version: 42 });
      const bump = update(configs, { key: 'theme' }, { set: { value: 'new_value', version: 43 }, if: { version: 42 } });
      await expectExact(db(), bump, { applied: true });
      expect(await db().get(configs, { key: 'theme' })).toStrictEqual({ key: 'theme', value: 'new_value', version: 43 });
      await expectExact(db(), bump, { applied: false, existing: { version: 43 } });
    });

    test('find(key="feature_flag").update(if_conditions={"version": 42}): not applied to another version or to no row', async () => {
      const enable = update(configs, { key: 'feature_flag' }, { set: { value: 'enabled', version: 43 }, if: { version: 42 } });
      await given(db(), configs, { key: 'feature_flag', value: 'disabled', version: 41 });
      await expectExact(db(), enable, { applied: false, existing: { value: 'disabled', version: 41 } });
      await givenNone(db(), configs, { key: 'feature_flag' });
      await expectExact(db(), enable, { applied: false, existing: null });
    });

    test('every field of the record has to hold', async () => {
      await given(db(), configs, { key: 'theme', value: 'dark', version: 42 });
      const change = (value: string) => update(configs, { key: 'theme' }, { set: { version: 43 }, if: { value, version: 42 } });
      await expectExact(db(), change('light'), { applied: false, existing: { value: 'dark', version: 42 } });
      await expectExact(db(), change('dark'), { applied: true });
    });
  });
});
