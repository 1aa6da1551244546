import { cqlNotation, type CqlRows, Gate } from '@onlyif/testkit';
import { expect, test } from 'vitest';
import { parseStatement } from '../src/keyspaces-stand-in/cql-statement.ts';
import { type Definition, translateDefinition } from '../src/keyspaces-stand-in/definitions.ts';
import { Resources } from '../src/keyspaces-stand-in/resources.ts';
import { serviceSelect } from '../src/keyspaces-stand-in/service-tables.ts';

const translate = (cql: string): Definition | undefined => translateDefinition(parseStatement(cql), 'eu-west-1', 3);
const simple = `replication = {'class': 'SimpleStrategy', 'replication_factor': 3}`;

test.each([
  [
    `CREATE KEYSPACE aws_blog WITH REPLICATION = {'class': 'SingleRegionStrategy'} AND TAGS = {'blog' : 'Lightweight Transactions'};`,
    `CREATE KEYSPACE aws_blog WITH ${simple}`,
  ],
  [
    `create keyspace if not exists k with durable_writes = true and replication = {'class':'NetworkTopologyStrategy','eu-west-1':'3','us-east-1':'3'} AND CLIENT_SIDE_TIMESTAMPS = {'status':'enabled'}`,
    `create keyspace if not exists k WITH durable_writes = true AND ${simple}`,
  ],
  [
    `CREATE TABLE k.t (id int, c int, PRIMARY KEY(id, c)) WITH CLUSTERING ORDER BY (c DESC) AND CUSTOM_PROPERTIES = {'capacity_mode': {'throughput_mode': 'PAY_PER_REQUEST'}} AND comment = 'with and { in it' AND TAGS = {'a':'b'}`,
    `CREATE TABLE k.t (id int, c int, PRIMARY KEY(id, c)) WITH CLUSTERING ORDER BY (c DESC) AND comment = 'with and { in it'`,
  ],
  [`CREATE TABLE k.t (id int PRIMARY KEY) WITH TAGS = {'a':'b'}`, `CREATE TABLE k.t (id int PRIMARY KEY) `],
  [`ALTER TABLE k.t WITH CUSTOM_PROPERTIES = {'point_in_time_recovery': {'status': 'enabled'}}`, undefined],
  [`ALTER TABLE k.t ADD TAGS {'a': 'b'}`, undefined],
  ['ALTER TABLE k.t ADD tags text', 'ALTER TABLE k.t ADD tags text'],
  ['DROP KEYSPACE IF EXISTS "K"', 'DROP KEYSPACE IF EXISTS "K"'],
])('%s', (cql, expected) => {
  const definition = translate(cql);
  expect(definition).toMatchObject({ refusal: undefined });
  expect(definition?.cql).toBe(expected);
});

test('custom properties are read with what is in them', () => {
  const cql = `CREATE TABLE k.t (id int PRIMARY KEY) WITH CUSTOM_PROPERTIES = {'capacity_mode': {'throughput_mode': 'PROVISIONED', 'read_capacity_units': 5}, 'client_side_timestamps': {'status': 'enabled'}}`;
  expect(translate(cql)?.customProperties).toEqual(
    new Map([
      [
        'capacity_mode',
        new Map([
          ['throughput_mode', 'PROVISIONED'],
          ['read_capacity_units', '5'],
        ]),
      ],
      ['client_side_timestamps', new Map([['status', 'enabled']])],
    ]),
  );
});

test('a default TTL enables TTL', () => {
  const enabled = new Map([['ttl', new Map([['status', 'enabled']])]]);
  const properties = (options: string): unknown => translate(`CREATE TABLE k.t (id int PRIMARY KEY) WITH ${options}`)?.customProperties;
  expect(properties('default_time_to_live = 60')).toEqual(enabled);
  expect(properties(`CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}`)).toEqual(enabled);
  expect(properties('default_time_to_live = 0')).toBeUndefined();
  expect(translate('ALTER TABLE k.t WITH default_time_to_live = 60')?.customProperties).toEqual(enabled);
});

test.each([
  [`CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}`, /SimpleStrategy is not supported/],
  [
    `CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'us-east-1': 3, 'us-east-2': 3}`,
    /does not name the Region eu-west-1/,
  ],
  [`CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'eu-west-1': 3}`, /fewer than two Regions/],
  [`ALTER KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'eu-west-1': 3}`, /fewer than two Regions/],
  ['CREATE KEYSPACE k', /needs REPLICATION/],
])('refused: %s', (cql, problem) => expect(translate(cql)?.refusal).toMatch(problem));

