import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** A thread that listens and then stands still, so that it accepts nobody. */
const listenAndStandStill = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/**
 * Runs with a port of the loopback interface to which nobody gets through: Linux drops who wants to connect where as many
 * as `backlog` says wait to be accepted (listen(2)).
 */
export async function withFullBacklog<T>(run: (port: number) => Promise<T>): Promise<T> {
  const worker = new Worker(listenAndStandStill, { eval: true });
  const waiting: Socket[] = [];
  try {
    const [port] = (await once(worker, 'message')) as [number];
    let full = false;
    while (!full) {
      const socket = connect(port, '127.0.0.1');
      waiting.push(socket);
      full = !(await isConnected(socket));
    }
    return await run(port);
  } finally {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  }
}

/** On the loopback interface a connection takes less than a millisecond. */
const connectedWithinMs = 300;

async function isConnected(socket: Socket): Promise<boolean> {
  await Promise.race([once(socket, 'connect'), setTimeout(connectedWithinMs)]);
  // The timer of a process that was held up comes before its sockets.
  await setImmediate();
  return !socket.connecting;
}
