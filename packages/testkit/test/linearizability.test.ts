import { defineTable, eq, get, increment, insert, int, notExists, or, type Row, type Statement, text, update } from '@onlyif/core';
import { describe, expect, it } from 'vitest';
import { findOrder, History, noEffect, type Operation, type RowReply, rowRegister } from '../src/linearizability/index.ts';

const t = defineTable('t', { columns: { id: text(), n: int(), m: int() }, partitionKey: ['id'] });
const key = { id: 'x' };
const row = (n: number, m: number | null = null): Row => ({ ...key, n, m });

/** An operation from one place to another; without a reply it stayed open. */
function operation(invoked: number, returned: number, call: Statement, reply?: RowReply): Operation<Statement, RowReply> {
  return { call, reply, invoked, returned: reply === undefined ? Infinity : returned };
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
    const order = findOrder(history, rowRegister);
    expect(order).toBeDefined();
    expect(order?.filter(({ reply }) => reply !== undefined)).toHaveLength(history.filter(({ reply }) => reply !== undefined).length);
  });

  it.each(Object.entries(impossible))('rejects %s', (_, history) => {
    expect(findOrder(history, rowRegister)).toBeUndefined();
  });

  it('does not depend on the order in which operations were recorded', () => {
    for (const history of Object.values(linearizable)) expect(findOrder(history.toReversed(), rowRegister)).toBeDefined();
    for (const history of Object.values(impossible)) expect(findOrder(history.toReversed(), rowRegister)).toBeUndefined();
  });

  it('finds no order of 40 calls at once in good time, where there is none', () => {
    const bumps = Array.from({ length: 12 }, (_, i) => operation(2 + i, 100 + i, swap(i % 4, (i + 1) % 4), applied));
    const looks = Array.from({ length: 28 }, (_, i) => operation(20 + i, 130 + i, look, read(row(i % 4))));
    expect(findOrder([created, ...bumps, ...looks, operation(200, 201, look, read(row(1)))], rowRegister)).toBeUndefined();
  });
});

describe('a history', () => {
  it('places calls and replies as they happen, leaves open ones without end, and drops what did nothing', async () => {
    const history = new History<string, number>();
    await history.record('first', async () => 1);
    const slow = history.record('slow', () => new Promise((resolve) => setImmediate(() => resolve(2))));
    await history.record('open', async () => undefined);
    await history.record('nothing', async () => noEffect);
    await slow;
    expect(history.operations).toEqual([
      { call: 'first', reply: 1, invoked: 0, returned: 1 },
      { call: 'open', reply: undefined, invoked: 3, returned: Infinity },
      { call: 'slow', reply: 2, invoked: 2, returned: 5 },
    ]);
  });
});
