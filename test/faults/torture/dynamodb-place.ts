import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb, type DynamoDbAdapter, type DynamoDbOptions } from '@onlyif/dynamodb';
import { type HttpFault, type HttpProxy, startHttpProxy } from '@onlyif/testkit';
import { localDynamoDb, uniqueName } from '../../backends/backends.ts';
import { Counts } from './counts.ts';
import { pause, type TorturePlace, type Ways } from './place.ts';
import type { Random } from './random.ts';

/** Requests are not doubled: no library can be held to that (R41). */
const faults: readonly (readonly [weight: number, HttpFault])[] = [
  [2, { kind: 'drop-request' }],
  [4, { kind: 'drop-reply' }],
  [2, { kind: 'delay-request', until: 300 }],
  [2, { kind: 'delay-request', until: 2_500 }],
  [2, { kind: 'delay-reply', until: 700 }],
  [1, { kind: 'cut-request', by: 'reset' }],
  [2, { kind: 'cut-reply', by: 'reset' }],
  [1, { kind: 'cut-request', by: 'end' }],
  [2, { kind: 'cut-reply', by: 'end' }],
  [1, { kind: 'truncate-reply' }],
  [1, { kind: 'garbage-reply' }],
  [1, { kind: 'replace-reply', forwarded: false, status: 400, type: 'ProvisionedThroughputExceededException' }],
  [2, { kind: 'replace-reply', forwarded: true, status: 500, type: 'InternalServerError' }],
];

/** DynamoDB Local behind a proxy. */
export async function openDynamoDbPlace(endpoint: string): Promise<TorturePlace> {
  const proxy = await startHttpProxy({ target: endpoint });
  const prefix = uniqueName();
  const broken = { endpoint: proxy.endpoint, ...localDynamoDb };
  // Clients of the caller's that would try again by themselves.
  const callers = [1, 2].map(() => new DynamoDBClient({ ...broken, maxAttempts: 5 }));
  const adapters: DynamoDbAdapter[] = [];
  const waysOf = (name: string, manner: Pick<DynamoDbOptions, 'exactlyOnce'>): Ways => {
    const open = (options: DynamoDbOptions): DynamoDbAdapter => {
      const adapter = dynamodb({ ...options, ...manner, tableName: (table) => `${prefix}.${name}.${table}` });
      adapters.push(adapter);
      return adapter;
    };
    return {
      name,
      broken: [open(broken), open(broken), ...callers.map((client) => open({ client }))],
      direct: open({ endpoint, ...localDynamoDb }),
      repeats: manner.exactlyOnce !== undefined,
    };
  };
  return {
    name: 'DynamoDB Local',
    ways: [waysOf('single', {}), waysOf('transaction', { exactlyOnce: 'transaction' })],
    // The database itself is left in peace: it keeps nothing when it is killed.
    disturbances: new Counts(),
    faults: () => {
      const counts = new Counts();
      for (const { fault } of proxy.log) if (fault !== undefined) counts.add(fault);
      return counts;
    },
    disturb: (random, ended) => ({ once: Promise.resolve(), over: breakRequests(proxy, random, ended) }),
    async close() {
      await proxy.close();
      await Promise.all(adapters.map((adapter) => adapter.close()));
      for (const client of callers) client.destroy();
    },
  };
}

async function breakRequests(proxy: HttpProxy, random: Random, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    proxy.setRules([{ skip: random.below(20), times: random.between(1, 4), do: random.weighted(faults) }]);
    await pause(random.between(20, 200), ended);
  }
  proxy.setRules([]);
}
