// Run as a process of its own by `exits.test.ts`: meets faults, closes what it opened, and must then end by itself.
import { cassandra } from '@onlyif/cassandra';
import { createClient } from '@onlyif/core';
// Not from the testkit's index, whose suite wants vitest.
import { Gate } from '../../packages/testkit/src/gate.ts';
import { type CqlFault, startCqlProxy } from '../../packages/testkit/src/proxy/cql.ts';
import { endSoon, meet, type Place } from './own-process.ts';

const [target = '', localDataCenter = '', keyspace = '', places = ''] = process.argv.slice(2);
const silentMs = 700;

/** By proxies of this process, which it closes too. */
const ownFaults: { readonly [name: string]: CqlFault } = {
  'own proxy: held for ever': { kind: 'hold-request', until: new Gate() },
  'own proxy: held for an hour': { kind: 'hold-request', until: 3_600_000 },
  'own proxy: lost': { kind: 'disconnect', how: 'reset', when: 'after' },
};

async function meetAt(place: Place): Promise<void> {
  const socketOptions = { connectTimeout: silentMs, readTimeout: silentMs };
  // The driver starts the timer of its heartbeats, of 30 seconds, also on a connection that is closed already, and never ends it.
  const pooling = { heartBeatInterval: silentMs };
  const adapter = cassandra({ contactPoints: [place.address], localDataCenter, keyspace, socketOptions, pooling });
  await meet(place, createClient(adapter, { verify: 'off', retry: 'off' }));
}

// The parent process makes the list.
for (const place of JSON.parse(places) as readonly Place[]) await meetAt(place);

for (const [name, fault] of Object.entries(ownFaults)) {
  const proxy = await startCqlProxy({ target, rules: [{ match: { conditional: true }, do: fault }] });
  await meetAt({ name, address: proxy.address, timeoutMs: silentMs, isDatabase: true });
  await proxy.close();
}

endSoon();
