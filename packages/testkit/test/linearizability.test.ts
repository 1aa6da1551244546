import { defineTable, eq, get, increment, insert, int, notExists, or, type Row, type Statement, text, update } from '@onlyif/core';
import { describe, expect, it } from 'vitest';
import { checkLinearizable, History, noEffect, type Operation, rowKey, type RowReply, rowRegister } from '../src/linearizability/index.ts';

const t = defineTable('t', { columns: { id: text(), n: int(), m: int() }, partitionKey: ['id'] });
const key = { id: 'x' };
const row = (n: number, m: number | null = null): Row => ({ ...key, n, m });

/** An operation from one place to another; without a reply it stayed open. */
function operation(invoked: number, returned: number, call: Statement, reply?: RowReply): Operation<Statement, RowReply> {
  return { client: invoked, call, reply, invoked, returned: reply === undefined ? Infinity : returned };
}

const applied: RowReply = { kind: 'write', result: { applied: true } };
const rejected = (existing: Row | null, source: 'decision' | 'read' = 'decision'): RowReply => ({
  kind: 'write',
  result: { applied: false, existing, source },
});
const read = (found: Row | null): RowReply => ({ kind: 'read', row: found });

const create = insert(t, { ...key, n: 0 }, { if: notExists() });
const bump = update(t, key, { set: { n: increment(1) }, if: or(eq(t.columns.n, 0), eq(t.columns.n, 1), eq(t.columns.n, 2)) });
const swap = (from: number, to: number): Statement => update(t, key, { set: { n: to }, if: eq(t.columns.n, from) });
const look = get(t, key);

const created = operation(0, 1, create, applied);
type Histories = Readonly<Record<string, readonly Operation<Statement, RowReply>[]>>;

const linearizable: Histories = {
  nothing: [],
  'calls one after the other': [created, operation(2, 3, swap(0, 1), applied), operation(4, 5, look, read(row(1)))],
  'two at once, of which one wins': [created, operation(2, 5, swap(0, 1), applied), operation(3, 4, swap(0, 2), rejected(row(1)))],
  'a read that overlaps a write, before it': [created, operation(2, 5, swap(0, 1), applied), operation(3, 4, look, read(row(0)))],
  'an open write that is seen': [created, operation(2, 0, swap(0, 1)), operation(3, 4, look, read(row(1)))],
  'an open write that is not seen': [created, operation(2, 0, swap(0, 1)), operation(3, 4, look, read(row(0)))],
  'an open write that takes effect late': [
    created,
    operation(2, 0, swap(0, 1)),
    operation(3, 4, look, read(row(0))),
    operation(5, 6, look, read(row(1))),
  ],
  'some columns of the row that was judged, or of one that was read': [
    created,
    operation(2, 3, swap(3, 4), rejected({ ...key, n: 0 })),
    operation(4, 5, get(t, key, { columns: ['n'] }), read({ n: 0 })),
  ],
  'a row that was read later': [created, operation(2, 5, swap(3, 4), rejected(row(1), 'read')), operation(3, 4, swap(0, 1), applied)],
};

const impossible: Histories = {
  'a lost update: two increments acknowledged, one seen': [
    created,
    operation(2, 4, bump, applied),
    operation(3, 5, bump, applied),
    operation(6, 7, look, read(row(1))),
  ],
  'a lost update: two writers of the same version win': [
    created,
    operation(2, 4, swap(0, 1), applied),
    operation(3, 5, swap(0, 2), applied),
  ],
  'a stale read reported as the decision': [created, operation(2, 3, swap(0, 1), applied), operation(4, 5, swap(7, 8), rejected(row(0)))],
  'a rejection though the condition held': [created, operation(2, 3, swap(0, 1), rejected(row(0)))],
  'a stale column': [created, operation(2, 3, swap(3, 4), rejected({ ...key, n: 1 }))],
  'a stale read': [created, operation(2, 3, swap(0, 1), applied), operation(4, 5, look, read(row(0)))],
  'an unknown outcome reported as not applied': [
    created,
    operation(2, 3, swap(0, 1), rejected(row(0))),
    operation(4, 5, look, read(row(1))),
  ],
  'an open write that takes effect and is undone': [
    created,
    operation(2, 0, swap(0, 1)),
    operation(3, 4, look, read(row(1))),
    operation(5, 6, look, read(row(0))),
  ],
  'an open write that takes effect before it was invoked': [created, operation(2, 3, look, read(row(1))), operation(4, 0, swap(0, 1))],
  'an open write that takes effect twice': [
    created,
    operation(2, 0, bump),
    operation(3, 4, look, read(row(1))),
    operation(5, 6, look, read(row(2))),
  ],
};

