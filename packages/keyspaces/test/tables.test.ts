import { createClient, isLWTError } from '@onlyif/core';
import { createTableText, type CqlClient, type CreationOptions, keyspaces } from '@onlyif/keyspaces';
import driver from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { bare } from './profiles-table.ts';

/** What one question for a status comes to: a status, no row, or an error. */
type State = string | undefined | Error;

/** A stub of the service: each table and keyspace is CREATING, or still there, for so many questions. */
class SlowService implements CqlClient {
  readonly defined: string[] = [];
  readonly levels: unknown[] = [];
  /** What a definition comes to, where it fails. */
  refusal: Error | undefined;
  readonly #states: State[];
  readonly #tables: readonly string[];

  constructor(states: readonly State[], tables: readonly string[] = []) {
    this.#states = [...states];
    this.#tables = tables;
  }

  async execute(
    cql: string,
    _parameters?: unknown,
    options: { readonly consistency?: number; readonly pageState?: string } = {},
  ): Promise<{ rows: Record<string, unknown>[]; pageState?: string }> {
    this.levels.push(options.consistency);
    // A page may be empty with more to come.
    if (cql.startsWith('SELECT') && options.pageState === undefined) return { rows: [], pageState: 'more' };
    if (cql.startsWith('SELECT table_name')) return { rows: this.#tables.map((table_name) => ({ table_name })) };
    if (!cql.startsWith('SELECT')) this.defined.push(cql);
    if (!cql.startsWith('SELECT') && this.refusal !== undefined) throw this.refusal;
    const status = cql.startsWith('SELECT') ? this.#states.shift() : undefined;
    if (status instanceof Error) throw status;
    return { rows: status === undefined ? [] : [{ status, keyspace_name: 'app' }] };
  }

  async shutdown(): Promise<void> {}
}

function at(client: SlowService, creation: CreationOptions = {}): ReturnType<typeof keyspaces> {
  return keyspaces({ client, keyspace: 'app', creation });
}

describe('texts', () => {
  test('of a table with properties and tags', () => {
    const text = createTableText(
      bare,
      { keyspace: 'app' },
      {
        customProperties: {
          capacity_mode: { throughput_mode: 'PROVISIONED', read_capacity_units: 10, write_capacity_units: 5 },
          point_in_time_recovery: { status: 'enabled' },
        },
        tags: { "team's": 'a' },
      },
    );
    expect(text).toBe(
      `CREATE TABLE "app"."bare" ("id" text, "v" int, "w" int, PRIMARY KEY (("id"))) WITH CUSTOM_PROPERTIES = {'capacity_mode': {'throughput_mode': 'PROVISIONED', 'read_capacity_units': 10, 'write_capacity_units': 5}, 'point_in_time_recovery': {'status': 'enabled'}} AND TAGS = {'team''s': 'a'}`,
    );
  });
  test('of a table with none', () => {
    expect(createTableText(bare, {}, { tags: {} })).toBe('CREATE TABLE "bare" ("id" text, "v" int, "w" int, PRIMARY KEY (("id")))');
  });
});

function raise(): never {
  throw new Error('a watcher that throws');
}

describe('what the service does after it has answered is waited for (a stub of it)', () => {
  test('a table until it is ACTIVE', async () => {
    const heard: (readonly string[])[] = [];
    const service = new SlowService([undefined, 'CREATING', 'ACTIVE']);
    await createClient(at(service, { onProgress: (...told) => heard.push(told) })).createTable(bare);
    expect(service.defined).toHaveLength(1);
    expect(heard).toEqual([
      ['app.bare', 'absent'],
      ['app.bare', 'CREATING'],
      ['app.bare', 'ACTIVE'],
    ]);
    expect(new Set(service.levels)).toEqual(new Set([driver.types.consistencies.localQuorum]));
  });
  test.each([
    ['at once', (): never => raise()],
    ['later', (() => Promise.reject(new Error('a watcher that rejects'))) as () => never],
  ])('whatever its watcher throws, %s', async (_, onProgress) => {
    await createClient(at(new SlowService(['CREATING', 'ACTIVE']), { onProgress })).createTable(bare);
  });
  const exists = Object.assign(new Error('Table app.bare already exists'), { code: driver.types.responseErrorCodes.alreadyExists });
  test('a table that an earlier call began to make', async () => {
    const service = Object.assign(new SlowService(['CREATING', 'CREATING', 'ACTIVE']), { refusal: exists });
    const heard: string[] = [];
    await createClient(at(service, { onProgress: (_, status) => heard.push(status) })).createTable(bare);
    expect(heard).toEqual(['CREATING', 'ACTIVE']);
  });
  test('but a table that was there is an error, as elsewhere', async () => {
    const service = Object.assign(new SlowService(['ACTIVE']), { refusal: exists });
    await expect(createClient(at(service)).createTable(bare)).rejects.toMatchObject({ outcome: 'not-applied', cause: exists });
  });
  test('a table until it is gone', async () => {
    const service = new SlowService(['DELETING', undefined]);
    await createClient(at(service)).dropTable(bare);
    expect(service.defined).toEqual(['DROP TABLE IF EXISTS "app"."bare"']);
  });
  test('although a question is not answered, or refused for its rate', async () => {
    const throttled = new driver.errors.ResponseError(0x1200, 'Server timeout during read query');
    const lost = new driver.errors.OperationTimedOutError('The host did not reply');
    const service = new SlowService(['CREATING', throttled, lost, 'ACTIVE']);
    await createClient(at(service)).createTable(bare);
  });
  test('but not where asking is not allowed', async () => {
    const service = new SlowService([new driver.errors.ResponseError(0x2100, 'User has no permission')]);
    const error: unknown = await createClient(at(service))
      .createTable(bare)
      .catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && [error.code, error.outcome, error.message]).toEqual([
      'access-denied',
      'not-applied',
      expect.stringMatching(/^Table bare could not be created\. .*no permission/),
    ]);
  });
  test.each(['DELETING', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'])('not a table that is %s, which is never ACTIVE', async (status) => {
    const call = createClient(at(new SlowService([status]))).createTable(bare);
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && [error.code, error.retryable, error.message]).toEqual([
      'unavailable',
      false,
      `app.bare is ${status}, and not ACTIVE.`,
    ]);
  });
  test('no longer than it is given: unavailable, and the service goes on', async () => {
    const service = new SlowService(Array.from({ length: 99 }, () => 'CREATING'));
    const error: unknown = await createClient(at(service, { timeoutMs: 150 }))
      .createTable(bare)
      .catch((thrown: unknown) => thrown);
    expect(isLWTError(error) && [error.code, error.retryable, error.message]).toEqual([
      'unavailable',
      true,
      expect.stringContaining('app.bare is CREATING'),
    ]);
  });
  test('a keyspace until it is shown; one that is there is left alone', async () => {
    const service = new SlowService([undefined, undefined, 'there', 'there']);
    const adapter = at(service, { tags: { a: 'b' } });
    expect([await adapter.createKeyspace(), await adapter.createKeyspace()]).toEqual([true, false]);
    expect(service.defined).toEqual([`CREATE KEYSPACE "app" WITH REPLICATION = {'class': 'SingleRegionStrategy'} AND TAGS = {'a': 'b'}`]);
  });
  test('a keyspace that cannot be made, or dropped: an LWTError', async () => {
    const noHost = new driver.errors.NoHostAvailableError({}, 'All host(s) tried for query failed.');
    const denied = new driver.errors.ResponseError(0x2100, 'User has no permission');
    const calls = [at(new SlowService([noHost])).createKeyspace(), at(new SlowService([denied])).dropKeyspace()];
    const ended = await Promise.all(calls.map((call) => (call as Promise<unknown>).catch((thrown: unknown) => thrown)));
    expect(ended.map((error) => isLWTError(error) && [error.code, error.outcome])).toEqual([
      ['unavailable', 'not-applied'],
      ['access-denied', 'not-applied'],
    ]);
  });
  test('a keyspace goes after its tables', async () => {
    const service = new SlowService(['DELETING', undefined, undefined, 'there', undefined], ['t', 'u']);
    await at(service).dropKeyspace();
    expect(service.defined).toEqual(['DROP TABLE IF EXISTS "app"."t"', 'DROP TABLE IF EXISTS "app"."u"', 'DROP KEYSPACE IF EXISTS "app"']);
  });
});
