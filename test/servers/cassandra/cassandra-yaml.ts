import type { CassandraPlan } from './options.ts';

export interface NodePlan {
  readonly host: string;
  /** From 0, of `cluster.nodes`. */
  readonly index: number;
  readonly directory: string;
  readonly cluster: CassandraPlan & {
    readonly name: string;
    readonly seed: string;
    readonly nativePort: number;
    readonly storagePort: number;
  };
}

export function cassandraYaml({ host, index, directory, cluster }: NodePlan): string {
  return `
cluster_name: ${cluster.name}
num_tokens: 1
initial_token: ${tokenOf(index, cluster.nodes)}
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
auto_bootstrap: false
endpoint_snitch: SimpleSnitch
dynamic_snitch: false
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters: [{ seeds: "${cluster.seed}:${cluster.storagePort}" }]
listen_address: ${host}
storage_port: ${cluster.storagePort}
rpc_address: ${host}
start_native_transport: true
native_transport_port: ${cluster.nativePort}
authenticator: ${cluster.authenticator}
paxos_variant: ${cluster.paxosVariant}
materialized_views_enabled: false
auto_snapshot: false

data_file_directories: ["${directory}/data"]
commitlog_directory: "${directory}/commitlog"
hints_directory: "${directory}/hints"
saved_caches_directory: "${directory}/saved_caches"
cdc_raw_directory: "${directory}/cdc"
${commitLogSync[cluster.commitLogSync]}
commitlog_total_space: 256MiB

file_cache_size: 32MiB
memtable_heap_space: 64MiB
memtable_offheap_space: 64MiB
key_cache_size: 4MiB
counter_cache_size: 0MiB
concurrent_compactors: 1
read_request_timeout: 5s
write_request_timeout: 5s
`;
}

const commitLogSync: Readonly<Record<CassandraPlan['commitLogSync'], string>> = {
  periodic: 'commitlog_sync: periodic\ncommitlog_sync_period: 10s',
  batch: 'commitlog_sync: batch',
};

function tokenOf(index: number, nodes: number): bigint {
  return -(2n ** 63n) + BigInt(index) * (2n ** 64n / BigInt(nodes));
}
