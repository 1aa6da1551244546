import { cqlErrors, type CqlFault, voidReply } from '@onlyif/testkit';
import type { CassandraNode } from '../../servers/server.ts';
import { type Cluster, openCluster, type PaxosVariant } from '../cluster.ts';
import { startProxies } from '../proxied-cluster.ts';
import { pause, type TorturePlace } from './place.ts';
import type { Random } from './random.ts';

const drivers = 4;

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
  const proxied = await startProxies(
    cluster,
    faults.map(([perMille, fault]) => ({ match: { opcode: 'EXECUTE', when: () => random.next() < perMille / 1000 }, do: fault })),
  );
  // A node that stands still is found out soon.
  const open = (): ReturnType<Cluster['adapter']> => cluster.adapter({ ...proxied.connection, pooling: { heartBeatInterval: 1_000 } });
  return {
    name: `three Cassandra nodes, Paxos ${variant}`,
    adapters: [open(), ...Array.from({ length: drivers - 1 }, open)],
    direct: cluster.adapter(),
    disturb: (chance, ended) => disturbNodes(cluster, chance, ended),
    async close() {
      await cluster.close();
      await proxied.close();
    },
  };
}

type Disturbance = (cluster: Cluster, random: Random, ended: AbortSignal) => Promise<void>;

const disturbances: readonly (readonly [weight: number, Disturbance])[] = [
  [4, (cluster, random, ended) => standStill([anyNode(cluster, random)], random.between(300, 1_500), ended)],
  [1, ({ server }, random, ended) => standStill(server.nodes.slice(random.below(2)).slice(0, 2), random.between(200, 800), ended)],
  [
    3,
    async (cluster, random, ended) => {
      const end = anyNode(cluster, random).slow({ runMs: random.between(10, 60), pausedMs: random.between(20, 200) });
      await pause(random.between(1_000, 4_000), ended);
      end();
    },
  ],
  [1, (cluster, random) => anyNode(cluster, random).restart()],
];

async function disturbNodes(cluster: Cluster, random: Random, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await random.weighted(disturbances)(cluster, random, ended);
    await pause(random.between(300, 2_500), ended);
  }
  await cluster.heal();
}

async function standStill(nodes: readonly CassandraNode[], ms: number, ended: AbortSignal): Promise<void> {
  for (const node of nodes) node.pause();
  await pause(ms, ended);
  for (const node of nodes) node.resume();
}

function anyNode({ node }: Cluster, random: Random): CassandraNode {
  return node(random.pick([0, 1, 2]));
}
