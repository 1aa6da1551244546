import { createServer } from 'node:http';
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
  // More than the SDK keeps sockets, which is 50.
  const calls = 60;
  let silences = calls;
  const unanswered = new Set<object>();
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    request.resume();
    if (--silences < 0) {
      response.end('{}');
      return;
    }
    unanswered.add(request.socket);
    request.socket.once('close', () => unanswered.delete(request.socket));
  };
  await withServer(handle, async (endpoint) => {
    const db = createClient(dynamodb({ endpoint, region: 'local', credentials }), { verify: 'off' });
    // The first requests are not answered; those that come after half of the time are.
    await Promise.allSettled(Array.from({ length: calls }, () => db.get(t, { id: 'a' }, { timeoutMs: 3_000 })));
    expect(await db.get(t, { id: 'a' }, { timeoutMs: 3_000 })).toBeNull();
    await expect.poll(() => unanswered.size).toBe(0);
    await db.close();
  });
});

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
