import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { startKeyspacesStandIn } from '@onlyif/testkit';
import { afterEach, expect, test, vi } from 'vitest';

const addresses = vi.hoisted((): string[] => []);
vi.mock('../src/keyspaces-stand-in/loopback.ts', () => ({ freshLoopback: () => addresses.shift() ?? '127.0.0.1' }));
afterEach(() => addresses.splice(0));

async function listening(host: string, port: number): Promise<Server> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening('127.0.0.1', 0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test.skipIf(process.platform !== 'linux')('where a load balancer cannot be opened, nothing is left open', async () => {
  const port = await freePort();
  const taken = await listening('127.8.1.2', port);
  addresses.push('127.8.1.1', '127.8.1.2');
  await expect(startKeyspacesStandIn({ target: '127.0.0.1:1', port, peers: 2, tls: 'plain-text' })).rejects.toThrow(/EADDRINUSE/);
  const connecting = (host: string): Promise<unknown> => once(connect(port, host), 'connect');
  for (const host of ['127.0.0.1', '127.8.1.1']) await expect(connecting(host)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  taken.close();
});