describe('the linearizability checker', () => {
  it.each(Object.entries(linearizable))('accepts %s', (_, history) => {
    const verdict = checkLinearizable(history, rowRegister);
    if (verdict.kind !== 'linearizable') throw new Error(verdict.explanation);
    const [order = []] = verdict.orders.values();
    expect(order.filter(({ reply }) => reply !== undefined)).toHaveLength(history.filter(({ reply }) => reply !== undefined).length);
  });

  it.each(Object.entries(impossible))('rejects %s', (_, history) => {
    const verdict = checkLinearizable(history, rowRegister);
    if (verdict.kind !== 'violated') throw new Error(verdict.kind);
    // The part that is shown convicts by itself.
    expect(checkLinearizable(verdict.history, { ...rowRegister, init: verdict.init }).kind).toBe('violated');
  });

  it('does not depend on the order in which operations were recorded', () => {
    for (const history of Object.values(linearizable))
      expect(checkLinearizable(history.toReversed(), rowRegister).kind).toBe('linearizable');
    for (const history of Object.values(impossible)) expect(checkLinearizable(history.toReversed(), rowRegister).kind).toBe('violated');
  });

  it('finds no order of 40 calls at once in good time, where there is none', () => {
    const bumps = Array.from({ length: 12 }, (_, i) => operation(2 + i, 100 + i, swap(i % 4, (i + 1) % 4), applied));
    const looks = Array.from({ length: 28 }, (_, i) => operation(20 + i, 130 + i, look, read(row(i % 4))));
    expect(checkLinearizable([created, ...bumps, ...looks, operation(200, 201, look, read(row(1)))], rowRegister).kind).toBe('violated');
  });

  it('says undecided, never linearizable, where the steps run out', () => {
    for (const history of [linearizable['an open write that takes effect late'], impossible['an open write that takes effect twice']])
      expect(checkLinearizable(history ?? [], rowRegister, { maxSteps: 3 })).toMatchObject({
        kind: 'undecided',
        explanation: expect.stringContaining('which proves nothing'),
      });
  });

  it('checks keys apart, and names the one that fails', () => {
    const other = { ...key, id: 'y' };
    const elsewhere = [
      operation(10, 11, insert(t, { ...other, n: 7 }, { if: notExists() }), applied),
      operation(12, 13, get(t, other), read({ ...other, n: 7, m: null })),
    ];
    const options = { key: rowKey };
    const right = checkLinearizable([created, ...elsewhere], rowRegister, options);
    expect([...(right.kind === 'linearizable' ? right.orders.keys() : [])]).toEqual(["t { id: 'x' }", "t { id: 'y' }"]);
    const wrong = checkLinearizable([...elsewhere, ...(impossible['a stale read'] ?? [])], rowRegister, options);
    expect(wrong).toMatchObject({ kind: 'violated', key: "t { id: 'x' }" });
  });
});

