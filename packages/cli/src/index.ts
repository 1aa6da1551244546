import { runCommand } from './run-command.ts';

const controller = new AbortController();
let interruptedWith: number | undefined;

/** Ends a command at its next step, so that it takes away what it made. */
function interrupt(exitCode: number): void {
  interruptedWith ??= exitCode;
  controller.abort();
}

const onSigint = (): void => interrupt(130);
const onSigterm = (): void => interrupt(143);
process.on('SIGINT', onSigint);
process.on('SIGTERM', onSigterm);
// The reader of a pipe may leave early: `onlyif demo | head`.
process.stdout.on('error', () => interrupt(141));

void runCommand(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  environment: process.env,
  signal: controller.signal,
}).then((exitCode) => {
  process.off('SIGINT', onSigint);
  process.off('SIGTERM', onSigterm);
  process.exitCode = interruptedWith ?? exitCode;
});
