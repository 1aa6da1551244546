// Run as a process of its own by `resolution.test.ts`: settles a write of which it knows the statement, as JSON, and the token.
import { cassandra } from '@onlyif/cassandra';
import { createClient, parse, type AnyTable, type Write } from '@onlyif/core';
import { dynamodb } from '@onlyif/dynamodb';
import { accounts } from './accounts.ts';
import type { FaultyAddress } from './faulty-backends.ts';

const [where = '', statement = '', token] = process.argv.slice(2);
const address = JSON.parse(where) as FaultyAddress;

const adapter =
  address.kind === 'cassandra'
    ? cassandra({ contactPoints: address.contactPoints, localDataCenter: address.localDataCenter, keyspace: address.keyspace })
    : dynamodb({
        endpoint: address.endpoint,
        region: 'local',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        tableName: (name) => `${address.prefix}.${name}`,
      });
const db = createClient(adapter);
const result = await db.settle(parse(statement, [accounts]) as Write<AnyTable, string>, token);
await db.close();
process.stdout.write(JSON.stringify(result));
