import type { CqlRows } from '../proxy/cql-rows.ts';
import { inetCell, textsCell, uuidCell } from './cql-cells.ts';

/** How one endpoint shows itself. */
export interface Endpoint {
  readonly region: string;
  readonly address: string;
  readonly schemaVersion: Buffer | null;
}

type Cell = (endpoint: Endpoint) => Buffer | null;

const text =
  (value: string): Cell =>
  () =>
    Buffer.from(value);

/** Keyspaces shows a Cassandra 3.11.2 (Developer Guide, "How it works"); the other values are the stand-in's. */
const everywhere: Readonly<Record<string, Cell>> = {
  data_center: ({ region }) => Buffer.from(region),
  rack: ({ region }) => Buffer.from(region),
  release_version: text('3.11.2'),
  rpc_address: ({ address }) => inetCell(address),
};

const local: Readonly<Record<string, Cell>> = {
  ...everywhere,
  cluster_name: text('Amazon Keyspaces'),
  cql_version: text('3.4.4'),
  native_protocol_version: text('4'),
  broadcast_address: ({ address }) => inetCell(address),
  listen_address: ({ address }) => inetCell(address),
};

const peer: Readonly<Record<string, Cell>> = {
  ...everywhere,
  peer: ({ address }) => inetCell(address),
  host_id: ({ address }) => uuidCell(address),
  schema_version: ({ schemaVersion }) => schemaVersion,
  tokens: ({ address }) => textsCell([String(uuidCell(address).readBigInt64BE(0))]),
};

/** The row of `system.local` as the endpoint has it. */
export function showLocal({ columns, rows }: CqlRows, endpoint: Endpoint): CqlRows {
  return { columns, rows: rows.map((row) => row.map((cell, i) => local[columns[i]?.name ?? '']?.(endpoint) ?? cell)) };
}

/** The rows of `system.peers`: one an endpoint, and none of the servers behind. */
export function showPeers({ columns }: CqlRows, endpoints: readonly Endpoint[]): CqlRows {
  return { columns, rows: endpoints.map((endpoint) => columns.map(({ name }) => peer[name]?.(endpoint) ?? null)) };
}
