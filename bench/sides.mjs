// A version bump through each adapter and by hand: the same request, through the same client of the driver or the SDK.
import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { cassandra } from '@onlyif/cassandra';
import { and, createClient, defineTable, eq, int, lt, notExists, or, text } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { Client, policies, types } from 'cassandra-driver';

const documents = defineTable('documents', { columns: { id: text(), version: int().notNull(), title: text() }, partitionKey: ['id'] });

const { version, title } = documents.columns;

/** No row ever has it. */
const missed = -1;

/**
 * Two sides of one database. `bump` resolves where version `from` was replaced by the next one; `miss` where the server
 * refused, and its answer shows the version that the row has. Both reject in any other case.
 */
function onlyifSide(db) {
  return {
    async bump(id, from) {
      const result = await db.update(documents, { id }, { set: { version: from + 1 }, if: { version: from } });
      if (!result.applied) throw new Error(`not applied: ${JSON.stringify(result)}`);
    },
    async miss(id, from) {
      const result = await db.update(documents, { id }, { set: { version: from + 1 }, if: { version: missed } }, { existing: 'condition' });
      if (result.applied || result.source !== 'decision' || result.existing.version !== from)
        throw new Error(`not refused: ${JSON.stringify(result)}`);
    },
    /** A condition that CQL cannot say. */
    async emulated(id, from) {
      const condition = or(eq(version, from), and(eq(title, 'none'), lt(version, 0)));
      const result = await db.update(documents, { id }, { set: { version: from + 1 }, if: condition }, { emulate: true });
      if (!result.applied) throw new Error(`not applied: ${JSON.stringify(result)}`);
    },
  };
}

async function openSides(name, db, raw) {
  await db.createTable(documents);
  const create = (id) => db.insert(documents, { id, version: 0, title: 'A title' }, { if: notExists() });
  return { name, raw, onlyif: onlyifSide(db), create };
}

const keyspace = 'onlyif_bench';
const bumpCql = `UPDATE "${keyspace}"."documents" SET "version" = ? WHERE "id" = ? IF "version" = ?`;
const cqlOptions = {
  prepare: true,
  isIdempotent: false,
  retry: new policies.retry.FallthroughRetryPolicy(),
  consistency: types.consistencies.quorum,
  serialConsistency: types.consistencies.serial,
  timestamp: null,
  readTimeout: 10_500,
};

const readCql = `SELECT "id", "version", "title" FROM "${keyspace}"."documents" WHERE "id" = ?`;
const pinnedCql = `${bumpCql} AND "title" = ?`;
const readOptions = { prepare: true, isIdempotent: true, consistency: types.consistencies.serial, readTimeout: 10_500 };

export async function cassandraSides({ contactPoints, localDataCenter, version: release, how }) {
  const client = new Client({ contactPoints, localDataCenter, encoding: { map: Map, set: Set } });
  await client.connect();
  const adapter = cassandra({ client, keyspace });
  await adapter.dropKeyspace();
  await adapter.createKeyspace();
  const update = async (id, from, to) => (await client.execute(bumpCql, [to, id, from], cqlOptions)).rows[0];
  const raw = {
    async bump(id, from) {
      if ((await update(id, from, from + 1))['[applied]'] !== true) throw new Error('not applied');
    },
    async miss(id, from) {
      const row = await update(id, missed, from + 1);
      if (row['[applied]'] !== false || row.version !== from) throw new Error('not refused');
    },
    async emulated(id, from) {
      const [row] = (await client.execute(readCql, [id], readOptions)).rows;
      if (row.version !== from && !(row.title === 'none' && row.version < 0)) throw new Error('not held');
      const { rows } = await client.execute(pinnedCql, [from + 1, id, row.version, row.title], cqlOptions);
      if (rows[0]['[applied]'] !== true) throw new Error('not applied');
    },
  };
  const sides = await openSides(`Cassandra ${release} (${how})`, createClient(adapter), raw);
  const close = async () => {
    await adapter.dropKeyspace();
    await client.shutdown();
  };
  return { ...sides, close };
}

export async function dynamoDbSides({ endpoint, how }) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
  const update = (id, from, to) =>
    client.send(
      new UpdateItemCommand({
        TableName: 'documents',
        Key: { id: { S: id } },
        UpdateExpression: 'SET #n0 = :v0',
        ConditionExpression: 'attribute_exists(#n1) AND #n0 = :v1',
        ExpressionAttributeNames: { '#n0': 'version', '#n1': 'id' },
        ExpressionAttributeValues: { ':v0': { N: String(to) }, ':v1': { N: String(from) } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  const raw = {
    bump: (id, from) => update(id, from, from + 1),
    async miss(id, from) {
      const error = await update(id, missed, from + 1).catch((refusal) => refusal);
      if (!(error instanceof ConditionalCheckFailedException) || Number(error.Item?.version.N) !== from) throw error;
    },
  };
  const db = createClient(dynamodb({ client }));
  await db.dropTable(documents);
  const sides = await openSides(`DynamoDB Local (${how})`, db, raw);
  const close = async () => {
    await db.dropTable(documents);
    client.destroy();
  };
  return { ...sides, close };
}
