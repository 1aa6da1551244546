import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { auth, Client, policies, types, type ClientOptions } from 'cassandra-driver';

// CQL v4 §2 and §4.1.3: version 4 request, no flags, stream 0, OPTIONS, no body. SUPPORTED is opcode 6.
const optionsFrame = Buffer.from([0x04, 0, 0, 0, 0x05, 0, 0, 0, 0]);
const supported = 0x06;

/** Whether something answers OPTIONS of CQL at `host:port` within two seconds. */
export async function answersCql(contactPoint: string): Promise<boolean> {
  const { hostname, port } = new URL(`cql://${contactPoint}`);
  const socket = connect({ host: hostname, port: Number(port), timeout: 2000 });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  try {
    socket.write(optionsFrame);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply[4] === supported;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Runs `work` with a client that talks to this one node only, as the role `cassandra` if the server asks. */
export async function withNode<T>(contactPoint: string, work: (client: Client) => Promise<T>): Promise<T> {
  const options: ClientOptions = {
    contactPoints: [contactPoint],
    authProvider: new auth.PlainTextAuthProvider('cassandra', 'cassandra'),
    isMetadataSyncEnabled: false,
    policies: {
      loadBalancing: new policies.loadBalancing.AllowListPolicy(new policies.loadBalancing.RoundRobinPolicy(), [contactPoint]),
    },
  };
  const client = new Client(options);
  try {
    return await work(client);
  } finally {
    await client.shutdown();
  }
}

/** `release_version` of the node. */
export async function askVersion(contactPoint: string): Promise<string> {
  return withNode(contactPoint, async (client) => {
    const { rows } = await client.execute('SELECT release_version FROM system.local');
    return String(rows[0]?.['release_version']);
  });
}

/** `system_traces` has two replicas: a full scan at ALL is refused while the coordinator misses any node. */
export async function seesEveryNode(contactPoint: string): Promise<boolean> {
  const query = 'SELECT session_id FROM system_traces.sessions LIMIT 1';
  return withNode(contactPoint, (client) => client.execute(query, [], { consistency: types.consistencies.all })).then(
    () => true,
    () => false,
  );
}

/** The first answer of `ask` that is not an error, within `limitMs`; else its last error. */
export async function retrying<T>(ask: () => Promise<T>, limitMs: number): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
