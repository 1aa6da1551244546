// Run as a process of its own by `exits.test.ts`: meets faults, closes what it opened, and must then end by itself.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { cassandra } from '@onlyif/cassandra';
import { createClient } from '@onlyif/core';
// Not from the testkit's index, whose suite wants vitest.
import { Gate } from '../../packages/testkit/src/gate.ts';
import { type CqlFault, startCqlProxy } from '../../packages/testkit/src/proxy/cql.ts';
import { told } from './outcome.ts';
import { verbs } from './rows.ts';

const [target = '', localDataCenter = '', keyspace = ''] = process.argv.slice(2);
const silentMs = 700;

const faults: { readonly [name: string]: CqlFault } = {
  'reply dropped': { kind: 'drop-reply' },
  'request held for ever': { kind: 'hold-request', until: new Gate() },
  'request held for an hour': { kind: 'hold-request', until: 3_600_000 },
  'connection lost': { kind: 'disconnect', how: 'reset', when: 'after' },
  'reply cut short': { kind: 'truncate-reply', bytes: 12, followedBy: 'silence' },
};

for (const [name, fault] of Object.entries(faults)) {
  const proxy = await startCqlProxy({ target });
  const db = createClient(cassandra({ contactPoints: [proxy.address], localDataCenter, keyspace }), { verify: 'off', retry: 'off' });
  await verbs.insert.run(db, `before ${name}`);
  proxy.addRule({ match: { conditional: true }, do: fault });
  report(name, await told(verbs.insert.run(db, name, { timeoutMs: silentMs })));
  await db.close();
  await proxy.close();
}

/** Fake servers: what stands there is no Cassandra. */
const strangers: { readonly [name: string]: (socket: Socket) => void } = {
  'a server that says nothing': () => undefined,
  'a server that hangs up': (socket) => socket.destroy(),
  'a server of something else': (socket) => socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
};

for (const [name, greet] of Object.entries(strangers)) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const contactPoints = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
  const socketOptions = { connectTimeout: silentMs, readTimeout: silentMs };
  // The driver starts the timer of its heartbeats, of 30 seconds, also on a connection that is closed already, and never ends it.
  const pooling = { heartBeatInterval: silentMs };
  const db = createClient(cassandra({ contactPoints, localDataCenter, keyspace, socketOptions, pooling }), { verify: 'off', retry: 'off' });
  report(name, await told(verbs.insert.run(db, name, { timeoutMs: 10 * silentMs })));
  await db.close();
  for (const socket of sockets) socket.destroy();
  server.close();
}

function report(name: string, outcome: string): void {
  process.stdout.write(`${name}: ${outcome}\n`);
}
