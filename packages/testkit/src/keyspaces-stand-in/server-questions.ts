import { setTimeout as sleep } from 'node:timers/promises';
import { write } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { cqlConsistency } from '../proxy/cql-reply.ts';
import { type CqlRows, decodeRows } from '../proxy/cql-rows.ts';
import type { CqlServerSide } from '../proxy/cql-session.ts';
import { textOf } from './cql-cells.ts';

/** Asks the server behind a question of the stand-in's own. */
export async function ask(server: CqlServerSide, cql: string): Promise<CqlRows> {
  const query = Buffer.concat([write.longString(cql), write.short(cqlConsistency.ONE), write.byte(0)]);
  const rows = decodeRows(await server.ask(opcodes.QUERY, query));
  if (rows === undefined) throw new Error(`no rows: ${cql}`);
  return rows;
}

/** The version of the schema of the node behind. */
export async function schemaVersion(server: CqlServerSide): Promise<Buffer | null> {
  const { rows } = await ask(server, 'SELECT schema_version FROM system.local');
  return rows[0]?.[0] ?? null;
}

/** Whether every node of the cluster behind has the same schema. */
export async function schemaIsAgreed(server: CqlServerSide): Promise<boolean> {
  const own = await schemaVersion(server);
  const { rows } = await ask(server, 'SELECT schema_version FROM system.peers');
  return rows.every(([version]) => own !== null && version?.equals(own) === true);
}

/** Waits for it, ten seconds at the most. */
export async function schemaAgreement(server: CqlServerSide): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await schemaIsAgreed(server)) && performance.now() < end) await sleep(50);
}

/** The CQL types of a table's columns; of none where there is no such table. */
export async function columnTypes(server: CqlServerSide, keyspace: string, table: string): Promise<ReadonlyMap<string, string>> {
  const [ks, name] = [keyspace, table].map((each) => each.replaceAll("'", "''"));
  const found = await ask(
    server,
    `SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = '${ks}' AND table_name = '${name}'`,
  );
  return new Map(found.rows.map((_, row) => [textOf(found, row, 'column_name') ?? '', textOf(found, row, 'type') ?? ''] as const));
}
