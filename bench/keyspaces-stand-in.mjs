// A process of its own, so that its CPU is nobody else's: a stand-in for Amazon Keyspaces, until its input ends.
import { startKeyspacesStandIn } from '@onlyif/testkit/keyspaces';

const standIn = await startKeyspacesStandIn({ target: process.argv[2], activeAfter: 0 });
const { address, region, ca, serverName, credentials } = standIn;
console.log(JSON.stringify({ address, region, ca, serverName, credentials }));
process.stdin.resume().on('end', () => void standIn.close());
