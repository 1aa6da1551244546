// Run as a process of its own by `exits.test.ts`: uses a stand-in, closes it while much is open, and must then end by itself.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Gate, startKeyspacesStandIn } from '@onlyif/testkit/keyspaces';
import { connecting, keyspacesClient } from './sigv4-client.ts';

const [target = ''] = process.argv.slice(2);

const standIn = await startKeyspacesStandIn({ target, peers: 2, activeAfter: new Gate() });
const client = keyspacesClient(standIn);
await client.connect();
report('asked', (await client.execute('SELECT key FROM system.local')).rowLength);

const silent = connect(standIn.port, '127.0.0.1');
silent.on('error', () => undefined);
await once(silent, 'connect');

const held = standIn.addRule({ do: { kind: 'hold-request', until: new Gate() } });
const waiting = client.execute('SELECT key FROM system.local', [], { readTimeout: 500 }).catch((error: Error) => error.name);
await held.whenHit();
await standIn.rotatePeers({ announce: 'nothing', old: 'keep' });
report('held', await waiting);
await client.shutdown();
await standIn.close();
await standIn.close();
report('closed', (await connecting(keyspacesClient(standIn))) === 'connected');

function report(name: string, what: unknown): void {
  process.stdout.write(`${name}: ${String(what)}\n`);
}
