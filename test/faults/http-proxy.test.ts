import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type HttpFault, Gate, startHttpProxy } from '@onlyif/testkit';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { counters, DynamoDbPlace, hasDynamoDb } from './dynamodb-place.ts';

const silenceMs = 250;

interface Met {
  readonly fault: HttpFault;
  /** What a plain client of one attempt sees: the name or code of its error, or `ok`. */
  readonly seen: string;
  readonly forwarded: number;
}

const cases: readonly Met[] = [
  { fault: { kind: 'drop-request' }, seen: 'ETIMEDOUT', forwarded: 0 },
  { fault: { kind: 'drop-reply' }, seen: 'ETIMEDOUT', forwarded: 1 },
  { fault: { kind: 'delay-request', until: 1 }, seen: 'ok', forwarded: 1 },
  { fault: { kind: 'delay-reply', until: 1 }, seen: 'ok', forwarded: 1 },
  { fault: { kind: 'cut-request', by: 'reset' }, seen: 'ECONNRESET', forwarded: 0 },
  { fault: { kind: 'cut-request', by: 'end' }, seen: 'ECONNRESET', forwarded: 0 },
  { fault: { kind: 'cut-reply', by: 'reset' }, seen: 'ECONNRESET', forwarded: 1 },
  { fault: { kind: 'cut-reply', by: 'end' }, seen: 'ECONNRESET', forwarded: 1 },
  { fault: { kind: 'truncate-reply' }, seen: 'ECONNRESET', forwarded: 1 },
  { fault: { kind: 'duplicate-request' }, seen: 'ConditionalCheckFailedException', forwarded: 2 },
  {
    fault: { kind: 'replace-reply', forwarded: false, status: 400, type: 'ThrottlingException', message: 'slow down' },
    seen: 'ThrottlingException',
    forwarded: 0,
  },
  {
    fault: { kind: 'replace-reply', forwarded: true, status: 500, type: 'InternalServerError' },
    seen: 'InternalServerError',
    forwarded: 1,
  },
  { fault: { kind: 'garbage-reply' }, seen: 'SyntaxError', forwarded: 1 },
  { fault: { kind: 'empty-reply' }, seen: 'ok', forwarded: 1 },
  { fault: { kind: 'wrong-checksum' }, seen: 'ok', forwarded: 1 },
];

describe.skipIf(!hasDynamoDb)('the HTTP fault proxy, in front of DynamoDB Local', () => {
  let place: DynamoDbPlace;
  beforeAll(async () => {
    place = await DynamoDbPlace.open();
  });
  afterAll(() => place.close());
  afterEach(() => place.proxy.clear());

  const put = (id: string): PutItemCommand =>
    new PutItemCommand({
      TableName: place.tableName,
      Item: { id: { S: id }, v: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
  const holds = async (id: string): Promise<boolean> => (await place.direct.get(counters, { id })) !== null;
  const plain = (): ReturnType<DynamoDbPlace['sdkClient']> =>
    place.sdkClient({ maxAttempts: 1, requestHandler: { requestTimeout: silenceMs, throwOnRequestTimeout: true } });
  const seenBy = async (send: Promise<unknown>): Promise<string> => {
    try {
      await send;
      return 'ok';
    } catch (error) {
      const { name, code } = error as { name: string; code?: string };
      return code ?? name;
    }
  };

  test.each(cases.map((met) => [JSON.stringify(met.fault), met] as const))('%s', async (id, { fault, seen, forwarded }) => {
    place.proxy.setRules([{ do: fault }]);
    expect(await seenBy(plain().send(put(id)))).toBe(seen);
    await place.proxy.settled();
    expect(place.proxy.log).toMatchObject([{ operation: 'PutItem', fault: fault.kind, forwarded }]);
    expect(await holds(id)).toBe(forwarded > 0);
  });

  test('without a rule everything passes, and the log shows it', async () => {
    const client = plain();
    expect(await seenBy(client.send(put('passes')))).toBe('ok');
    expect(await seenBy(client.send(put('passes')))).toBe('ConditionalCheckFailedException');
    const [first, second] = place.proxy.log;
    expect(first).toMatchObject({
      operation: 'PutItem',
      sdkRequest: 'attempt=1; max=1',
      fault: undefined,
      forwarded: 1,
      serverStatus: 200,
    });
    expect(second).toMatchObject({ serverStatus: 400, connection: first?.connection });
    expect(second?.invocationId).not.toBe(first?.invocationId);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ TableName: place.tableName });
  });

  test('rules: match, skip, times, the first that still acts', async () => {
    const error = (type: string): HttpFault => ({ kind: 'replace-reply', forwarded: false, status: 400, type });
    place.proxy.setRules([
      { match: { operation: /^Put/, body: '"rules-2"' }, do: error('A') },
      { match: { operation: 'PutItem' }, skip: 1, times: 1, do: error('B') },
    ]);
    const client = plain();
    const seen: string[] = [];
    for (const id of ['rules-1', 'rules-2', 'rules-3', 'rules-4']) seen.push(await seenBy(client.send(put(id))));
    seen.push(await seenBy(client.send(new GetItemCommand({ TableName: place.tableName, Key: { id: { S: 'rules-2' } } }))));
    expect(seen).toEqual(['ok', 'A', 'B', 'ok', 'ok']);
  });

  test('a request held at a gate arrives after its sender gave up', async () => {
    const until = new Gate();
    place.proxy.setRules([{ do: { kind: 'delay-request', until } }]);
    expect(await seenBy(plain().send(put('held')))).toBe('ETIMEDOUT');
    expect(await holds('held')).toBe(false);
    until.open();
    await place.proxy.settled();
    expect(await holds('held')).toBe(true);
  });

  test('close() ends what is held up, which is then never forwarded', async () => {
    const proxy = await startHttpProxy({ target: place.proxy.endpoint });
    const client = place.sdkClient({ endpoint: proxy.endpoint, maxAttempts: 1 });
    proxy.setRules([{ do: { kind: 'delay-request', until: new Gate() } }]);
    const seen = seenBy(client.send(put('never')));
    await proxy.arrived(1);
    await proxy.close();
    expect(await seen).toBe('ECONNRESET');
    expect(place.proxy.log).toEqual([]);
  });

  test('a server behind that is not there: the connection is cut', async () => {
    const proxy = await startHttpProxy({ target: 'http://127.0.0.1:1' });
    try {
      expect(await seenBy(place.sdkClient({ endpoint: proxy.endpoint, maxAttempts: 1 }).send(put('nowhere')))).toBe('ECONNRESET');
      expect(proxy.log).toMatchObject([{ forwarded: 0 }]);
    } finally {
      await proxy.close();
    }
  });

  test('a process that closed its proxy exits by itself', async () => {
    const script = `
      import { Gate, startHttpProxy } from '${new URL('../../packages/testkit/src/http-proxy/index.ts', import.meta.url).href}';
      const proxy = await startHttpProxy({ target: 'http://127.0.0.1:1' });
      proxy.setRules([{ times: 1, do: { kind: 'drop-request' } }, { times: 1, do: { kind: 'delay-request', until: 600_000 } }]);
      const all = [1, 2, 3].map(() => fetch(proxy.endpoint).catch(() => 'cut'));
      await proxy.arrived(3);
      await proxy.close();
      console.log(await Promise.all(all));
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    expect(Buffer.concat(said).toString().trim()).toBe("[ 'cut', 'cut', 'cut' ]");
    expect(code).toBe(0);
  });
});
