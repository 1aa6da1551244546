import { cqlServerAtAddress } from './address-way.ts';
import { askVersion } from './cassandra/cql-probe.ts';
import { startContainer } from './docker.ts';
import { firstWay } from './first-way.ts';
import { isSkipped, type CqlServer, type Skipped } from './server.ts';
import { versionOf } from './versions.ts';

/** ScyllaDB from an address or a container: nothing of it runs on a JVM. */
export async function startScylla(): Promise<CqlServer | Skipped> {
  return firstWay([() => cqlServerAtAddress('SCYLLA'), inContainer]);
}

async function inContainer(): Promise<CqlServer | Skipped> {
  const container = await startContainer({
    image: versionOf('SCYLLA_IMAGE'),
    port: 9042,
    command: ['--smp', '1', '--memory', '750M', '--overprovisioned', '1', '--developer-mode', '1'],
    up: /Starting listening for CQL clients/,
    greet: askVersion,
  });
  if (isSkipped(container)) return container;
  return {
    how: 'docker',
    contactPoints: [container.address],
    localDataCenter: 'datacenter1',
    version: container.greeting,
    stop: () => container.stop(),
  };
}
