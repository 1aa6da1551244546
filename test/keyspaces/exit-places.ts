// The places that the script of `exits.test.ts` goes through, each with what the caller of a write is told there.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { type ActiveCqlRule, type CqlFault, Gate, type KeyspacesStandIn, makeTestCertificate } from '@onlyif/testkit';
import { notWritten, unknown } from '../faults/cassandra-fault-cases.ts';
import type { Told } from '../faults/outcome.ts';
import { write } from '../faults/rows-keyspace.ts';
import type { KeyspacesPlace } from './adapter-end-by-itself.ts';
import { type AccessKey, accessKeyOf, wayTo } from './backend.ts';
import { startStandIn } from './stand-in.ts';

/** A place with what is told there of a write. */
export interface OpenPlace {
  readonly place: KeyspacesPlace;
  readonly told: Told;
  /** Whether the fault has happened. */
  readonly isMet: () => boolean;
  readonly close: () => Promise<unknown>;
}

type Opening = (name: string) => Promise<OpenPlace>;
type More = Partial<Omit<KeyspacesPlace, 'way'>> & { readonly way?: Partial<KeyspacesPlace['way']> };

const silentMs = 700;
const denied = 'access-denied: not-applied';
const other: AccessKey = { kind: 'access-key', accessKeyId: 'AKIAOTHER', secretAccessKey: 'of nobody' };

const user = { username: 'app-at-123', password: 'p' };
const socketOptions = { connectTimeout: silentMs, readTimeout: silentMs };

function placeAt(name: string, standIn: KeyspacesStandIn, { way = {}, ...more }: More): KeyspacesPlace {
  const usual = { timeoutMs: silentMs, isDatabase: true, credentials: accessKeyOf(standIn) };
  return { name, address: standIn.address, way: { ...wayTo(standIn), socketOptions, ...way }, ...usual, ...more };
}

/** A stand-in with a rule, or with none and a client that does not get past its handshake, or not far. */
const ruled =
  (told: Told, setRule: (standIn: KeyspacesStandIn) => ActiveCqlRule | undefined, more: More = {}): Opening =>
  async (name) => {
    const standIn = await startStandIn();
    const rule = setRule(standIn);
    const isMet = (): boolean => (rule?.hits ?? standIn.requests({ opcode: 'AUTH_RESPONSE' }).length) > 0;
    return { place: placeAt(name, standIn, more), told, isMet, close: () => standIn.close() };
  };
const faulty = (fault: CqlFault): Opening => ruled(unknown, (standIn) => standIn.addRule({ match: write, do: fault }));
/** The connection is lost at the write, and something happens to the stand-in. */
const lostWith = (happens: (standIn: KeyspacesStandIn) => unknown): Opening =>
  ruled(unknown, (standIn) => {
    const rule = standIn.addRule({ match: write, do: { kind: 'disconnect', how: 'reset', when: 'before' } });
    void rule.whenHit().then(() => happens(standIn));
    return rule;
  });
/** The first connection works, and the others of the pool get no further than this. */
const halfOpen = (opcode: 'STARTUP' | 'AUTH_RESPONSE', skip: number, fault: CqlFault): Opening =>
  ruled('applied', (standIn) => standIn.addRule({ match: { opcode }, skip, do: fault }), {
    writeForMs: silentMs,
    way: { socketOptions: { connectTimeout: 60_000, readTimeout: 60_000 }, pooling: { warmup: false } },
  });

async function openChanging(name: string): Promise<OpenPlace> {
  const standIn = await startStandIn({ peers: 3 });
  const [first = ''] = standIn.peers;
  let open = true;
  const change = async (): Promise<void> => {
    for (const announce of ['reconnect', 'events', 'nothing'] as const) {
      await setTimeout(200);
      if (open) await standIn.rotatePeers({ announce });
    }
    if (open) await change();
  };
  const changing = change();
  const close = async (): Promise<void> => {
    open = false;
    await changing;
    await standIn.close();
  };
  const isMet = (): boolean => !standIn.peers.includes(first);
  return { place: placeAt(name, standIn, { writeForMs: 2_000 }), told: 'applied', isMet, close };
}

/** A fake server that completes TLS, and then says nothing. */
async function openSilent(name: string): Promise<OpenPlace> {
  const servername = 'cassandra.test';
  const { cert, key, ca } = await makeTestCertificate([servername]);
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key }, (socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server at a port has an address of this shape.
  const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  // It does not read an end of the connection either, for which the driver waits as long as for a connection.
  const way = { region: 'eu-west-1', endpoint, ca, servername, socketOptions };
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  const place = { name, address: endpoint, way, credentials: other, timeoutMs: 10 * silentMs, isDatabase: false };
  return { place, told: notWritten, isMet: () => sockets.size > 0, close };
}

const never = (): undefined => undefined;
/** A service user has a name and a password, whose check does not depend on the Region. */
const letInUser = (standIn: KeyspacesStandIn): undefined => {
  standIn.credentials = [accessKeyOf(standIn), { kind: 'service-user', ...user }];
};
const unheld = { timeoutMs: 10 * silentMs, isDatabase: false } as const;

const places: { readonly [name: string]: Opening } = {
  'reply dropped': faulty({ kind: 'drop-reply' }),
  'request held for ever': faulty({ kind: 'hold-request', until: new Gate() }),
  'reply held for ever': faulty({ kind: 'hold-reply', until: new Gate() }),
  'connection reset': faulty({ kind: 'disconnect', how: 'reset', when: 'after' }),
  throttled: ruled(unknown, (standIn) => standIn.throttle({ match: write })),
  'a connection throttled': ruled(unknown, (standIn) => standIn.throttle({ match: write, perConnection: 0 })),
  'server gone': lostWith((standIn) => standIn.close()),
  'credentials refused': ruled(denied, never, { ...unheld, credentials: other }),
  'credentials refused from now on': lostWith((standIn) => {
    standIn.credentials = [other];
    standIn.disconnectAll('reset');
  }),
  'credentials hang': ruled(denied, never, { ...unheld, credentials: undefined }),
  'credentials hang, and the call ends': ruled('aborted: not-applied', never, { isDatabase: false, credentials: undefined }),
  'another Region than that of the endpoint': ruled('invalid-statement: not-applied', letInUser, {
    ...unheld,
    credentials: user,
    way: { region: 'us-east-1' },
  }),
  'handshake held, and the call ends': ruled(
    'aborted: not-applied',
    (standIn) => standIn.addRule({ match: { opcode: 'STARTUP' }, do: { kind: 'drop-request' } }),
    {
      isDatabase: false,
      way: { socketOptions: { readTimeout: 2 * silentMs } },
    },
  ),
  'handshakes held': halfOpen('STARTUP', 1, { kind: 'hold-request', until: new Gate() }),
  'handshakes held at their challenge': halfOpen('AUTH_RESPONSE', 2, { kind: 'hold-reply', until: new Gate() }),
  'handshakes reset': halfOpen('STARTUP', 1, { kind: 'disconnect', how: 'reset', when: 'before' }),
  'silent after TLS': openSilent,
  'addresses change': openChanging,
};

/** All of them; they stay open while the script runs, and after it has closed its clients. */
export function openPlaces(): Promise<readonly OpenPlace[]> {
  return Promise.all(Object.entries(places).map(([name, open]) => open(name)));
}
