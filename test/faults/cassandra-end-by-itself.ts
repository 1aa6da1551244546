// Run as a process of its own by `exits.test.ts`: meets faults, closes what it opened, and must then end by itself.
import { cassandra, type CassandraAdapter, type CassandraOptions } from '@onlyif/cassandra';
import { setTimeout } from 'node:timers/promises';
import { createClient, notExists } from '@onlyif/core';
import cassandraDriver from 'cassandra-driver';
// Not from the testkit's index, whose suite wants vitest.
import { Gate } from '../../packages/testkit/src/gate.ts';
import { type CqlFault, startCqlProxy } from '../../packages/testkit/src/proxy/cql.ts';
import { told } from './outcome.ts';
import { endSoon, meet, type Place, report } from './own-process.ts';
import { rows } from './rows.ts';

const { policies } = cassandraDriver;

const [target = '', localDataCenter = '', keyspace = '', places = ''] = process.argv.slice(2);
const silentMs = 700;

/** By proxies of this process, which it closes too. */
const ownFaults: { readonly [name: string]: CqlFault } = {
  'own proxy: held for ever': { kind: 'hold-request', until: new Gate() },
  'own proxy: held for an hour': { kind: 'hold-request', until: 3_600_000 },
  'own proxy: lost': { kind: 'disconnect', how: 'reset', when: 'after' },
};

function adapterAt(address: string, options: Partial<CassandraOptions> = {}): CassandraAdapter {
  const socketOptions = { connectTimeout: silentMs, readTimeout: silentMs };
  return cassandra({ contactPoints: [address], localDataCenter, keyspace, socketOptions, ...options });
}

async function meetAt(place: Place): Promise<void> {
  await meet(place, createClient(adapterAt(place.address), { verify: 'off', retry: 'off' }));
}

// The parent process makes the list.
for (const place of JSON.parse(places) as readonly Place[]) await meetAt(place);

for (const [name, fault] of Object.entries(ownFaults)) {
  const proxy = await startCqlProxy({ target, rules: [{ match: { conditional: true }, do: fault }] });
  await meetAt({ name, address: proxy.address, timeoutMs: silentMs, isDatabase: true });
  await proxy.close();
}

/** The server goes, and has not come back when the client is closed: it waits to connect again, for longer than the process may last. */
async function closeInOutage(): Promise<void> {
  const proxy = await startCqlProxy({ target });
  const adapter = adapterAt(proxy.address, { policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(60_000) } });
  const db = createClient(adapter, { verify: 'off', retry: 'off' });
  await db.get(rows, { id: 'a' });
  await proxy.close();
  await setTimeout(silentMs);
  report('server gone', await told(db.insert(rows, { id: 'outage', v: 2 }, { if: notExists() })));
  await db.close();
}

async function closeAtWrongDataCentre(): Promise<void> {
  const db = createClient(adapterAt(target, { localDataCenter: 'nowhere' }), { verify: 'off', retry: 'off' });
  report('wrong data centre', await told(db.insert(rows, { id: 'nowhere', v: 2 }, { if: notExists() })));
  await db.close();
}

/** One connection works, and the others of the pool never come about. */
async function closeWhileConnecting(name: string, fault: CqlFault): Promise<void> {
  const proxy = await startCqlProxy({ target });
  const failing = proxy.addRule({ match: { opcode: 'STARTUP' }, skip: 1, do: fault });
  const socketOptions = { connectTimeout: 60_000, readTimeout: 60_000 };
  const pooling = { coreConnectionsPerHost: { '0': 2, '1': 2, '2': 0 }, warmup: false };
  const adapter = adapterAt(proxy.address, { pooling, socketOptions });
  const db = createClient(adapter, { verify: 'off', retry: 'off' });
  await db.get(rows, { id: 'a' });
  await failing.whenHit();
  await setTimeout(silentMs);
  report(name, await told(db.insert(rows, { id: name, v: 2 }, { if: notExists() })));
  await db.close();
  await proxy.close();
}

await closeInOutage();
await closeAtWrongDataCentre();
await closeWhileConnecting('handshakes end', { kind: 'disconnect', how: 'reset', when: 'before' });
await closeWhileConnecting('handshakes are held', { kind: 'hold-request', until: new Gate() });

endSoon();
