import { cqlServerAtAddress } from './address-way.ts';
import { askVersion } from './cassandra/cql-probe.ts';
import { startJvmCluster } from './cassandra/jvm-cluster.ts';
import { completeOptions, isPlain, type CassandraOptions, type CassandraPlan } from './cassandra/options.ts';
import { startContainer } from './docker.ts';
import { firstWay } from './first-way.ts';
import { isSkipped, type CassandraServer, type CqlServer, type Skipped } from './server.ts';
import { versionOf } from './versions.ts';

export type { CassandraOptions } from './cassandra/options.ts';

/**
 * Apache Cassandra from an address, a container or a JVM. An address in the environment serves only a caller that asks
 * for nothing in particular, and a container only one that asks for one node.
 */
export async function startCassandra(options: CassandraOptions = {}): Promise<CassandraServer | Skipped> {
  const plan = completeOptions(options);
  return firstWay([() => atAddress(plan), () => inContainer(plan), () => startJvmCluster(plan)]);
}

async function atAddress(plan: CassandraPlan): Promise<CassandraServer | Skipped> {
  if (!isPlain(plan)) return { skipped: 'address: not with these options' };
  const server = await cqlServerAtAddress('CASSANDRA');
  return isSkipped(server) ? server : withoutNodes(server);
}

async function inContainer(plan: CassandraPlan): Promise<CassandraServer | Skipped> {
  if (plan.nodes > 1) return { skipped: 'docker: one node only' };
  const container = await startContainer({
    image: versionOf('CASSANDRA_IMAGE'),
    port: 9042,
    environment: { MAX_HEAP_SIZE: '768M', HEAP_NEWSIZE: '128M', JVM_EXTRA_OPTS: settings(plan) },
    up: /Startup complete/,
    greet: askVersion,
  });
  if (isSkipped(container)) return container;
  return withoutNodes({
    how: 'docker',
    contactPoints: [container.address],
    localDataCenter: 'datacenter1',
    version: container.greeting,
    stop: () => container.stop(),
  });
}

/** Settings of `cassandra.yaml` as system properties, which every image takes. */
function settings(plan: CassandraPlan): string {
  return [
    '-Dcassandra.config.allow_system_properties=true',
    `-Dcassandra.settings.paxos_variant=${plan.paxosVariant}`,
    `-Dcassandra.settings.authenticator=${plan.authenticator}`,
    '-Dcassandra.settings.auto_snapshot=false',
    '-Dcassandra.skip_wait_for_gossip_to_settle=0',
    '-Dcassandra.superuser_setup_delay_ms=0',
  ].join(' ');
}

function withoutNodes(server: CqlServer): CassandraServer {
  return { ...server, nodes: [], settled: async () => {} };
}
