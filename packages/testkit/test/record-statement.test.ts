import {
  type Client,
  createClient,
  defineTable,
  get,
  insert,
  int,
  type LWTResult,
  notExists,
  type Row,
  type Statement,
  text,
  update,
  withWriteToken,
} from '@onlyif/core';
import { memory } from '@onlyif/memory';
import {
  checkLinearizable,
  History,
  recordFences,
  recordStatement,
  type RowReply,
  rowRegister,
  withFaults,
  wrapAdapter,
  type WriteFault,
} from '@onlyif/testkit';
import { expect, test } from 'vitest';

const accounts = defineTable('accounts', {
  columns: { id: text(), balance: int(), version: int(), token: text() },
  partitionKey: ['id'],
  writeToken: 'token',
  version: 'version',
});
const key = { id: 'a' };
const open = insert(accounts, { ...key, balance: 0, version: 0 }, { if: notExists() });
const pay = (version: number): Statement => update(accounts, key, { set: { balance: version, version }, if: { version: version - 1 } });
const look = get(accounts, key);

type RowHistory = History<Statement, RowReply>;
const verdictOf = ({ operations, idle }: RowHistory): string => checkLinearizable(operations, rowRegister, { idle }).kind;

function setUp(...script: readonly (WriteFault | 'ok')[]) {
  const history: RowHistory = new History();
  const adapter = withFaults(memory(), { seed: 1, script });
  const db = (on = recordFences(adapter, 0, () => history)): Client => createClient(on, { retry: 'off', verify: 'off' });
  return { history, adapter, db };
}

test('the write tokens that writes leave are in the history', async () => {
  const { history, db } = setUp('ok');
  for (const statement of [open, look, pay(1), pay(1), look]) await recordStatement(history, 0, db(), statement);
  expect(verdictOf(history)).toBe('linearizable');
  const tokens = history.operations.flatMap(({ reply }) => (reply?.kind === 'read' ? [reply.row?.['token']] : []));
  expect(tokens).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), expect.stringMatching(/^[\da-f-]{36}$/)]);
  expect(tokens[0]).not.toBe(tokens[1]);
});

test('so is one that the caller gives', async () => {
  const { history, db } = setUp('ok');
  await recordStatement(history, 0, db(), open, { token: 'mine' });
  await recordStatement(history, 0, db(), look);
  expect(verdictOf(history)).toBe('linearizable');
  expect(history.operations.at(-1)?.reply).toMatchObject({ row: { token: 'mine' } });
});

test('a write that another took the place of without a trace is seen by its token', async () => {
  const { history, adapter } = setUp('ok', 'ok');
  // A database that gives the row another token than it was told.
  const lying = wrapAdapter(adapter, {
    execute: (_compiled, context) => adapter.execute(adapter.dialect.compile(withWriteToken(open, 'another')), context),
  });
  const db = createClient(lying, { verify: 'off' });
  for (const statement of [open, look]) await recordStatement(history, 0, db, statement);
  expect(verdictOf(history)).toBe('violated');
});

test.each([true, false])('fences, recorded: %s', async (recorded) => {
  const { history, adapter, db } = setUp('ok', 'lost-request');
  const client = recorded ? db() : db(adapter);
  await recordStatement(history, 0, client, open);
  // Its request was lost; a fence takes its version away, and the next one, which pins what it read, is on that.
  await recordStatement(history, 0, client, pay(1));
  await recordStatement(history, 0, client, look);
  expect(verdictOf(history)).toBe(recorded ? 'linearizable' : 'violated');
});

const balances = defineTable('balances', { columns: { id: text(), n: int(), token: text() }, partitionKey: ['id'], writeToken: 'token' });

test('settle tells what became of an open write, and takes nothing for granted', async () => {
  const { history, adapter, db } = setUp('lost-reply', 'lost-request');
  // Nobody can read meanwhile, so that it stays open.
  const unread = wrapAdapter(adapter, {
    read: () => Promise.reject(new Error('unread')),
    classify: () => ({ code: 'outcome-unknown', retryable: false, message: 'Lost.' }),
  });
  const asked: unknown[] = [];
  const settle = async (write: Parameters<Client['settle']>[0], token: string | undefined): Promise<LWTResult<Row>> => {
    asked.push(token);
    return (await db().settle(write, token)) as LWTResult<Row>;
  };
  const lost = createClient(unread, { retry: 'off', verify: 'off' });
  const write = (id: string): Statement => insert(balances, { id, n: 1 }, { if: notExists() });
  const applied = await recordStatement(history, 0, lost, write('x'), { settle, timeoutMs: 300 });
  const unknown = await recordStatement(history, 0, lost, write('y'), { settle, timeoutMs: 300 });
  expect(applied?.reply).toMatchObject({ result: { applied: true } });
  expect(unknown).toMatchObject({ reply: undefined, returned: Infinity });
  expect(asked).toEqual([expect.any(String), expect.any(String)]);
});
