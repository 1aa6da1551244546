import { runCommand } from './run-command.ts';

const controller = new AbortController();
let interruptedWith: number | undefined;

/** Ends a command at its next step, so that it takes away what it made. */
function interrupt(exitCode: number): void {
  interruptedWith ??= exitCode;
  controller.abort();
}

process.on('SIGINT', () => interrupt(130));
process.on('SIGTERM', () => interrupt(143));
// The reader of a pipe may leave early: `onlyif demo | head`.
process.stdout.on('error', () => interrupt(141));

void runCommand(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  environment: process.env,
  signal: controller.signal,
}).then((exitCode) => {
  process.exitCode = interruptedWith ?? exitCode;
});
