import type { Command } from './command.ts';
import { demoCommand } from './demo-command.ts';
import { describeFailure } from './describe-failure.ts';
import { probeKeyspacesCommand } from './probe-keyspaces-command.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const commands: ReadonlyMap<string, Command> = new Map([
  ['demo', demoCommand],
  ['probe-keyspaces', probeKeyspacesCommand],
]);

const usage = `Usage: onlyif <command> [options]

Commands:
${Array.from(commands, ([name, { summary }]) => `  ${name.padEnd(16)} ${summary}`).join('\n')}

onlyif <command> --help tells the options of a command.`;

const isHelp = (argument: string): boolean => argument === '--help' || argument === '-h';

/** Runs one command line and resolves to its exit code: 0 done, 1 failed, 2 not understood. Never rejects. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await run(args, terminal);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message} See onlyif --help.`);
      return 2;
    }
    for (const line of describeFailure(error)) terminal.err(line);
    return 1;
  }
}

async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<void> {
  if (name === undefined) throw new UsageError(`A command is missing; there is ${[...commands.keys()].join(', ')}.`);
  if (isHelp(name)) return terminal.out(usage);
  const command = commands.get(name);
  if (command === undefined) throw new UsageError(`${name.startsWith('-') ? 'Unknown option' : 'Unknown command'} ${name}.`);
  if (args.some(isHelp)) return terminal.out(command.usage);
  await command.run(args, terminal);
}