describe('a violated history in words', () => {
  it('is short: what every order begins with is told as the state, and what did not matter is left out', () => {
    const chain = Array.from({ length: 50 }, (_, i) => operation(10 * i + 2, 10 * i + 3, swap(i, i + 1), applied));
    const looks = Array.from({ length: 50 }, (_, i) => operation(10 * i + 4, 10 * i + 6, look, read(row(i + 1))));
    const missed = operation(411, 1000, swap(77, 78), rejected(row(50)));
    const open = operation(5, 0, swap(99, 100));
    const verdict = checkLinearizable([created, open, ...chain, ...looks, missed, operation(600, 700, look, read(row(42)))], rowRegister);
    expect(verdict.explanation).toBe(
      [
        'the history: no order of the operations explains every reply. These 1 of 104 have none:',
        '  at first: { n: 50, m: null }',
        '  1–2  client 600: get → saw { n: 42, m: null }',
        'Nothing explains the reply to client 600: get → saw { n: 42, m: null }',
        '  then possible: { n: 50, m: null }',
      ].join('\n'),
    );
  });

  it('keeps the writes whose effect may have been seen, and open ones that might have explained it', () => {
    const verdict = checkLinearizable(impossible['an open write that takes effect twice'] ?? [], rowRegister);
    expect(verdict.explanation).toBe(
      [
        'the history: no order of the operations explains every reply. These 1 of 4 have none:',
        '  at first: { n: 1, m: null }',
        '  1–2  client 5: get → saw { n: 2, m: null }',
        'Nothing explains the reply to client 5: get → saw { n: 2, m: null }',
        '  then possible: { n: 1, m: null }',
      ].join('\n'),
    );
  });

  it('seed 3: the six steps of the Java driver on idempotence, with its transparent retry', () => {
    const cells = defineTable('mytable', { columns: { k: int(), v: int() }, partitionKey: ['k'] });
    const cas = (from: number, to: number): Statement => update(cells, { k: 1 }, { set: { v: to }, if: { v: from } });
    const [first, second] = [cas(1, 4), cas(4, 2)];
    const model = { ...rowRegister, init: { k: 1, v: 1 } };
    const steps = (reply?: RowReply): readonly Operation<Statement, RowReply>[] => [
      { client: 1, call: first, reply, invoked: 0, returned: reply === undefined ? Infinity : 3 },
      { client: 2, call: second, reply: applied, invoked: 1, returned: 2 },
    ];
    const retried = checkLinearizable(steps(rejected({ k: 1, v: 2 })), model, { key: rowKey });
    expect(retried.explanation).toBe(
      [
        'mytable { k: 1 }: no order of the operations explains every reply. These 2 of 2 have none:',
        '  at first: { v: 1 }',
        '  1–4  client 1: update { v: 4 } if v = 1 → not applied, saw { v: 2 }',
        '  2–3  client 2: update { v: 2 } if v = 4 → applied',
        'Nothing explains the reply to client 2: update { v: 2 } if v = 4 → applied',
        '  then possible: { v: 1 }',
        '  explained, had the outcome been unknown: client 1: update { v: 4 } if v = 1 → not applied, saw { v: 2 }',
      ].join('\n'),
    );
    // What this library says of it.
    expect(checkLinearizable(steps(), model).kind).toBe('linearizable');
  });
});

describe('a history', () => {
  it('places calls and replies as they happen, leaves open ones without end, and drops what did nothing', async () => {
    const history = new History<string, number>();
    await history.record(1, 'first', async () => 1);
    const slow = history.record(2, 'slow', () => new Promise((resolve) => setImmediate(() => resolve(2))));
    await history.record(3, 'open', async () => undefined);
    await history.record(1, 'nothing', async () => noEffect);
    await slow;
    expect(history.operations).toEqual([
      { client: 1, call: 'first', reply: 1, invoked: 0, returned: 1 },
      { client: 2, call: 'slow', reply: 2, invoked: 2, returned: 6 },
      { client: 3, call: 'open', reply: undefined, invoked: 3, returned: Infinity },
    ]);
    expect(history.idle).toEqual([{ client: 1, call: 'nothing', reply: undefined, invoked: 4, returned: 5 }]);
  });

  it('holds calls that have not returned, or threw, with an unknown outcome', async () => {
    const history = new History<string, number>();
    void history.record(1, 'never', () => new Promise(() => undefined));
    await expect(history.record(2, 'thrown', () => Promise.reject(new Error('thrown')))).rejects.toThrow('thrown');
    expect(history.operations.map(({ call, reply, returned }) => ({ call, reply, returned }))).toEqual([
      { call: 'never', reply: undefined, returned: Infinity },
      { call: 'thrown', reply: undefined, returned: Infinity },
    ]);
  });
});
