import { randomUUID } from 'node:crypto';
import {
  type Client,
  createClient,
  defineTable,
  exists,
  insert,
  int,
  isLWTError,
  type LWTError,
  type LWTErrorCode,
  notExists,
  text,
} from '@onlyif/core';
import { wrapAdapter } from './wrap-adapter.ts';

const columns = { id: text(), at: int(), n: int() };
/** What is created, and what an application believes to find. */
export const live = defineTable('live', { columns, partitionKey: ['id'], clusteringKey: ['at'] });
const believed = [
  defineTable('live', { columns, partitionKey: ['id'] }),
  defineTable('live', { columns: { ...columns, at: text() }, partitionKey: ['id'], clusteringKey: ['at'] }),
  defineTable('live', { columns: { ident: text(), at: int(), n: int() }, partitionKey: ['ident'], clusteringKey: ['at'] }),
] as const;

/** R4: a table that does not fit its definition is found before the first write. */
export async function checkMismatches(db: Client): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const table of believed) {
    const fresh = createClient(db.adapter);
    const row = { id: 'x', ident: 'x', at: table.columns.at.type.kind === 'text' ? 'a' : 1, n: 1 };
    const known = Object.fromEntries(Object.entries(row).filter(([name]) => name in table.columns));
    const write = await failureOf(fresh.execute(insert(table as never, known as never, { if: notExists() })));
    if (write?.code !== 'schema-mismatch' || write.attempts !== 0)
      problems.push(`the write: ${String(write)} after ${String(write?.attempts)} requests`);
    const verified = await failureOf(fresh.verifyTable(table));
    if (verified?.code !== 'schema-mismatch') problems.push(`verifyTable: ${String(verified)}`);
  }
  const right = await failureOf(db.verifyTable(live, { scan: true }));
  if (right !== undefined) problems.push(`the right definition: ${right.message}`);
  return problems;
}

async function failureOf(work: Promise<unknown>): Promise<LWTError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (isLWTError(error)) return error;
    throw error;
  }
}

/** A closed client, an aborted call, and a call whose time is over, say so. */
export async function checkEndings(db: Client): Promise<readonly string[]> {
  const problems: string[] = [];
  const write = insert(live, { id: 'ended', at: 1 }, { if: notExists() });
  const aborted = await failureOf(db.execute(write, { signal: AbortSignal.abort(new Error('enough')) }));
  if (aborted?.code !== 'aborted' || aborted.outcome !== 'not-applied' || aborted.attempts !== 0)
    problems.push(`aborted before: ${String(aborted)}`);
  if ((aborted?.cause as Error | undefined)?.message !== 'enough') problems.push('the reason of the abort is lost');
  problems.push(...(await checkAbortedDuring(db)));
  const closed = createClient(wrapAdapter(db.adapter, { close: async () => {} }));
  await closed.close();
  const after = await failureOf(closed.delete(live, { id: 'x', at: 1 }, { if: exists() }));
  if (after?.code !== 'closed') problems.push(`closed: ${String(after)}`);
  return problems;
}

/** When a write is given up, from its being handed to the adapter on. */
const moments: { readonly [name: string]: (answer: Promise<unknown>) => Promise<unknown> } = {
  'at once': async () => undefined,
  'a turn of the event loop later': () => new Promise((resolve) => setImmediate(resolve)),
  'a millisecond later': () => new Promise((resolve) => setTimeout(resolve, 1)),
  'as its answer comes': (answer) => answer.catch(() => undefined),
};

type Told = 'applied' | 'rejected' | LWTError['outcome'];

/** Whether the row of an insert may be there after what was told of it. */
const agrees: { readonly [T in Told]: (isThere: boolean) => boolean } = {
  applied: (isThere) => isThere,
  rejected: () => false,
  'not-applied': (isThere) => !isThere,
  unknown: () => true,
};

/** What is told of a write that is aborted on its way agrees with the row. */
async function checkAbortedDuring(db: Client): Promise<readonly string[]> {
  const ended: { readonly moment: string; readonly id: string; readonly told: Told }[] = [];
  const problems: string[] = [];
  for (const [moment, when] of Object.entries(moments)) {
    const id = randomUUID();
    const { told, code } = await insertAborted(db, id, when);
    if (code !== undefined && code !== 'aborted' && code !== 'outcome-unknown') problems.push(`aborted ${moment}: ${code}`);
    ended.push({ moment, id, told });
  }
  // One that was under way when it was given up has the time of another write to arrive.
  await db.execute(insert(live, { id: randomUUID(), at: 1 }, { if: notExists() }));
  for (const { moment, id, told } of ended) {
    const isThere = (await db.get(live, { id, at: 1 })) !== null;
    if (!agrees[told](isThere)) problems.push(`aborted ${moment}: told ${told}, and the row is ${isThere ? 'there' : 'absent'}`);
  }
  return problems;
}

async function insertAborted(
  { adapter }: Client,
  id: string,
  when: (answer: Promise<unknown>) => Promise<unknown>,
): Promise<{ readonly told: Told; readonly code?: LWTErrorCode }> {
  const controller = new AbortController();
  const aborting = wrapAdapter(adapter, {
    execute: (compiled, context) => {
      const answer = adapter.execute(compiled, context);
      void when(answer).then(() => controller.abort());
      return answer;
    },
  });
  const fresh = createClient(aborting, { verify: 'off' });
  const write = insert(live, { id, at: 1 }, { if: notExists() });
  try {
    return { told: (await fresh.execute(write, { signal: controller.signal })).applied ? 'applied' : 'rejected' };
  } catch (error) {
    if (!isLWTError(error)) throw error;
    return { told: error.outcome, code: error.code };
  }
}
