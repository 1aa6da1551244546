import { type CqlProxyOptions, type CqlProxy, startCqlProxy } from '@onlyif/testkit';
import cassandraDriver, { type Client, type ClientOptions } from 'cassandra-driver';
import { inject } from 'vitest';
import type { CqlAddress } from '../servers/global-setup.ts';
import { isSkipped } from '../servers/server.ts';
import { uniqueName } from '../backends/backends.ts';

const given = inject('cassandra');

/** Why there is no Cassandra; the tests are then skipped. */
export const skipped: string | undefined = isSkipped(given) ? given.skipped : undefined;

function address(): CqlAddress {
  if (isSkipped(given)) throw new Error(given.skipped);
  return given;
}

/** A proxy in front of one node of the real Cassandra. */
export function startProxy(options: Partial<CqlProxyOptions> = {}): Promise<CqlProxy> {
  const [target = ''] = address().contactPoints;
  return startCqlProxy({ target, ...options });
}

/** A plain client of cassandra-driver: through a proxy, or straight to the server. */
export function plainClient(proxy?: CqlProxy, options: Partial<ClientOptions> = {}): Client {
  const { contactPoints, localDataCenter } = address();
  return new cassandraDriver.Client({
    contactPoints: proxy === undefined ? [...contactPoints] : [proxy.address],
    localDataCenter,
    encoding: { map: Map, set: Set },
    ...options,
  });
}

/** How adapters are given the way to the server. */
export function connection(proxy?: CqlProxy): { contactPoints: string[]; localDataCenter: string } {
  const { contactPoints, localDataCenter } = address();
  return { contactPoints: proxy === undefined ? [...contactPoints] : [proxy.address], localDataCenter };
}

/** A keyspace of its own, with the given statements run in it; `{ks}` stands for its name. */
export async function makeKeyspace(client: Client, ...statements: readonly string[]): Promise<string> {
  const keyspace = uniqueName();
  await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`);
  for (const statement of statements) await client.execute(statement.replaceAll('{ks}', keyspace));
  return keyspace;
}
