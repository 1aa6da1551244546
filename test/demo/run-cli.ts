import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const limitMs = 60_000;

/** What a process printed, and how it ended by itself. */
export interface Ended {
  /** Null where a signal ended it, also ours where it did not end in a minute. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Sent with the first output, once. */
  readonly interrupt?: NodeJS.Signals;
}

/** Runs the built command line, `onlyif …`, in a process of its own. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(process.execPath, ['packages/cli/dist/index.js', ...args], options);
}

/** Runs a program in the root of the repository, without any AWS settings of this machine. */
export async function run(program: string, args: readonly string[], { environment = {}, interrupt }: RunOptions = {}): Promise<Ended> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  const child = spawn(program, args, {
    cwd: root,
    env: { ...own, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  if (interrupt !== undefined) child.stdout.once('data', () => child.kill(interrupt));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { exitCode, ...printed };
}
