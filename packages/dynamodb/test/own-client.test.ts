import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, defineTable, int, text } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { expect, test } from 'vitest';

/** A client that the adapter makes, on a fake of DynamoDB's endpoint. */
const t = defineTable('tab', { columns: { id: text(), n: int() }, partitionKey: ['id'] });
const credentials = { accessKeyId: 'fake', secretAccessKey: 'fake' };

async function withServer(handle: Parameters<typeof createServer>[1], run: (endpoint: string) => Promise<void>): Promise<void> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('requests that were given up let go of their sockets once their call has ended', async () => {
  let silent = true;
  const unanswered = new Set<object>();
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    request.resume();
    if (!silent) {
      response.end('{}');
      return;
    }
    unanswered.add(request.socket);
    request.socket.once('close', () => unanswered.delete(request.socket));
  };
  await withServer(handle, async (endpoint) => {
    const db = createClient(dynamodb({ endpoint, region: 'local', credentials }), { verify: 'off' });
    // Fewer than the SDK has sockets, which is 50, so that others are left for what is asked again at half of the time.
    const calls = Array.from({ length: 30 }, () => db.get(t, { id: 'a' }, { timeoutMs: 3_000 }));
    await expect.poll(() => unanswered.size).toBe(30);
    silent = false;
    expect(new Set(await Promise.all(calls))).toEqual(new Set([null]));
    await expect.poll(() => unanswered.size).toBe(0);
    await db.close();
  });
});

test(
  'a table that a silent server does not describe fails the write in seconds, and the next write asks again',
  { timeout: 20_000 },
  async () => {
    let silent = true;
    const handle: Parameters<typeof createServer>[1] = (request, response) => {
      request.resume();
      if (silent) return;
      const isDescription = request.headers['x-amz-target'] === 'DynamoDB_20120810.DescribeTable';
      const Table = {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      };
      response.end(JSON.stringify(isDescription ? { Table } : {}));
    };
    await withServer(handle, async (endpoint) => {
      const db = createClient(dynamodb({ endpoint, region: 'local', credentials }));
      const write = (): Promise<unknown> => db.update(t, { id: 'a' }, { set: { n: 2 }, if: { n: 1 } });
      await expect(write()).rejects.toMatchObject({ code: 'unavailable', outcome: 'not-applied', retryable: true });
      silent = false;
      expect(await write()).toEqual({ applied: true });
      await db.close();
    });
  },
);

test('a clock that is off costs the first call a repeat, for the SDK takes the right time from the refusal', async () => {
  let requests = 0;
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    request.resume();
    const isFirst = ++requests === 1;
    response.writeHead(isFirst ? 400 : 200, {
      'content-type': 'application/x-amz-json-1.0',
      ...(isFirst ? { date: 'Wed, 01 Jan 2020 00:00:00 GMT' } : {}),
    });
    response.end(isFirst ? JSON.stringify({ __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'words' }) : '{}');
  };
  await withServer(handle, async (endpoint) => {
    const db = createClient(dynamodb({ endpoint, region: 'local', credentials }), { verify: 'off' });
    expect(await db.update(t, { id: 'a' }, { set: { n: 2 }, if: { n: 1 } })).toEqual({ applied: true });
    expect(requests).toBe(2);
    await db.close();
  });
});

test.each([
  ['throttled', (response: ServerResponse) => void response.writeHead(400).end(JSON.stringify({ __type: 'x#ThrottlingException' }))],
  ['cut off', (response: ServerResponse) => void response.destroy()],
])('a new table whose description is %s once is asked for again', async (_, fail) => {
  const asked: string[] = [];
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    request.resume();
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    asked.push(operation ?? '');
    if (operation === 'DescribeTable' && asked.length === 2) fail(response);
    else response.end(JSON.stringify({ Table: { TableStatus: 'ACTIVE' } }));
  };
  await withServer(handle, async (endpoint) => {
    const db = createClient(dynamodb({ endpoint, region: 'local', credentials }));
    await db.createTable(t);
    await db.close();
  });
  expect(asked).toEqual(['CreateTable', 'DescribeTable', 'DescribeTable']);
});

test('a new table whose description is denied fails at once', async () => {
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    request.resume();
    const isDescription = String(request.headers['x-amz-target']).endsWith('.DescribeTable');
    response.writeHead(isDescription ? 400 : 200).end(JSON.stringify(isDescription ? { __type: 'x#AccessDeniedException' } : {}));
  };
  await withServer(handle, async (endpoint) => {
    const db = createClient(dynamodb({ endpoint, region: 'local', credentials }));
    await expect(db.createTable(t)).rejects.toMatchObject({ code: 'access-denied', outcome: 'not-applied' });
    await db.close();
  });
});

test.each([
  [
    'a name in another spelling, that would be lost',
    { exactlyonce: 'transaction' },
    /no exactlyonce; they have client, tableName, exactlyOnce/,
  ],
  ['retries of the SDK, which never act on a write', { maxAttempts: 3 }, /no maxAttempts; .* is given by a client\.$/],
])('options are refused at once: %s', (_, options, message) => {
  expect(() => dynamodb(options as never)).toThrow(
    expect.objectContaining({ code: 'invalid-statement', message: expect.stringMatching(message) as string }) as Error,
  );
});
