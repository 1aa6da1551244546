import {
  type Adapter,
  createClient,
  defineTable,
  deleteRow,
  eq,
  exists,
  get,
  increment,
  insert,
  int,
  notExists,
  replace,
  type Row,
  type Statement,
  text,
  update,
} from '@onlyif/core';
import { randomNumbers } from '../src/faults/random.ts';
import { History, type Operation, recordStatement, type RowReply } from '../src/linearizability/index.ts';

/** Every write leaves a mark of its own, so that a row tells which write made it. */
export const rows = defineTable('rows', { columns: { id: text(), n: int(), mark: text().notNull() }, partitionKey: ['id'] });

const { n: version } = rows.columns;
type Build = (key: { id: string }, seen: number, mark: string) => Statement;

const verbs: readonly (readonly [number, Build])[] = [
  [0.2, (key) => get(rows, key)],
  [0.4, (key, seen, mark) => update(rows, key, { set: { n: seen + 1, mark }, if: eq(version, seen) })],
  [0.1, (key, seen, mark) => update(rows, key, { set: { n: increment(1), mark }, if: eq(version, seen) })],
  [0.1, (key, seen, mark) => replace(rows, { ...key, n: seen + 1, mark }, { if: eq(version, seen) })],
  [0.05, (key, _, mark) => update(rows, key, { set: { mark }, if: exists() })],
  [0.1, (key, _, mark) => insert(rows, { ...key, n: 0, mark }, { if: notExists() })],
  [0.05, (key, seen) => deleteRow(rows, key, { if: eq(version, seen) })],
];

/** Six clients on two rows: what they do depends on the seed and on what they saw. Closes the adapter. */
export async function contend(adapter: Adapter, seed: number, statements: number): Promise<History<Statement, RowReply>> {
  const history = new History<Statement, RowReply>();
  const db = createClient(adapter);
  const work = async (client: number): Promise<void> => {
    const random = randomNumbers(seed * 1000 + client);
    const seen: Record<string, number> = {};
    for (let turn = 0; turn < statements / 6; turn++) {
      const id = random() < 0.5 ? 'a' : 'b';
      const statement = pick(random())({ id }, seen[id] ?? 0, `${client}.${turn}`);
      const ended = await recordStatement(history, client, db, statement, { timeoutMs: 5000 });
      seen[id] = Number(rowAfter(ended, random() < 0.5)?.['n'] ?? seen[id] ?? 0);
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, client) => work(client + 1)));
  await db.close();
  return history;
}

function pick(number: number): Build {
  let sum = 0;
  return (verbs.find(([share]) => number < (sum += share)) ?? verbs[0] ?? fail())[1];
}

function fail(): never {
  throw new Error('no verbs');
}

/** What the client takes the row for; a writer of an unknown outcome may hope that it was applied. */
function rowAfter(ended: Operation<Statement, RowReply> | undefined, hopes: boolean): Row | null | undefined {
  const { call, reply } = ended ?? {};
  if (reply?.kind === 'read') return reply.row;
  if (reply !== undefined && !reply.result.applied) return reply.result.existing;
  const written = reply !== undefined || (call !== undefined && hopes);
  return written && call !== undefined && 'set' in call && typeof call.set['n'] === 'number' ? call.set : undefined;
}
