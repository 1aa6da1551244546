import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for one run, that does not outlive the launching process, nor do the processes entered in it. */
export interface RunDirectory {
  readonly path: string;
  enter(pid: number): void;
  leave(pid: number): void;
  /** Kills what is still entered, removes the directory, and resolves when both are done. */
  remove(): Promise<void>;
}

// Its standard input closes when the launcher ends, however it ends: SIGKILL runs no handler in Node.
const watchdog = `
cat >/dev/null
for file in "$0"/pids/*; do kill -KILL "\${file##*/}" 2>/dev/null; done
tries=0
until rm -rf "$0" 2>/dev/null || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done
`;

export function openRunDirectory(name: string): RunDirectory {
  const path = mkdtempSync(join(tmpdir(), `onlyif-${name}-`));
  mkdirSync(join(path, 'pids'));
  const guard = spawn('sh', ['-c', watchdog, path], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = once(guard, 'exit');
  guard.unref();
  // A child's piped standard input is a net.Socket, which its type does not say.
  (guard.stdin as Socket).unref();
  const fileOf = (pid: number): string => join(path, 'pids', String(pid));
  return {
    path,
    enter: (pid) => writeFileSync(fileOf(pid), ''),
    leave: (pid) => rmSync(fileOf(pid), { force: true }),
    async remove() {
      guard.ref();
      guard.stdin.end();
      await gone;
    },
  };
}
