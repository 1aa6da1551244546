import { type CqlFault, cqlErrors, type CqlProxy, type CqlReply, Gate, proxyTranslate, requestReader, voidReply } from '@onlyif/testkit';
import cassandraDriver, { type Client } from 'cassandra-driver';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connection, makeKeyspace, plainClient, skipped, startProxy } from './proxied-cassandra.ts';

const { policies, types } = cassandraDriver;
const { serial, quorum } = types.consistencies;

/** Long enough for a real answer on a slow machine, and waited for in full by the silent faults alone. */
const readTimeout = 1_500;
const options = {
  prepare: true,
  isIdempotent: false,
  retry: new policies.retry.FallthroughRetryPolicy(),
  consistency: quorum,
  serialConsistency: serial,
  readTimeout,
};
const lwt = { opcode: 'EXECUTE', conditional: true } as const;

describe.skipIf(skipped !== undefined)('a CQL proxy in front of the real Cassandra', () => {
  let proxy: CqlProxy;
  let client: Client;
  let direct: Client;
  let keyspace: string;
  let key = 0;

  beforeAll(async () => {
    proxy = await startProxy();
    direct = plainClient();
    keyspace = await makeKeyspace(direct, 'CREATE TABLE {ks}.t (id int PRIMARY KEY, v int)');
  });
  // A client each: after a fault the driver takes its time to connect again.
  beforeEach(async () => {
    client = plainClient(proxy);
    await client.connect();
  });
  afterEach(async () => {
    await client.shutdown();
    proxy.clearRules();
    proxy.forgetRequests();
  });
  afterAll(async () => {
    await direct?.execute(`DROP KEYSPACE ${keyspace}`);
    await direct?.shutdown();
    await proxy?.close();
  });

  const bump = (id: number): Promise<cassandraDriver.types.ResultSet> =>
    client.execute(`UPDATE ${keyspace}.t SET v = ? WHERE id = ? IF v = ?`, [2, id, 1], options);
  const stored = async (id: number): Promise<number | undefined> => {
    const { rows } = await direct.execute(`SELECT v FROM ${keyspace}.t WHERE id = ?`, [id], { prepare: true, consistency: serial });
    return rows[0]?.['v'] as number | undefined;
  };
  const freshRow = async (): Promise<number> => {
    const id = ++key;
    await direct.execute(`INSERT INTO ${keyspace}.t (id, v) VALUES (?, 1) IF NOT EXISTS`, [id], { prepare: true });
    // The fault is to meet the EXECUTE, not its preparation.
    await client.execute(`UPDATE ${keyspace}.t SET v = ? WHERE id = ? IF v = ?`, [0, -1, 0], options);
    return id;
  };

  test('passes everything on, and remembers what it saw', async () => {
    const id = await freshRow();
    proxy.forgetRequests();
    expect((await bump(id)).first()['[applied]']).toBe(true);
    expect(proxy.requests(lwt)).toEqual([
      expect.objectContaining({
        opcode: 'EXECUTE',
        cql: `UPDATE ${keyspace}.t SET v = ? WHERE id = ? IF v = ?`,
        conditional: true,
        forwarded: 1,
      }),
    ]);
    expect(proxy.requests({ cql: /SELECT .* FROM system/ })).toEqual([]);
  });

  /** `sees`: the driver's error in a few words, or the `[applied]` of its result; `forwarded`: sends to the server. */
  interface Case {
    readonly fault: CqlFault;
    readonly sees: string | boolean | undefined;
    readonly stored: 1 | 2;
    readonly forwarded: 0 | 1 | 2;
  }
  const heard = { consistency: 'SERIAL', received: 1, blockFor: 2 } as const;
  const error = (reply: CqlReply, forward: boolean): CqlFault => ({ kind: 'reply', reply, forward });
  const cases: { readonly [name: string]: Case } = {
    'request dropped': { fault: { kind: 'drop-request' }, sees: 'OperationTimedOutError', stored: 1, forwarded: 0 },
    'reply dropped': { fault: { kind: 'drop-reply' }, sees: 'OperationTimedOutError', stored: 2, forwarded: 1 },
    'request held for a while': { fault: { kind: 'hold-request', until: 50 }, sees: true, stored: 2, forwarded: 1 },
    'reply held for a while': { fault: { kind: 'hold-reply', until: 50 }, sees: true, stored: 2, forwarded: 1 },
    'RST before': {
      fault: { kind: 'disconnect', how: 'reset', when: 'before' },
      sees: 'DriverError socket ECONNRESET',
      stored: 1,
      forwarded: 0,
    },
    'RST after': {
      fault: { kind: 'disconnect', how: 'reset', when: 'after' },
      sees: 'DriverError socket ECONNRESET',
      stored: 2,
      forwarded: 1,
    },
    'FIN before': { fault: { kind: 'disconnect', how: 'end', when: 'before' }, sees: 'DriverError socket', stored: 1, forwarded: 0 },
    'FIN after': { fault: { kind: 'disconnect', how: 'end', when: 'after' }, sees: 'DriverError socket', stored: 2, forwarded: 1 },
    'reply cut, then silence': {
      fault: { kind: 'truncate-reply', bytes: 20, followedBy: 'silence' },
      sees: 'OperationTimedOutError',
      stored: 2,
      forwarded: 1,
    },
    'reply cut, then FIN': {
      fault: { kind: 'truncate-reply', bytes: 20, followedBy: 'end' },
      sees: 'DriverError socket',
      stored: 2,
      forwarded: 1,
    },
    'request doubled': { fault: { kind: 'duplicate-request' }, sees: false, stored: 2, forwarded: 2 },
    'reply doubled': { fault: { kind: 'duplicate-reply' }, sees: true, stored: 2, forwarded: 1 },
    'VOID reply': { fault: { kind: 'reply', reply: voidReply, forward: true }, sees: undefined, stored: 2, forwarded: 1 },
    'WriteTimeout CAS': { fault: error(cqlErrors.writeTimeout('CAS', heard), true), sees: 'ResponseError 0x1100', stored: 2, forwarded: 1 },
    'Unavailable, never forwarded': {
      fault: error(cqlErrors.unavailable('SERIAL', 2, 1), false),
      sees: 'ResponseError 0x1000',
      stored: 1,
      forwarded: 0,
    },
    'server error': { fault: error(cqlErrors.serverError(), true), sees: 'ResponseError 0x0000', stored: 2, forwarded: 1 },
    'reply one byte short': {
      fault: { kind: 'edit-reply', edit: (reply) => ({ ...reply, body: reply.body.subarray(0, -1) }) },
      sees: 'RangeError',
      stored: 2,
      forwarded: 1,
    },
    'unprepared once': {
      fault: { kind: 'reply', reply: (request) => cqlErrors.unprepared(requestReader(request.frame).shortBytes()), forward: false },
      sees: true,
      stored: 2,
      forwarded: 1,
    },
  };

  test.each(Object.entries(cases))('%s', async (_, { fault, sees, stored: value, forwarded }) => {
    const id = await freshRow();
    proxy.forgetRequests();
    const rule = proxy.addRule({ match: lwt, times: 1, do: fault });
    expect(await bump(id).then((result) => result.rows?.[0]?.['[applied]'], inWords)).toBe(sees);
    expect([rule.hits, await stored(id)]).toEqual([1, value]);
    expect(proxy.requests(lwt).reduce((sum, each) => sum + each.forwarded, 0)).toBe(forwarded);
  });

  test('R35 a request that is held up arrives after a serial read, also where its client has gone', async () => {
    const id = await freshRow();
    const gate = new Gate();
    const rule = proxy.addRule({ match: lwt, times: 1, do: { kind: 'hold-request', until: gate } });
    const written = bump(id).catch(inWords);
    await rule.whenHit();
    proxy.disconnectAll('reset');
    expect(await written).toBe('DriverError socket ECONNRESET');
    expect(await stored(id)).toBe(1);
    gate.open();
    await rule.whenAnswered();
    expect(await stored(id)).toBe(2);
  });

  test('rules: skip, times, and the first that matches', async () => {
    const id = await freshRow();
    const first = proxy.addRule({ match: lwt, skip: 1, times: 1, do: error(cqlErrors.overloaded(), false) });
    const second = proxy.addRule({ match: { cql: /IF v/ }, times: 1, do: error(cqlErrors.bootstrapping(), false) });
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push(await bump(id).then((result) => result.first()['[applied]'] as boolean, inWords));
    expect(seen).toEqual(['ResponseError 0x1002', 'ResponseError 0x1001', true, false]);
    expect([first.hits, second.hits]).toEqual([1, 1]);
  });

  test('a BATCH is matched by the text of its members', async () => {
    const id = await freshRow();
    proxy.addRule({ match: { opcode: 'BATCH', conditional: true, cql: /SET v/ }, times: 1, do: error(cqlErrors.overloaded(), false) });
    const batch = client.batch([{ query: `UPDATE ${keyspace}.t SET v = ? WHERE id = ? IF v = ?`, params: [2, id, 1] }], options);
    expect(await batch.then(() => undefined, inWords)).toBe('ResponseError 0x1001');
  });

  test('addresses of nodes are translated to those of their proxies', async () => {
    const [target = ''] = connection().contactPoints;
    const calls: string[] = [];
    const translate = proxyTranslate([proxy]);
    const [host = '', port = ''] = target.split(':');
    translate(host, Number(port), (endPoint) => calls.push(endPoint));
    translate('127.9.9.9', 9042, (endPoint) => calls.push(endPoint));
    expect(calls).toEqual([proxy.address, '127.9.9.9:9042']);
  });

  test('a server that is not there: the client cannot connect, and nothing is left open', async () => {
    const lonely = await startProxy({ target: '127.0.0.1:1' });
    const lost = plainClient(lonely, { socketOptions: { connectTimeout: 2_000 } });
    expect(await lost.connect().catch(inWords)).toBe('NoHostAvailableError');
    await lost.shutdown();
    await lonely.close();
    await lonely.close();
  });
});

interface NativeError extends Error {
  readonly code?: unknown;
  readonly isSocketError?: boolean;
  readonly innerError?: { readonly code?: string };
}

function inWords(error: NativeError): string {
  const code = typeof error.code === 'number' ? `0x${error.code.toString(16).padStart(4, '0')}` : undefined;
  return [error.name, code, error.isSocketError === true ? 'socket' : undefined, error.innerError?.code].filter(Boolean).join(' ');
}
