// What a condition costs, and what contention does, on a real cluster of three nodes that run as long as this does.
import { cassandra } from '@onlyif/cassandra';
import { createClient, defineTable, gte, increment, int, isLWTError, notExists, or, text } from '@onlyif/core';
import { Client, policies, types } from 'cassandra-driver';
import { tsImport } from 'tsx/esm/api';
import { OneCoordinatorPolicy } from './one-coordinator.mjs';
import { median, ratios, repeat, rotated, spread } from './rounds.mjs';

const keyspace = 'onlyif_cluster_bench';
const documents = defineTable('documents', {
  columns: { id: text(), version: int().notNull(), title: text(), lwt_token: text() },
  partitionKey: ['id'],
  writeToken: 'lwt_token',
  version: 'version',
});

const { quorum, serial } = types.consistencies;
const single = { prepare: true, isIdempotent: false, retry: new policies.retry.FallthroughRetryPolicy(), readTimeout: 10_500 };

export async function measureCluster({ seconds, rounds }) {
  const limits = { seconds: seconds / 3, rounds };
  await onCluster('v1', async (clients) => {
    await measureKinds(clients, limits);
    await measureContention(clients, limits);
  });
  await onCluster('v2', (clients) => measureContention(clients, limits));
}

/** A cluster with the table on it, a client of the driver as it is, and one whose writes of a partition have one coordinator. */
async function onCluster(paxosVariant, measure) {
  const { startCassandra } = await tsImport('../test/servers/start-cassandra.ts', import.meta.url);
  const server = await startCassandra({ nodes: 3, paxosVariant });
  if ('skipped' in server) return console.log(`skipped: ${server.skipped}`);
  const { contactPoints, localDataCenter, version } = server;
  const open = (options) =>
    new Client({
      // The driver looks for the other nodes at 9042 otherwise.
      protocolOptions: { port: Number(contactPoints[0].split(':').at(-1)) },
      contactPoints,
      localDataCenter,
      encoding: { map: Map, set: Set },
      ...options,
    });
  const loadBalancing = new OneCoordinatorPolicy(new policies.loadBalancing.DCAwareRoundRobinPolicy(localDataCenter));
  const [client, oneCoordinator] = [open({}), open({ policies: { loadBalancing } })];
  try {
    await Promise.all([client.connect(), oneCoordinator.connect()]);
    const adapter = cassandra({ client, keyspace });
    await adapter.createKeyspace({ class: 'SimpleStrategy', replication_factor: 3 });
    const db = createClient(adapter);
    await db.createTable(documents);
    console.log(`\nCassandra ${version}, three nodes on one machine, three copies, Paxos ${paxosVariant}`);
    await measure({ client, db, dbOneCoordinator: createClient(cassandra({ client: oneCoordinator, keyspace })) });
  } finally {
    await Promise.all([client.shutdown(), oneCoordinator.shutdown()]);
    await server.stop();
  }
}

const workers = 8;
const callsOfWorker = 25;

