// Run as a process of its own by `exits.test.ts`: meets faults, closes what it opened, and must then end by itself.
import { createClient } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
// Not from the testkit's index, whose suite wants vitest.
import { Gate } from '../../packages/testkit/src/gate.ts';
import { type HttpFault, startHttpProxy } from '../../packages/testkit/src/http-proxy/index.ts';
import { endSoon, meet, type Place } from './own-process.ts';

const [target = '', tableName = '', places = ''] = process.argv.slice(2);
const silentMs = 700;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** By proxies of this process, which it closes too. */
const ownFaults: { readonly [name: string]: HttpFault } = {
  'own proxy: held for ever': { kind: 'delay-request', until: new Gate() },
  'own proxy: held for an hour': { kind: 'delay-request', until: 3_600_000 },
  'own proxy: lost': { kind: 'cut-reply', by: 'reset' },
};

async function meetAt(place: Place): Promise<void> {
  const adapter = dynamodb({ endpoint: `http://${place.address}`, region: 'local', credentials, tableName: () => tableName });
  await meet(place, createClient(adapter, { verify: 'off', retry: 'off' }));
}

// The parent process makes the list.
for (const place of JSON.parse(places) as readonly Place[]) await meetAt(place);

for (const [name, fault] of Object.entries(ownFaults)) {
  const proxy = await startHttpProxy({ target });
  proxy.setRules([{ match: { operation: 'PutItem' }, do: fault }]);
  await meetAt({ name, address: new URL(proxy.endpoint).host, timeoutMs: silentMs, isDatabase: true });
  await proxy.close();
}

endSoon();
