import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createClient } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { type CqlFault, cqlNotation, Gate, type HttpFault, resultKinds, startHttpProxy } from '@onlyif/testkit';
import { describe, expect, inject, test } from 'vitest';
import { localDynamoDb, uniqueName } from '../backends/backends.ts';
import { run } from '../demo/run-cli.ts';
import { isSkipped } from '../servers/server.ts';
import { edited, notWritten, unknown } from './cassandra-fault-cases.ts';
import type { Told } from './outcome.ts';
import type { Place } from './own-process.ts';
import { connection, skipped, startProxy } from './proxied-cassandra.ts';
import { rows } from './rows.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';

const silentMs = 700;
const aborted = 'aborted by its signal';

const cqlFaults: { readonly [name: string]: CqlFault } = {
  'reply dropped': { kind: 'drop-reply' },
  'reply held for ever': { kind: 'hold-reply', until: new Gate() },
  'request held for ever': { kind: 'hold-request', until: new Gate() },
  'reply cut short': { kind: 'truncate-reply', bytes: 12, followedBy: 'silence' },
  'garbage for a reply': edited(() => Buffer.concat([cqlNotation.int(resultKinds.rows), Buffer.alloc(40, 0x5a)])),
  'connection lost': { kind: 'disconnect', how: 'reset', when: 'after' },
  [aborted]: { kind: 'drop-reply' },
};

const httpFaults: { readonly [name: string]: HttpFault } = {
  'reply dropped': { kind: 'drop-reply' },
  'reply held for ever': { kind: 'delay-reply', until: new Gate() },
  'request held for ever': { kind: 'delay-request', until: new Gate() },
  'connection lost': { kind: 'cut-reply', by: 'reset' },
  'reply cut short': { kind: 'truncate-reply' },
  'garbage for a reply': { kind: 'garbage-reply' },
  [aborted]: { kind: 'drop-reply' },
};

/** Fake servers: what stands there is no database. */
const strangers: { readonly [name: string]: (socket: Socket) => void } = {
  'a server that says nothing': () => undefined,
  'a server that hangs up': (socket) => socket.destroy(),
  'a server of something else': (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
};

/** A place with what is told there of a write. */
interface OpenPlace {
  readonly place: Place;
  readonly told: Told;
  readonly close: () => Promise<unknown>;
}

function placeOf(name: string, address: string): Place {
  return { name, address, timeoutMs: silentMs, bySignal: name === aborted, isDatabase: true };
}

async function openCassandra([name, fault]: readonly [string, CqlFault]): Promise<OpenPlace> {
  const proxy = await startProxy({ rules: [{ match: write, do: fault }] });
  return { place: placeOf(name, proxy.address), told: unknown, close: () => proxy.close() };
}

async function openDynamoDb(target: string, [name, fault]: readonly [string, HttpFault]): Promise<OpenPlace> {
  const proxy = await startHttpProxy({ target });
  proxy.setRules([{ match: { operation: 'PutItem' }, do: fault }]);
  return { place: placeOf(name, new URL(proxy.endpoint).host), told: unknown, close: () => proxy.close() };
}

async function openStranger([name, greet]: readonly [string, (socket: Socket) => void], told: Told, timeoutMs: number): Promise<OpenPlace> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  // A server at a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return { place: { name, address: `127.0.0.1:${port}`, timeoutMs, isDatabase: false }, told, close };
}

/** Runs a script, which goes from place to place; they stay open until it has ended. */
async function expectEnd(
  script: string,
  args: readonly string[],
  opening: readonly Promise<OpenPlace>[],
  besides: readonly string[] = [],
): Promise<void> {
  const places = await Promise.all(opening);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const node = ['--conditions=@onlyif/source', '--import', 'tsx', '--unhandled-rejections=strict'];
  // Of a Node that it will leave behind.
  const environment = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const list = JSON.stringify(places.map(({ place }) => place));
  try {
    const { stdout, stderr, exitCode } = await run(process.execPath, [...node, path, ...args, list], { environment });
    const own = ['held for ever', 'held for an hour', 'lost'].map((name) => `own proxy: ${name}: ${unknown}`);
    const lines = [...places.map(({ place, told }) => `${place.name}: ${told}`), ...own, ...besides];
    expect([stderr, stdout.trim().split('\n'), exitCode], stdout).toEqual(['', lines, 0]);
  } finally {
    for (const { close } of places) await close();
  }
}

const title = 'a process ends by itself once its clients are closed, without an unhandled rejection';

describe.skipIf(skipped !== undefined)('after faults, on the real Cassandra and on fakes', () => {
  const on = rowsKeyspace();
  const expectEndAt = (places: readonly Promise<OpenPlace>[]): Promise<void> => {
    const { contactPoints, localDataCenter } = connection();
    const [target = ''] = contactPoints;
    const handshakes = ['handshakes end: applied', 'handshakes are held: applied'];
    const besides = [`server gone: ${notWritten}`, 'wrong data centre: invalid-statement: not-applied', ...handshakes];
    return expectEnd('cassandra-end-by-itself.ts', [target, localDataCenter, on.keyspace], places, besides);
  };

  test(title, () =>
    expectEndAt([
      ...Object.entries(cqlFaults).map(openCassandra),
      ...Object.entries(strangers).map((stranger) => openStranger(stranger, notWritten, 10 * silentMs)),
    ]),
  );
});

const dynamoDb = inject('dynamodb');
describe.skipIf(isSkipped(dynamoDb))('after faults, on DynamoDB Local and on fakes', () => {
  test(title, async () => {
    const endpoint = isSkipped(dynamoDb) ? '' : dynamoDb.endpoint;
    const tableName = uniqueName();
    const db = createClient(dynamodb({ endpoint, ...localDynamoDb, tableName: () => tableName }));
    await db.createTable(rows);
    await expectEnd(
      'dynamodb-end-by-itself.ts',
      [endpoint, tableName],
      [
        ...Object.entries(httpFaults).map((fault) => openDynamoDb(endpoint, fault)),
        ...Object.entries(strangers).map((stranger) => openStranger(stranger, unknown, silentMs)),
      ],
    );
    await db.dropTable(rows);
    await db.close();
  });
});