/** Each worker on a row of its own, so that nothing contends. */
async function measureKinds({ client, db }, limits) {
  const table = `"${keyspace}"."documents"`;
  const [write, read] = [`UPDATE ${table} SET title = ? WHERE id = ?`, `SELECT id, version, title FROM ${table} WHERE id = ?`];
  const kinds = {
    'plain write, QUORUM': (id, n) => client.execute(write, [`t${n}`, `plain-${id}`], { ...single, consistency: quorum }),
    'conditional write': (id, n) =>
      client.execute(`${write} IF version = ?`, [`t${n}`, id, 0], { ...single, consistency: quorum, serialConsistency: serial }),
    'conditional write, onlyif': async (id, n) => {
      const { applied } = await db.update(documents, { id }, { set: { title: `t${n}` }, if: { version: 0 } });
      if (!applied) throw new Error('not applied');
    },
    'read, QUORUM': (id) => client.execute(read, [id], { ...single, consistency: quorum }),
    'read, SERIAL': (id) => client.execute(read, [id], { ...single, consistency: serial }),
  };
  for (let i = 0; i < workers; i++) await db.insert(documents, { id: `row-${i}`, version: 0, title: 't' }, { if: notExists() });
  const names = [...Object.keys(kinds), 'plain write again'];
  const figures = Object.fromEntries(names.map((name) => [name, []]));
  const measure = async (name) => {
    const work = kinds[name] ?? kinds['plain write, QUORUM'];
    const started = performance.now();
    await Promise.all(
      Array.from({ length: workers }, async (_, i) => {
        for (let n = 0; n < callsOfWorker; n++) await work(`row-${i}`, n);
      }),
    );
    return (workers * callsOfWorker * 1000) / (performance.now() - started);
  };
  for (const name of names) await measure(name);
  await repeat(limits, async (round) => {
    for (const name of rotated(names, round)) figures[name].push(await measure(name));
  });
  const plain = figures['plain write, QUORUM'];
  console.log(`\nEach of ${workers} callers on a row of its own; how many times as long as a plain write, median and quartiles:`);
  for (const name of names) {
    console.log(
      `  ${name.padEnd(26)}${spread(ratios(plain, figures[name])).padEnd(22)}${median(figures[name]).toFixed(0).padStart(6)} calls/s, ${plain.length} rounds`,
    );
  }
}

const contenders = 32;
const roundMs = 4_000;

/** Version bumps of one row by 32 callers at once: those that were acknowledged, by the second. */
async function measureContention({ client, db, dbOneCoordinator }, limits) {
  const table = `"${keyspace}"."documents"`;
  const read = `SELECT version FROM ${table} WHERE id = ?`;
  const bump = `UPDATE ${table} SET version = ? WHERE id = ? IF version = ?`;
  const naive = async (id, over) => {
    while (!over.aborted) {
      try {
        const [{ version }] = (await client.execute(read, [id], { ...single, consistency: serial })).rows;
        const { rows } = await client.execute(bump, [version + 1, id, version], {
          ...single,
          consistency: quorum,
          serialConsistency: serial,
        });
        if (rows[0]['[applied]'] === true) return !over.aborted;
      } catch {
        // Again, at once: nobody knows whether it was applied.
      }
    }
    return false;
  };
  const { version, title } = documents.columns;
  // A condition that CQL cannot say, so that it is a read and a pinned write as well, with our back-off between rounds.
  const always = or(gte(version, 0), gte(title, ''));
  const onlyif = (on) => async (id, signal) => {
    const call = { emulate: true, existing: 'none', signal };
    try {
      const { applied } = await on.update(documents, { id }, { set: { version: increment(1) }, if: always }, call);
      return applied && !signal.aborted;
    } catch (error) {
      // A mistake of this script would come again at once, for ever.
      if (!isLWTError(error) || (error.outcome === 'not-applied' && !error.retryable)) throw error;
      return false;
    }
  };
  const sides = { naive, onlyif: onlyif(db), 'onlyif, one coordinator': onlyif(dbOneCoordinator), 'naive again': naive };
  const figures = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  const measure = async (name) => {
    const id = `hot-${name}-${figures[name].length}`;
    await db.insert(documents, { id, version: 0, title: 't' }, { if: notExists() });
    const over = AbortSignal.timeout(roundMs);
    let done = 0;
    const work = async () => {
      while (!over.aborted) if (await sides[name](id, over)) done++;
    };
    await Promise.all(Array.from({ length: contenders }, work));
    return (done * 1000) / roundMs;
  };
  await repeat(limits, async (round) => {
    for (const name of rotated(Object.keys(sides), round)) figures[name].push(await measure(name));
  });
  console.log(
    `\n${contenders} callers bump the version of one row; acknowledged bumps a second, against a loop that begins anew at once (aim: 1.5):`,
  );
  for (const name of Object.keys(sides)) {
    console.log(
      `  ${name.padEnd(26)}${spread(ratios(figures[name], figures.naive)).padEnd(22)}${median(figures[name]).toFixed(1).padStart(7)} bumps/s, ${figures.naive.length} rounds`,
    );
  }
}
