import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { openBackend } from './open-backend.ts';
import { parseBackend } from './parse-backend.ts';
import { runDemo } from './run-demo.ts';
import { UsageError } from './usage-error.ts';

const usage = `Usage: onlyif demo [--backend memory|cassandra|dynamodb] [options]

Runs six scenes of conditional writes, and prints for each step what is done, the request that the
database gets, and the result. Makes tables of its own and drops them at the end.

  --backend memory               in this process; the default

  --backend cassandra
    --contact-points <host:port,…>
    --local-data-center <name>
    --keyspace <name>            onlyif_demo by default; made where it is missing, and then dropped at the end

  --backend dynamodb             needs one of these:
    --endpoint <url>             DynamoDB Local; with dummy credentials where the environment has none
    --region <name>              AWS, if there is no endpoint`;

/** `onlyif demo`: the scenes on one backend. */
export const demoCommand: Command = {
  summary: 'shows conditional writes in memory, on Cassandra or on DynamoDB',
  usage,
  run: async (args, terminal) => {
    const backend = openBackend(parseBackend(parseOptions(args)), terminal.environment);
    await runDemo(backend, terminal);
  },
};

const options = {
  backend: { type: 'string' },
  'contact-points': { type: 'string' },
  'local-data-center': { type: 'string' },
  keyspace: { type: 'string' },
  endpoint: { type: 'string' },
  region: { type: 'string' },
} as const;

function parseOptions(args: readonly string[]): { readonly [name: string]: string | undefined } {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What follows is advice of Node's about `--`, which means nothing here.
    const [what = ''] = error.message.split(/\. |\n/);
    throw new UsageError(`${what.replace(/\.$/, '')}.`);
  }
}
