// Run as a process of its own by `exits.test.ts`: meets faults by the adapter, closes it, and must then end by itself.
import { setTimeout } from 'node:timers/promises';
import { type Client, createClient, notExists } from '@onlyif/core';
import { type AwsCredentials, type CredentialProvider, keyspaces, type KeyspacesOptions, type ServiceCredentials } from '@onlyif/keyspaces';
import { told } from '../faults/outcome.ts';
import { endSoon, meet, type Place, report } from '../faults/own-process.ts';
import { rows } from '../faults/rows.ts';

/** Where the adapter is sent: a stand-in, or a fake, of the process that runs this one. */
export interface KeyspacesPlace extends Place {
  readonly way: Pick<KeyspacesOptions, 'region' | 'endpoint' | 'ca' | 'servername' | 'socketOptions' | 'pooling'>;
  /** Undefined: of a provider that never gives any. */
  readonly credentials: AwsCredentials | ServiceCredentials | undefined;
  /** One write after the other for so long, and until one is applied; the last is told. Without it, one write. */
  readonly writeForMs?: number;
}

const credentialsTimeoutMs = 1_500;

const [keyspace = '', places = ''] = process.argv.slice(2);

const hanging: CredentialProvider = () => new Promise(() => undefined);

function clientAt({ way, credentials }: KeyspacesPlace): Client {
  const adapter = keyspaces({ ...way, keyspace, credentials: credentials ?? hanging, credentialsTimeoutMs });
  return createClient(adapter, { verify: 'off', retry: 'off' });
}

/** Closes the client while much is going on. */
async function meetForLong({ name }: Place, db: Client, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  let outcome = '';
  for (let i = 0; performance.now() < end || outcome !== 'applied'; i++) {
    outcome = await told(db.insert(rows, { id: `${name} ${i}`, v: 2 }, { if: notExists() }));
    await setTimeout(10);
  }
  report(name, outcome);
  await db.close();
}

/** What would keep the process alive, were this the last place; its output is a pipe. */
async function reportOpen({ name }: Place): Promise<void> {
  const open = (): readonly string[] => process.getActiveResourcesInfo().filter((each) => each !== 'PipeWrap');
  const end = performance.now() + 4_000;
  while (open().length > 0 && performance.now() < end) await setTimeout(20);
  if (open().length > 0) report(`${name}: still open`, open().join(', '));
}

// The parent process makes the list.
for (const place of JSON.parse(places) as readonly KeyspacesPlace[]) {
  const db = clientAt(place);
  await (place.writeForMs === undefined ? meet(place, db) : meetForLong(place, db, place.writeForMs));
  await reportOpen(place);
}

endSoon();
