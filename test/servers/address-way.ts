import { answersCql, askVersion } from './cassandra/cql-probe.ts';
import type { CqlServer, Skipped } from './server.ts';

/** The server at `ONLYIF_<NAME>_CONTACT_POINTS`; throws if the variable is set and nothing answers there. */
export async function cqlServerAtAddress(name: 'CASSANDRA' | 'SCYLLA'): Promise<CqlServer | Skipped> {
  const variable = `ONLYIF_${name}_CONTACT_POINTS`;
  const contactPoints = (process.env[variable] ?? '').split(',').map(withPort).filter(Boolean);
  const [first] = contactPoints;
  if (first === undefined) return { skipped: `address: ${variable} is not set` };
  if (!(await answersCql(first))) throw new Error(`nothing answers CQL at ${first}, which ${variable} names`);
  return {
    how: 'address',
    contactPoints,
    localDataCenter: process.env[`ONLYIF_${name}_LOCAL_DATA_CENTER`] ?? 'datacenter1',
    version: await askVersion(first),
    stop: async () => {},
  };
}

function withPort(contactPoint: string): string {
  const trimmed = contactPoint.trim();
  return trimmed === '' || trimmed.includes(':') ? trimmed : `${trimmed}:9042`;
}
