import { setTimeout as sleep } from 'node:timers/promises';
import { write } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { cqlConsistency, type CqlReply, replyReader } from '../proxy/cql-reply.ts';
import { type CqlRows, decodeRows } from '../proxy/cql-rows.ts';
import type { CqlServerSide } from '../proxy/cql-session.ts';
import { textOf } from './cql-cells.ts';
import type { ResourceName } from './resources.ts';

/** Asks the server behind a question of the stand-in's own. */
export async function ask(server: CqlServerSide, cql: string): Promise<CqlRows> {
  const rows = decodeRows(await query(server, cql));
  if (rows === undefined) throw new Error(`no rows: ${cql}`);
  return rows;
}

function query(server: CqlServerSide, cql: string): Promise<CqlReply> {
  return server.ask(opcodes.QUERY, Buffer.concat([write.longString(cql), write.short(cqlConsistency.ONE), write.byte(0)]));
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

/** A column as `system_schema.columns` has it: `kind` is `partition_key`, `clustering`, `static` or `regular`. */
export interface TableColumn {
  readonly type: string;
  readonly kind: string;
}

/** A table's columns by their names; none where there is no such table. */
export async function columnsOf(
  server: CqlServerSide,
  { keyspace, table }: Required<ResourceName>,
): Promise<ReadonlyMap<string, TableColumn>> {
  const found = await ask(
    server,
    `SELECT column_name, type, kind FROM system_schema.columns WHERE keyspace_name = ${literal(keyspace)} AND table_name = ${literal(table)}`,
  );
  const cell = (row: number, column: string): string => textOf(found, row, column) ?? '';
  return new Map(found.rows.map((_, row) => [cell(row, 'column_name'), { type: cell(row, 'type'), kind: cell(row, 'kind') }] as const));
}

export async function isThere(server: CqlServerSide, { keyspace, table }: ResourceName): Promise<boolean> {
  const where = `WHERE keyspace_name = ${literal(keyspace)}`;
  const { rows } = await ask(
    server,
    table === undefined
      ? `SELECT keyspace_name FROM system_schema.keyspaces ${where}`
      : `SELECT table_name FROM system_schema.tables ${where} AND table_name = ${literal(table)}`,
  );
  return rows.length > 0;
}

export async function drop(server: CqlServerSide, { keyspace, table }: ResourceName): Promise<void> {
  const name = table === undefined ? `KEYSPACE IF EXISTS ${quoted(keyspace)}` : `TABLE IF EXISTS ${quoted(keyspace)}.${quoted(table)}`;
  const reply = await query(server, `DROP ${name}`);
  if (reply.opcode !== opcodes.ERROR) return;
  const reader = replyReader(reply);
  throw new Error(`error ${reader.int()} of DROP ${name}: ${reader.string()}`);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
