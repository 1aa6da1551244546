import type { Command } from './command.ts';
import { openBackend } from './open-backend.ts';
import { parseBackend } from './parse-backend.ts';
import { parseOptions } from './parse-options.ts';
import { runDemo } from './run-demo.ts';

const usage = `Usage: onlyif demo [--backend memory|cassandra|keyspaces|dynamodb] [options]

Runs six scenes of conditional writes, and prints for each step what is done, the request that the
database gets, and the result. Makes tables of its own and drops them at the end.

  --backend memory               in this process; the default

  --backend cassandra
    --contact-points <host:port,…>
    --local-data-center <name>
    --keyspace <name>            onlyif_demo by default; made where it is missing, and then dropped at the end

  --backend keyspaces            Amazon Keyspaces, with the AWS credentials that the machine has
    --region <name>              that of the environment by default
    --keyspace <name>            as on Cassandra
    --endpoint <host[:port]>     that of the region by default
    --ca <file>                  certificates to trust besides
    --servername <name>          of the certificate; the endpoint's host by default

  --backend dynamodb             needs one of these:
    --endpoint <url>             DynamoDB Local; with dummy credentials where the environment has none
    --region <name>              AWS, if there is no endpoint`;

/** `onlyif demo`: the scenes on one backend. */
export const demoCommand: Command = {
  summary: 'shows conditional writes in memory, on Cassandra, Amazon Keyspaces or DynamoDB',
  usage,
  run: async (args, terminal) => {
    const backend = openBackend(parseBackend(parseOptions(args, options)), terminal.environment);
    await runDemo(backend, terminal);
  },
};

const options = ['backend', 'contact-points', 'local-data-center', 'keyspace', 'endpoint', 'region', 'ca', 'servername'];
