import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findJava } from '../java.ts';
import { fetchArtefacts } from '../maven-artefacts.ts';
import { freePort } from '../ports.ts';
import { openRunDirectory } from '../run-directory.ts';
import { isSkipped, type CassandraNode, type CassandraServer, type Skipped } from '../server.ts';
import { versionOf } from '../versions.ts';
import type { NodePlan } from './cassandra-yaml.ts';
import { askVersion, retrying, seesEveryNode } from './cql-probe.ts';
import { startNode, type Installation } from './node.ts';
import type { CassandraPlan } from './options.ts';

/** A cluster of child processes, on addresses and ports of its own. */
export async function startJvmCluster(plan: CassandraPlan): Promise<CassandraServer | Skipped> {
  const java = await findJava([11, 17]);
  if (isSkipped(java)) return java;
  const artefacts = await fetchArtefacts('cassandra', versionOf('CASSANDRA_VERSION'));
  if (isSkipped(artefacts)) return artefacts;

  const run = openRunDirectory('cassandra');
  try {
    const nodes = await startNodes(plan, { java: java.command, jars: artefacts.jars, run });
    const contactPoints = nodes.map((node) => node.address);
    const settled = (): Promise<void> => untilSettled(contactPoints);
    if (nodes.length > 1) await settled();
    return {
      how: 'jvm',
      contactPoints,
      localDataCenter: 'datacenter1',
      // The first role is made some time after the port opens.
      version: await retrying(() => askVersion(contactPoints[0] ?? ''), 30_000),
      nodes,
      settled,
      async stop() {
        await Promise.all(nodes.map((node) => node.kill()));
        await run.remove();
      },
    };
  } catch (error) {
    await run.remove();
    throw error;
  }
}

/** The seed first, then the others together: a node gives up if it hears from no seed. */
async function startNodes(plan: CassandraPlan, installation: Installation): Promise<CassandraNode[]> {
  const hosts = consecutiveAddresses(plan.baseAddress, plan.nodes);
  const [seed = plan.baseAddress] = hosts;
  const cluster = {
    ...plan,
    seed,
    name: basename(installation.run.path),
    nativePort: await freePort(hosts),
    storagePort: await freePort(hosts),
  };
  const [first, ...others] = hosts.map((host, index): NodePlan => {
    return { host, index, cluster, directory: join(installation.run.path, `node-${index + 1}`) };
  });
  if (first === undefined) throw new Error('a cluster has at least one node');
  const firstNode = await startNode(first, installation);
  return [firstNode, ...(await Promise.all(others.map((other) => startNode(other, installation))))];
}

function consecutiveAddresses(base: string, count: number): string[] {
  const octets = base.split('.').map(Number);
  return Array.from({ length: count }, (_, index) => [...octets.slice(0, 3), (octets[3] ?? 0) + index].join('.'));
}

async function untilSettled(contactPoints: readonly string[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (const contactPoint of contactPoints) {
    while (!(await seesEveryNode(contactPoint))) {
      if (Date.now() > deadline) throw new Error(`${contactPoint} does not see every node of its cluster`);
      await sleep(200);
    }
  }
}
