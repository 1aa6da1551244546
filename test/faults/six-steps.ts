import { createClient, defineTable, eq, get, int, type Row, type Statement, update, type WriteNode } from '@onlyif/core';
import { checkLinearizable, History, recordStatement, type RowReply, rowRegister, type Verdict } from '@onlyif/testkit';
import { Client } from 'cassandra-driver';
import type { Cluster } from './cluster.ts';
import { startProxies } from './proxied-cluster.ts';

export const mytable = defineTable('mytable', { columns: { k: int(), v: int() }, partitionKey: ['k'] });

/** `UPDATE mytable SET v = <to> WHERE k = 1 IF v = <from>`. */
function cas(k: number, from: number, to: number): WriteNode {
  return update(mytable, { k }, { set: { v: to }, if: eq(mytable.columns.v, from) });
}

type Compared = History<Statement, RowReply>;
/** Sends client 1's statement to the cluster at an address, and records how that ended. */
export type FirstClient = (history: Compared, cluster: Cluster, connection: Cluster['connection'], statement: WriteNode) => Promise<void>;

/** A driver that repeats by itself, as its users ask it to: the flag, and its default policy. */
export const retryingDriver: FirstClient = async (history, { keyspace }, connection, statement) => {
  const client = new Client(connection);
  const { k } = statement.key as { k: number };
  try {
    await client.connect();
    await history.record(1, statement, async () => {
      const cql = `UPDATE ${keyspace}.mytable SET v = ? WHERE k = ? IF v = ?`;
      const result = await client.execute(cql, [4, k, 1], { prepare: true, isIdempotent: true });
      return { kind: 'write', result: result.wasApplied() ? { applied: true } : { applied: false, source: 'read', existing: null } };
    });
  } finally {
    await client.shutdown();
  }
};

export const onlyif: FirstClient = async (history, cluster, connection, statement) => {
  const db = createClient(cluster.adapter(connection), { verify: 'off' });
  await recordStatement(history, 1, db, statement);
};

export interface SixSteps {
  /** What client 1 was told; undefined where that is nothing for certain. */
  readonly told: RowReply | undefined;
  readonly verdict: Verdict<Row | null, Statement, RowReply>;
}

/** The six steps of the Java driver's page on idempotence; `v` is 1 before them. */
export async function runSixSteps(cluster: Cluster, k: number, first: FirstClient): Promise<SixSteps> {
  const direct = createClient(cluster.adapter(), { verify: 'off' });
  let dropped = false;
  const once = (): boolean => !dropped && (dropped = true);
  const { proxies, connection, close } = await startProxies(cluster, []);
  try {
    const rules = proxies.map((proxy) => {
      const rule = proxy.addRule({ match: { opcode: 'EXECUTE', conditional: true, when: once }, do: { kind: 'drop-reply' } });
      return rule.whenAnswered().then(() => proxy);
    });
    const history: Compared = new History();
    // 1 to 3: client 1's write completes, and its connection drops before the answer comes.
    const one = first(history, cluster, connection, cas(k, 1, 4));
    const proxy = await Promise.race(rules);
    // 4 and 5.
    await recordStatement(history, 2, direct, cas(k, 4, 2));
    // 6: whoever repeats now is told that v is not 1.
    proxy.disconnectAll('reset');
    await one;
    await recordStatement(history, 2, direct, get(mytable, { k }));
    const [call] = history.operations;
    const verdict = checkLinearizable(history.operations, { ...rowRegister, init: { k, v: 1 } });
    return { told: call?.reply, verdict };
  } finally {
    await close();
  }
}
