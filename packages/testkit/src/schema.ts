import { type Client, createClient, defineTable, exists, insert, int, isLWTError, type LWTError, notExists, text } from '@onlyif/core';
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
  const controller = new AbortController();
  const pending = failureOf(db.execute(write, { signal: controller.signal }));
  await Promise.resolve();
  controller.abort();
  const late = await pending;
  if (late !== undefined && late.code !== 'aborted' && late.code !== 'outcome-unknown') problems.push(`aborted during: ${String(late)}`);
  const closed = createClient(wrapAdapter(db.adapter, { close: async () => {} }));
  await closed.close();
  const after = await failureOf(closed.delete(live, { id: 'x', at: 1 }, { if: exists() }));
  if (after?.code !== 'closed') problems.push(`closed: ${String(after)}`);
  return problems;
}
