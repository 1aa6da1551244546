import { randomUUID } from 'node:crypto';
import {
  type Client,
  createClient,
  defineTable,
  deleteRow,
  eq,
  insert,
  int,
  isLWTError,
  isNull,
  notExists,
  or,
  replace,
  text,
  update,
  upsert,
  type Write,
} from '@onlyif/core';

export const tokened = defineTable('tokened', {
  columns: { id: text(), n: int(), version: int(), token: text(), mark: text().notNull() },
  partitionKey: ['id'],
  writeToken: 'token',
  version: 'version',
});
const c = tokened.columns;
const mark = 'm';

/** What a check is given: a row that an insert with the token `born` has made, with version 1. */
interface Place {
  readonly db: Client;
  readonly key: { readonly id: string };
  /** Adds a problem where the two differ. */
  readonly expect: (what: string, found: unknown, wanted: unknown) => void;
}

/** Each check by what it proves. */
export const tokenChecks: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  'every write but a delete stores its token': async ({ db, key, expect }) => {
    const stored = async (): Promise<unknown> => (await db.get(tokened, key))?.token;
    expect('insert', await stored(), 'born');
    await db.update(tokened, key, { set: { n: 2 }, if: eq(c.n, 1) }, { token: 'updated' });
    expect('update', await stored(), 'updated');
    await db.replace(tokened, { ...key, n: 3, mark }, { if: eq(c.n, 2) }, { token: 'replaced' });
    expect('replace', await stored(), 'replaced');
    await db.upsert(tokened, key, { set: { n: 4, mark }, if: eq(c.n, 3) }, { token: 'upserted' });
    expect('upsert', await stored(), 'upserted');
    await db.update(tokened, key, { set: { n: 5 }, if: or(isNull(c.n), eq(c.n, 4)) }, { token: 'alternative', emulate: true });
    expect('a condition that may be emulated', await stored(), 'alternative');
    const one = await db.update(tokened, key, { set: { n: 6 }, if: { n: 5 } });
    const [first] = [await stored()];
    const two = await db.update(tokened, key, { set: { n: 7 }, if: { n: 6 } });
    expect('random tokens', [one.applied, two.applied, first === (await stored())], [true, true, false]);
    await db.delete(tokened, key, { if: { n: 7 } });
    expect('delete', await stored(), undefined);
  },
  'a condition may pin the token, and rejections show it': async ({ db, key, expect }) => {
    const rejected = await db.update(tokened, key, { set: { n: 2 }, if: { token: 'another' } });
    expect('rejected', !rejected.applied && rejected.existing?.token, 'born');
    expect('applied', await db.update(tokened, key, { set: { n: 2 }, if: { token: 'born' } }), { applied: true });
  },
  'R35 the row carries the token: settled as applied': async ({ db, key, expect }) => {
    expect('an insert', await db.settle(insert(tokened, { ...key, n: 1, mark }, { if: notExists() }), 'born'), { applied: true });
    const write = update(tokened, key, { set: { n: 2 }, if: eq(c.n, 1) });
    await db.execute(write, { token: 'mine' });
    expect('an update', await db.settle(write, 'mine'), { applied: true });
  },
  'R35 a pinned token is fenced: settled as not applied, and the late request is rejected': ({ db, key, expect }) =>
    fenced(db, expect, update(tokened, key, { set: { n: 2 }, if: { token: 'born' } })),
  'R35 a pinned version is fenced by the next one': async ({ db, key, expect }) => {
    await fenced(db, expect, update(tokened, key, { set: { n: 2, version: 2 }, if: { version: 1 } }));
    expect('the version', (await db.get(tokened, key))?.version, 2);
  },
  'R35 a pinned replace and a pinned upsert are fenced': async ({ db, key, expect }) => {
    await fenced(db, expect, replace(tokened, { ...key, mark, version: 2 }, { if: { version: 1 } }));
    await fenced(db, expect, upsert(tokened, key, { set: { mark, version: 3 }, if: eq(c.version, 2) }));
  },
  'a pinned delete is fenced, and the row stays': async ({ db, key, expect }) => {
    const removal = deleteRow(tokened, key, { if: { token: 'born' } });
    expect('settled', (await db.settle(removal, undefined)).applied, false);
    expect('the late request', (await db.execute(removal)).applied, false);
    expect('the row', (await db.get(tokened, key))?.mark, mark);
  },
  'R36 what nothing tells stays unknown, and nothing is written': async ({ db, key, expect }) => {
    const before = await db.get(tokened, key);
    const absent = { id: randomUUID() };
    expect('no pin', await codeOf(db.settle(update(tokened, key, { set: { n: 2 }, if: { n: 1 } }), 'mine')), 'outcome-unknown');
    expect(
      'another value',
      await codeOf(db.settle(update(tokened, key, { set: { version: 9 }, if: { version: 8 } }), 'mine')),
      'outcome-unknown',
    );
    expect('the row', await db.get(tokened, key), before);
    expect(
      'an absent insert',
      await codeOf(db.settle(insert(tokened, { ...absent, mark }, { if: notExists() }), 'mine')),
      'outcome-unknown',
    );
    expect(
      'an absent delete',
      await codeOf(db.settle(deleteRow(tokened, absent, { if: { token: 'born' } }), undefined)),
      'outcome-unknown',
    );
    expect('no row', await db.get(tokened, absent), null);
  },
};

/** A write that never went out is settled, and goes out after that. */
async function fenced(db: Client, expect: Place['expect'], write: Write<typeof tokened, string>): Promise<void> {
  const settled = await db.settle(write, randomUUID());
  expect(`${write.kind} settled`, settled.applied, false);
  const late = await db.execute(write);
  expect(`${write.kind} late`, late.applied, false);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work);
  } catch (error) {
    if (isLWTError(error)) return error.code;
    throw error;
  }
}

/** Runs one check on a fresh row. */
export async function checkTokens({ adapter }: Client, check: (place: Place) => Promise<void>): Promise<readonly string[]> {
  const db = createClient(adapter);
  const key = { id: randomUUID() };
  const problems: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (a !== b) problems.push(`${what}: ${a}, expected ${b}`);
  };
  await db.insert(tokened, { ...key, n: 1, version: 1, mark }, { if: notExists() }, { token: 'born' });
  await check({ db, key, expect });
  return problems;
}
