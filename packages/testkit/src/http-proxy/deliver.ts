import type { ServerResponse } from 'node:http';
import type { Gate } from '../gate.ts';
import { endToEnd, type WholeReply } from './forward.ts';
import type { HttpFault } from './http-fault.ts';

/** What a fault may use: the server behind, the way back to the sender, and the end of the proxy. */
export interface Scene {
  readonly forward: () => Promise<WholeReply>;
  readonly response: ServerResponse;
  /** Rejects where the proxy closes first. */
  readonly wait: (until: number | Gate) => Promise<void>;
}

type Deliveries = { readonly [K in HttpFault['kind']]: (scene: Scene, fault: Extract<HttpFault, { kind: K }>) => Promise<void> };

const deliveries: Deliveries = {
  'drop-request': async () => undefined,
  'drop-reply': async ({ forward }) => {
    await forward();
  },
  'delay-request': async ({ forward, wait, response }, { until }) => {
    await wait(until);
    give(response, await forward());
  },
  'delay-reply': async ({ forward, wait, response }, { until }) => {
    const reply = await forward();
    await wait(until);
    give(response, reply);
  },
  'cut-request': async ({ response }, { by }) => cut(response, by),
  'cut-reply': async ({ forward, response }, { by }) => {
    await forward();
    cut(response, by);
  },
  'truncate-reply': async ({ forward, response }) => truncate(response, await forward()),
  'duplicate-request': async ({ forward, response }) => {
    await forward();
    give(response, await forward());
  },
  'replace-reply': async ({ forward, response }, fault) => {
    if (fault.forwarded) await forward();
    give(response, errorReply(fault));
  },
  'garbage-reply': async ({ forward, response }) => {
    give(response, { ...(await forward()), body: Buffer.from('<html>{"not json') });
  },
  'empty-reply': async ({ forward, response }) => {
    await forward();
    give(response, { status: 200, rawHeaders: [], body: Buffer.alloc(0) });
  },
  'wrong-checksum': async ({ forward, response }) => {
    const reply = await forward();
    give(response, { ...reply, rawHeaders: [...without(reply.rawHeaders, 'x-amz-crc32'), 'x-amz-crc32', '1'] });
  },
};

/** Answers one request as the fault says, or as the server behind does. */
export async function deliver(scene: Scene, fault: HttpFault | undefined): Promise<void> {
  if (fault === undefined) return give(scene.response, await scene.forward());
  const delivery = deliveries[fault.kind] as (scene: Scene, fault: HttpFault) => Promise<void>;
  await delivery(scene, fault);
}

function give(response: ServerResponse, { status, rawHeaders, body }: WholeReply): void {
  if (response.destroyed) return;
  response.writeHead(status, [...endToEnd(rawHeaders), 'content-length', String(body.length)]);
  response.end(body);
}

function truncate(response: ServerResponse, { status, rawHeaders, body }: WholeReply): void {
  if (response.destroyed) return;
  response.writeHead(status, [...endToEnd(rawHeaders), 'content-length', String(body.length + 1)]);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.end());
}

function cut({ socket }: ServerResponse, by: 'reset' | 'end'): void {
  if (by === 'reset') socket?.resetAndDestroy();
  else socket?.end();
}

function errorReply({ status, type, message, more }: Extract<HttpFault, { kind: 'replace-reply' }>): WholeReply {
  const error = { ...(type === undefined ? {} : { __type: `com.amazonaws.dynamodb.v20120810#${type}` }), message, ...more };
  return { status, rawHeaders: ['content-type', 'application/x-amz-json-1.0'], body: Buffer.from(JSON.stringify(error)) };
}

function without(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, i) => (rawHeaders[i - (i % 2)] ?? '').toLowerCase() !== name);
}
