import type { TableDefinition } from '@onlyif/core';
import { ddl, type Namespace, quoteName, textLiteral } from '@onlyif/cql';

/** A map literal of CQL, as Keyspaces takes it in `CUSTOM_PROPERTIES`. */
export interface CqlMapLiteral {
  readonly [name: string]: string | number | CqlMapLiteral;
}

/** How keyspaces and tables are made. */
export interface CreationOptions {
  /**
   * `CUSTOM_PROPERTIES` of new tables, such as `{ capacity_mode: { throughput_mode: 'PAY_PER_REQUEST' } }`,
   * `{ point_in_time_recovery: { status: 'enabled' } }`. Left out, they are the service's defaults; client-side timestamps are off.
   */
  readonly customProperties?: CqlMapLiteral;
  /** Tags of new keyspaces and tables. */
  readonly tags?: Readonly<Record<string, string>>;
  /** How long to wait until a table or keyspace is ready, or gone with all its tables; 120,000 ms by default. */
  readonly timeoutMs?: number;
  /** Hears, each time the service was asked, how far it is: `'CREATING'`, `'ACTIVE'`, `'DELETING'` …, or `'absent'`. */
  readonly onProgress?: (name: string, status: string) => void;
}

/** The `CREATE TABLE` of a definition on Amazon Keyspaces. */
export function createTableText(table: TableDefinition, namespace: Namespace, { customProperties, tags }: CreationOptions): string {
  const options = [optionOf('CUSTOM_PROPERTIES', customProperties), optionOf('TAGS', tags)].flat();
  return options.length === 0 ? ddl(table, namespace) : `${ddl(table, namespace)} WITH ${options.join(' AND ')}`;
}

/** A keyspace of one Region, with three copies of the data, which is the service's own number. */
export function createKeyspaceText(keyspace: string, { tags }: CreationOptions): string {
  const options = ["REPLICATION = {'class': 'SingleRegionStrategy'}", ...optionOf('TAGS', tags)];
  return `CREATE KEYSPACE ${quoteName(keyspace)} WITH ${options.join(' AND ')}`;
}

function optionOf(name: string, map: CqlMapLiteral | undefined): readonly string[] {
  return map === undefined || Object.keys(map).length === 0 ? [] : [`${name} = ${literal(map)}`];
}

function literal(value: string | number | CqlMapLiteral): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return textLiteral(value);
  return `{${Object.entries(value)
    .map(([name, each]) => `${literal(name)}: ${literal(each)}`)
    .join(', ')}}`;
}
