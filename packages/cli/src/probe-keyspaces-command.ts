import type { Command } from './command.ts';
import { openKeyspaces } from './open-backend.ts';
import { parseKeyspaces } from './parse-backend.ts';
import { parseOptions } from './parse-options.ts';
import { runProbes } from './run-probes.ts';

const usage = `Usage: onlyif probe-keyspaces [options]

Asks Amazon Keyspaces what its documentation leaves open: what \`c != null\` and elements of collections mean in a
condition. Sends each condition against rows that it is true, false and null on, compares with what onlyif means by it,
and says which settings of \`undocumented\` held. Makes a table of its own and drops it at the end; takes about 100
writes and 100 reads, with the AWS credentials that the machine has.

  --region <name>              that of the environment by default
  --keyspace <name>            onlyif_demo by default; made where it is missing, and then dropped at the end
  --endpoint <host[:port]>     that of the region by default
  --ca <file>                  certificates to trust besides
  --servername <name>          of the certificate; the endpoint's host by default`;

/** `onlyif probe-keyspaces`: for people with an account. */
export const probeKeyspacesCommand: Command = {
  summary: 'asks Amazon Keyspaces what it does not document',
  usage,
  run: async (args, terminal) => {
    const place = parseKeyspaces(parseOptions(args, ['region', 'keyspace', 'endpoint', 'ca', 'servername']));
    await runProbes(openKeyspaces(place, { notNull: true, elements: true }), terminal);
  },
};
