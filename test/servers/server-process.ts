import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDirectory } from './run-directory.ts';

/** A child process that is a server: its output goes to a file, and it ends with its run directory at the latest. */
export interface ServerProcess {
  readonly pid: number;
  readonly running: boolean;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL, since what a test server holds is thrown away; resolves when the process is gone. */
  kill(): Promise<void>;
  logTail(): string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly log: string;
  readonly run: RunDirectory;
}

export function startProcess({ file, args, log, run }: Command): ServerProcess {
  const output = openSync(log, 'a');
  const child = spawn(file, args, { cwd: run.path, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} cannot be started`);
  run.enter(pid);
  let running = true;
  const gone = once(child, 'exit').then(() => {
    running = false;
    run.leave(pid);
  });
  child.unref();
  return {
    pid,
    get running() {
      return running;
    },
    signal: (name) => void child.kill(name),
    async kill() {
      child.ref();
      child.kill('SIGKILL');
      await gone;
    },
    logTail: () => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40).join('\n'),
  };
}

/** Asks `probe` until it says yes; throws with the end of the log if the process ends first or the limit passes. */
export async function untilReady(name: string, server: ServerProcess, probe: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await probe())) {
    const late = Date.now() > deadline;
    if (server.running && !late) {
      await sleep(100);
      continue;
    }
    const what = late ? `is not ready after ${limitMs} ms` : 'ended before it was ready';
    throw new Error(`${name} ${what}:\n${server.logTail()}`);
  }
}
