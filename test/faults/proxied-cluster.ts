import { type CqlProxy, type CqlRule, proxyTranslate, startCqlProxy } from '@onlyif/testkit';
import { policies } from 'cassandra-driver';
import type { Cluster } from './cluster.ts';

/** A cluster as a client finds it that knows the proxies of its nodes only. */
export interface ProxiedCluster {
  readonly proxies: readonly CqlProxy[];
  readonly connection: Cluster['connection'];
  readonly close: () => Promise<void>;
}

/** One proxy a node, with the same rules. */
export async function startProxies({ connection }: Cluster, rules: readonly CqlRule[]): Promise<ProxiedCluster> {
  const prepared = new Map<string, string>();
  const proxies = await Promise.all((connection.contactPoints ?? []).map((target) => startCqlProxy({ target, prepared, rules })));
  // The driver wants an instance of its base class, which its types do not show.
  const addressResolution = Object.assign(new policies.addressResolution.EC2MultiRegionTranslator(), {
    translate: proxyTranslate(proxies),
  });
  return {
    proxies,
    connection: {
      ...connection,
      contactPoints: proxies.map(({ address }) => address),
      policies: { ...connection.policies, addressResolution },
    },
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}