test('the keyspace that a definition is about', () => {
  expect([translate('DROP KEYSPACE IF EXISTS "Kk"'), translate('DROP TABLE k.t')].map((each) => each?.keyspace)).toEqual(['Kk', undefined]);
});

test('a keyspace of several Regions', () => {
  const several = (cql: string): boolean | undefined => translate(cql)?.multiRegion;
  expect([
    several(`CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'eu-west-1': 3, 'us-east-1': 3}`),
    several(
      `ALTER KEYSPACE k WITH replication = {'class': 'org.apache.cassandra.locator.NetworkTopologyStrategy', 'eu-west-1': 3, 'us-east-1': 3}`,
    ),
    several(`CREATE KEYSPACE k WITH replication = {'class': 'SingleRegionStrategy'}`),
    several('ALTER KEYSPACE k WITH durable_writes = true'),
  ]).toEqual([true, true, false, undefined]);
});

const asked = (cql: string, table: string): string => serviceSelect(parseStatement(cql), table).cql;

test('a SELECT of system_schema_mcs, as Cassandra is asked', () => {
  const where = `WHERE keyspace_name = ? AND table_name = 'x'`;
  expect(asked(`SELECT keyspace_name, status, table_name FROM system_schema_mcs.tables ${where}`, 'tables')).toBe(
    `SELECT keyspace_name, table_name, keyspace_name AS onlyif_keyspace, table_name AS onlyif_table FROM system_schema.tables ${where}`,
  );
  expect(asked('select * from system_schema_mcs.tables', 'tables')).toBe('SELECT * FROM system_schema.tables');
  expect(asked('SELECT * FROM system_schema_mcs.keyspaces LIMIT 1', 'keyspaces')).toBe('SELECT * FROM system_schema.keyspaces LIMIT 1');
  expect(asked('SELECT durable_writes FROM "system_schema_mcs".keyspaces', 'keyspaces')).toBe(
    'SELECT durable_writes, keyspace_name AS onlyif_keyspace FROM system_schema.keyspaces',
  );
  expect(asked('SELECT column_name FROM system_schema_mcs.columns', 'columns')).toBe('SELECT column_name FROM system_schema.columns');
});

/** Rows of texts, as the server gives them. */
function rowsOf(names: readonly string[], ...rows: readonly (readonly string[])[]): CqlRows {
  const columns = names.map((name) => ({ keyspace: 'system_schema', table: 'any', name, type: cqlNotation.short(0x000d) }));
  return { columns, rows: rows.map((row) => row.map((cell) => Buffer.from(cell))) };
}

function shown(cql: string, table: string, rows: CqlRows, resources: Resources): readonly Readonly<Record<string, string>>[] {
  const { columns, rows: cells } = serviceSelect(parseStatement(cql), table).show(rows, resources);
  return cells.map((row) => Object.fromEntries(row.map((cell, i) => [columns[i]?.name, cell?.toString()])));
}

test('its rows as the service shows them', () => {
  const resources = new Resources({ activeAfter: new Gate(), goneAfter: new Gate() });
  resources.created({ keyspace: 'new' });
  resources.created({ keyspace: 'old', table: 'late' });
  resources.deleting({ keyspace: 'going' });
  const added = ['onlyif_keyspace', 'onlyif_table'];
  const tables = rowsOf(['comment', ...added], ['a', 'old', 'late'], ['b', 'old', 't'], ['c', 'going', 't']);
  expect(shown('SELECT status AS s, comment FROM system_schema_mcs.tables', 'tables', tables, resources)).toEqual([
    { s: 'CREATING', comment: 'a' },
    { s: 'ACTIVE', comment: 'b' },
    { s: 'DELETING', comment: 'c' },
  ]);
  const keyspaces = (...names: readonly string[]): CqlRows =>
    rowsOf(names, ...['new', 'old', 'going'].map((name) => names.map(() => name)));
  expect(shown('SELECT * FROM system_schema_mcs.keyspaces', 'keyspaces', keyspaces('keyspace_name'), resources)).toEqual([
    { keyspace_name: 'old' },
    { keyspace_name: 'going' },
  ]);
  const without = keyspaces('durable_writes', 'onlyif_keyspace');
  expect(shown('SELECT durable_writes FROM system_schema_mcs.keyspaces', 'keyspaces', without, resources)).toEqual([
    { durable_writes: 'old' },
    { durable_writes: 'going' },
  ]);
});
