import { cassandra, classifyCassandraError } from '@onlyif/cassandra';
import { createClient, defineTable, int, isLWTError, type LWTError, type NativeHook, notExists, text } from '@onlyif/core';
import type { ClientOptions } from 'cassandra-driver';
import { opcodes } from '@onlyif/testkit';
import { describe, expect, test } from 'vitest';
import { byServerCode } from '../../packages/cassandra/src/classify.ts';
import { faultCases } from './cassandra-fault-cases.ts';
import { deadPort } from './dead-port.ts';
import { withFullBacklog } from './full-backlog.ts';
import { connection, skipped } from './proxied-cassandra.ts';
import { rowsKeyspace, write } from './rows-keyspace.ts';
import { rows } from './rows.ts';

/** What an insert into a table that is not there, or not so, comes to. */
async function errorOf(options: ClientOptions & { readonly keyspace: string }, name = 'nosuch'): Promise<LWTError> {
  const table = defineTable(name, { columns: { id: text(), nosuch: int() }, partitionKey: ['id'] });
  const db = createClient(cassandra(options), { verify: 'off', retry: 'off' });
  const error: unknown = await db.insert(table, { id: 'x', nosuch: 1 }, { if: notExists() }).catch((thrown: unknown) => thrown);
  await db.close();
  if (isLWTError(error)) return error;
  throw new Error(`no LWTError, but ${JSON.stringify(error)}`);
}

describe('real errors of cassandra-driver and of node: nothing was sent', () => {
  const inside = ({ cause }: LWTError): unknown[] => Object.values((cause as { readonly innerErrors: object }).innerErrors);

  /** EAI_AGAIN needs a name server that is away, EHOSTUNREACH a host that is: both are constructed in packages/cql/test. */
  const expectUnreachable = async (options: ClientOptions, codes: readonly string[]): Promise<void> => {
    const error = await errorOf({ ...options, localDataCenter: 'dc1', keyspace: 'app' });
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true, attempts: 0 });
    expect(inside(error)).toHaveLength(1);
    for (const each of inside(error)) expect(codes).toContain((each as { readonly code?: unknown }).code);
    // The error alone says no less, once a write is under way.
    expect(classifyCassandraError(error.cause)).toMatchObject({ code: 'unavailable', retryable: true });
  };

  test('nobody listens', async () => expectUnreachable({ contactPoints: [`127.0.0.1:${await deadPort()}`] }, ['ECONNREFUSED']));
  // net/ipv4/tcp_ipv4.c, tcp_v4_connect: there is no TCP to a broadcast address.
  test.runIf(process.platform === 'linux')('an address that no TCP goes to', () =>
    expectUnreachable({ contactPoints: ['127.255.255.255:9042'] }, ['ENETUNREACH']),
  );
  // The driver looks contact points up by itself; a `host` of `sslOptions` goes before the address (lib/connection.js).
  test('a name that nobody has, RFC 6761', () =>
    expectUnreachable({ contactPoints: ['127.0.0.1:9042'], sslOptions: { host: 'nowhere.invalid' } }, ['ENOTFOUND', 'EAI_AGAIN']));

  test.runIf(process.platform === 'linux')('nobody accepts: no connection in time', async () => {
    const options = { localDataCenter: 'dc1', keyspace: 'app', socketOptions: { connectTimeout: 100 } };
    const error = await withFullBacklog((port) => errorOf({ ...options, contactPoints: [`127.0.0.1:${port}`] }));
    expect(inside(error)).toMatchObject([{ name: 'DriverError', message: 'Connection timeout' }]);
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true, attempts: 0 });
  });
  test.skipIf(skipped !== undefined)('a data centre that the real Cassandra is not in', async () => {
    const error = await errorOf({ ...connection(), localDataCenter: 'nowhere', keyspace: 'app' });
    expect(error).toMatchObject({ code: 'invalid-statement', outcome: 'not-applied', retryable: false, attempts: 0 });
    expect(error.message).toMatch(
      /localDataCenter was configured as 'nowhere', but only found hosts in data centers: .*Correct the options/,
    );
    expect(inside(error)).toMatchObject([{ name: 'ArgumentError' }]);
    expect(classifyCassandraError(error.cause)).toMatchObject({ code: 'invalid-statement' });
  });
});

test('every error code of the tables is sent by the proxy, in place of an answer', () => {
  const sent = Object.values(faultCases).flatMap(({ fault }) =>
    fault.kind === 'reply' && typeof fault.reply === 'object' && fault.reply.opcode === opcodes.ERROR
      ? [fault.reply.body.readInt32BE()]
      : [],
  );
  expect(sent).toEqual(expect.arrayContaining(Object.keys(byServerCode).map(Number)));
});

describe.skipIf(skipped !== undefined)('real errors on a connection to the real Cassandra', () => {
  const on = rowsKeyspace();

  test.each([
    ['a table', {}, 'nosuch'],
    ['a column', {}, 'rows'],
    ['a keyspace', { keyspace: 'nosuch' }, 'rows'],
  ])('%s that is not there', async (_, wrong, table) => {
    const error = await errorOf({ ...connection(), keyspace: on.keyspace, ...wrong }, table);
    expect(error).toMatchObject({ code: 'schema-mismatch', outcome: 'not-applied', retryable: false, cause: { code: 0x2200 } });
  });

  test('a frame that node cannot make, RangeError: never sent, and not to be repeated', () =>
    on.withProxy(async (db, proxy) => {
      // The driver writes the length of a value as four bytes (lib/writers.js).
      const native: NativeHook = (request) => ({ ...request, customPayload: { key: { length: 2 ** 40 } } });
      await db.insert(rows, { id: 'first', v: 1 }, { if: notExists() });
      const error: unknown = await db.insert(rows, { id: 'x', v: 1 }, { if: notExists() }, { native }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: false, cause: { name: 'RangeError' } });
      expect([await on.stored('x'), proxy.requests(write).length]).toEqual([undefined, 1]);
    }));
});
