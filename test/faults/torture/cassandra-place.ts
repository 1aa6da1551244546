import type { SerialConsistency } from '@onlyif/cassandra';
import type { Adapter } from '@onlyif/core';
import { cqlErrors, type CqlFault, type CqlMatch, voidReply } from '@onlyif/testkit';
import { Client, type ClientOptions, policies } from 'cassandra-driver';
import type { CassandraNode } from '../../servers/server.ts';
import { type Cluster, openCluster, type PaxosVariant } from '../cluster.ts';
import { startProxies } from '../proxied-cluster.ts';
import { Counts } from './counts.ts';
import { type Disturbing, pause, type TorturePlace, type Ways } from './place.ts';
import type { Random } from './random.ts';

/**
 * How often in 1,000 requests, and what. Requests are not doubled, for no library can be held to that (R41), nor replies: the
 * driver takes the second one for the answer to the next request that has the same stream id.
 */
const faults: readonly (readonly [perMille: number, CqlFault])[] = [
  [10, { kind: 'drop-request' }],
  [20, { kind: 'drop-reply' }],
  [10, { kind: 'hold-request', until: 300 }],
  [10, { kind: 'hold-request', until: 2_500 }],
  [10, { kind: 'hold-reply', until: 700 }],
  [3, { kind: 'disconnect', how: 'reset', when: 'before' }],
  [3, { kind: 'disconnect', how: 'reset', when: 'after' }],
  [2, { kind: 'disconnect', how: 'end', when: 'before' }],
  [2, { kind: 'disconnect', how: 'end', when: 'after' }],
  [2, { kind: 'truncate-reply', bytes: 12, followedBy: 'reset' }],
  [5, { kind: 'reply', reply: cqlErrors.writeTimeout('CAS', { consistency: 'SERIAL', received: 0, blockFor: 2 }), forward: true }],
  [5, { kind: 'reply', reply: cqlErrors.unavailable('QUORUM', 2, 1), forward: true }],
  [5, { kind: 'reply', reply: cqlErrors.overloaded(), forward: true }],
  [3, { kind: 'reply', reply: voidReply, forward: true }],
];

/** Three nodes, each behind a proxy. */
export async function openCassandraPlace(variant: PaxosVariant, random: Random): Promise<TorturePlace> {
  const cluster = await openCluster(variant);
  const { proxies, connection, close } = await startProxies(cluster, []);
  const rules = proxies.flatMap((proxy) =>
    faults.map(([perMille, fault]) => {
      const match: CqlMatch = { opcode: 'EXECUTE', when: () => random.next() < perMille / 1000 };
      return { kind: fault.kind, rule: proxy.addRule({ match, do: fault }) };
    }),
  );
  // A node that stands still is found out soon.
  const options = { ...connection, pooling: { heartBeatInterval: 1_000 } };
  const callers = [repeatingClient(options), repeatingClient(options)];
  const waysAt = (serialConsistency: SerialConsistency): Ways => {
    const levels = { serialConsistency, tableName: (name: string) => `${name}_${serialConsistency}`.toLowerCase() };
    const own = (): Adapter => cluster.adapter({ ...options, ...levels });
    return {
      name: serialConsistency,
      broken: [own(), own(), ...callers.map((client) => cluster.adapter({ client, ...levels }))],
      direct: cluster.adapter(levels),
      repeats: false,
    };
  };
  const disturbances = new Counts(Object.keys(kinds));
  return {
    name: `three Cassandra nodes, Paxos ${variant}`,
    ways: [waysAt('SERIAL'), waysAt('LOCAL_SERIAL')],
    disturbances,
    faults: () => {
      const counts = new Counts();
      for (const { kind, rule } of rules) counts.add(kind, rule.hits);
      return counts;
    },
    disturb: (chance, ended) => disturbNodes(cluster, disturbances, chance, ended),
    async close() {
      await Promise.all(callers.map((client) => client.shutdown()));
      await cluster.close();
      await close();
    },
  };
}

/** A client of the caller's that would try again by itself. */
function repeatingClient(options: ClientOptions): Client {
  return new Client({
    ...options,
    encoding: { map: Map, set: Set },
    queryOptions: { isIdempotent: true },
    policies: { ...options.policies, retry: new policies.retry.RetryPolicy() },
  });
}

type Disturb = (cluster: Cluster, random: Random, ended: AbortSignal) => Promise<void>;

const kinds: { readonly [name: string]: { readonly weight: number; readonly disturb: Disturb } } = {
  'a node stands still': {
    weight: 4,
    disturb: (cluster, random, ended) => standStill([anyNode(cluster, random)], random.between(300, 1_500), ended),
  },
  'two nodes stand still': {
    weight: 1,
    disturb: ({ server }, random, ended) => standStill(server.nodes.slice(random.below(2)).slice(0, 2), random.between(200, 800), ended),
  },
  'a node crawls': {
    weight: 3,
    disturb: async (cluster, random, ended) => {
      const end = anyNode(cluster, random).slow({ runMs: random.between(10, 60), pausedMs: random.between(20, 200) });
      await pause(random.between(1_000, 4_000), ended);
      end();
    },
  },
  'a node is killed': { weight: 1, disturb: (cluster, random) => anyNode(cluster, random).restart() },
};

/** Each kind once, in a random order; then by weight. */
function disturbNodes(cluster: Cluster, counts: Counts, random: Random, ended: AbortSignal): Disturbing {
  const disturb = async (name: string): Promise<void> => {
    await kinds[name]?.disturb(cluster, random, ended);
    counts.add(name);
    await pause(random.between(300, 2_500), ended);
  };
  const eachOnce = async (): Promise<void> => {
    for (const name of random.shuffled(Object.keys(kinds))) await disturb(name);
  };
  const byWeight = async (): Promise<void> => {
    const weighted = Object.entries(kinds).map(([name, { weight }]) => [weight, name] as const);
    while (!ended.aborted) await disturb(random.weighted(weighted));
    await cluster.heal();
  };
  const once = eachOnce();
  return { once, over: once.then(byWeight) };
}

async function standStill(nodes: readonly CassandraNode[], ms: number, ended: AbortSignal): Promise<void> {
  for (const node of nodes) node.pause();
  await pause(ms, ended);
  for (const node of nodes) node.resume();
}

function anyNode({ node }: Cluster, random: Random): CassandraNode {
  return node(random.pick([0, 1, 2]));
}
