import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const taken = new Set<number>();

/** A port that is free on every one of `hosts`, and that this process has not been given before. */
export async function freePort(hosts: readonly string[]): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    // Below 32768, where Linux takes the local ports of outgoing connections from.
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (taken.has(port)) continue;
    taken.add(port);
    const free = await Promise.all(hosts.map((host) => canListen(host, port)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no port is free on ${hosts.join(', ')}`);
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

export async function isOpen(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function untilClosed(host: string, port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (await isOpen(host, port)) {
    if (Date.now() > deadline) throw new Error(`${host}:${port} is still open`);
    await sleep(50);
  }
}
