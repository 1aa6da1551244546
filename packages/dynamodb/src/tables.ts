import { setTimeout as sleep } from 'node:timers/promises';
import type { DescribedColumn, ScanFinding, TableAdministration, TableDefinition, TableDescription } from '@onlyif/core';
import { isLWTError, LWTError } from '@onlyif/core';
import type { CreateTableInput, DescribeTableOutput, ScanOutput, ScalarAttributeType } from '@aws-sdk/client-dynamodb';
import { attributeType } from './attribute-value.ts';
import { classifyDynamoDbError } from './classify.ts';
import type { Connection } from './connect.ts';
import { decodeColumns } from './decode-value.ts';
import { checkKeySchema, type NameOptions, tableNameIn } from './names.ts';

/** The `CreateTable` input of a definition, billed per request. Sends nothing. */
export function createTableInput(table: TableDefinition, options: NameOptions = {}): CreateTableInput {
  checkKeySchema(table);
  return {
    TableName: tableNameIn(options, table),
    AttributeDefinitions: table.key.map((column) => ({
      AttributeName: column.native,
      AttributeType: attributeType(column.type) as ScalarAttributeType,
    })),
    KeySchema: table.key.map((column) => ({ AttributeName: column.native, KeyType: column.role === 'partition' ? 'HASH' : 'RANGE' })),
    BillingMode: 'PAY_PER_REQUEST',
  };
}

const pollMs = 200;
const readyWithinMs = 120_000;
/** Beyond that a server is taken for silent; the SDK itself would wait for 300 seconds. */
const describedWithinMs = 5_000;

/** Creates, drops and inspects tables. */
export class DynamoDbTables implements TableAdministration {
  readonly #connection: Connection;
  readonly #options: NameOptions;

  constructor(connection: Connection, options: NameOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async create(table: TableDefinition): Promise<void> {
    const { client, sdk } = await this.#connection.open();
    const abortSignal = AbortSignal.timeout(readyWithinMs);
    await client.send(new sdk.CreateTableCommand(createTableInput(table, this.#options)) as never, { abortSignal });
    await this.#waitFor(table, 'ACTIVE', abortSignal);
  }

  async drop(table: TableDefinition): Promise<void> {
    const { client, sdk } = await this.#connection.open();
    const abortSignal = AbortSignal.timeout(readyWithinMs);
    try {
      await client.send(new sdk.DeleteTableCommand({ TableName: tableNameIn(this.#options, table) }) as never, { abortSignal });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    await this.#waitFor(table, 'absent', abortSignal);
  }

  async describe(table: TableDefinition, signal?: AbortSignal): Promise<TableDescription | null> {
    const limits = [AbortSignal.timeout(describedWithinMs), ...(signal === undefined ? [] : [signal])];
    const live = await this.#describe(table, AbortSignal.any(limits));
    if (live === undefined) return null;
    const types = new Map(live.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
    const found = (live.KeySchema ?? []).map(({ AttributeName, KeyType }): DescribedColumn => {
      return { name: String(AttributeName), type: String(types.get(AttributeName)), role: KeyType === 'HASH' ? 'partition' : 'clustering' };
    });
    return {
      found,
      wanted: table.key.map((column) => ({ name: column.native, type: attributeType(column.type), role: column.role })),
      problems: [],
    };
  }

  async *scan(table: TableDefinition): AsyncIterable<ScanFinding> {
    if (table.notNull.length === 0) return;
    const { client, sdk } = await this.#connection.open();
    const columns = [...table.key, ...table.notNull];
    const names = Object.fromEntries(columns.map((column, i) => [`#n${i}`, column.native]));
    const filter = table.notNull.map((_, i) => `attribute_not_exists(#n${table.key.length + i})`).join(' OR ');
    const input = {
      TableName: tableNameIn(this.#options, table),
      ConsistentRead: true,
      FilterExpression: filter,
      ExpressionAttributeNames: names,
    };
    const projection = Object.keys(names).join(', ');
    let start: ScanOutput['LastEvaluatedKey'];
    do {
      const page = (await client.send(
        new sdk.ScanCommand({
          ...input,
          ProjectionExpression: projection,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }) as never,
      )) as ScanOutput;
      for (const item of page.Items ?? []) {
        const key = decodeColumns(columns, item);
        for (const column of table.notNull) if (key[column.name] === null) yield { key, kind: 'null', column };
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  async #describe(table: TableDefinition, abortSignal: AbortSignal): Promise<DescribeTableOutput['Table'] | undefined> {
    const { client, sdk } = await this.#connection.open();
    try {
      const command = new sdk.DescribeTableCommand({ TableName: tableNameIn(this.#options, table) });
      return ((await client.send(command as never, { abortSignal })) as DescribeTableOutput).Table;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** A question that fails for the moment is asked again. */
  async #waitFor(table: TableDefinition, wanted: 'ACTIVE' | 'absent', signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const limit = AbortSignal.any([AbortSignal.timeout(describedWithinMs), signal]);
      const status = await this.#describe(table, limit).then((live) => live?.TableStatus ?? 'absent', unlessPassing);
      if (status === wanted) return;
      await sleep(pollMs);
    }
    throw new LWTError('unavailable', `Table ${table.name} was not ${wanted} within ${readyWithinMs / 1000} seconds; DynamoDB goes on.`, {
      retryable: true,
    });
  }
}

/** A question that was not answered says nothing of the table. */
function unlessPassing(error: unknown): undefined {
  const { code, retryable } = isLWTError(error) ? error : classifyDynamoDbError(error);
  if (!retryable && code !== 'outcome-unknown') throw error;
  return undefined;
}

function isMissing(error: unknown): boolean {
  return (error as { name?: unknown }).name === 'ResourceNotFoundException';
}
