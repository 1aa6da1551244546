import { startServers, type Servers } from './start-servers.ts';

interface Shared {
  readonly servers: Promise<Servers>;
  users: number;
}

// Vitest loads a global setup once for each project that names it: a variable of this module would not be shared.
const key = Symbol.for('onlyif.test.servers');
const holder = globalThis as { [key]?: Shared | undefined };

/** The servers of this process, started for the first who asks. */
export async function borrowServers(report: (line: string) => void): Promise<Servers> {
  const shared = (holder[key] ??= { servers: startServers(report), users: 0 });
  shared.users += 1;
  return shared.servers;
}

/** Stops the servers when the last who borrowed them has given them back. */
export async function returnServers(): Promise<void> {
  const shared = holder[key];
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  holder[key] = undefined;
  await (await shared.servers).stop();
}
