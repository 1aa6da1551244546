import {
  type Adapter,
  addedBy,
  type Answer,
  type AnyTable,
  type CallContext,
  checkNames,
  type Dialect,
  type Failure,
  invalidStatement,
  keyOf,
  type Row,
  type TableDefinition,
} from '@onlyif/core';
import type { GetItemOutput } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from './attribute-value.ts';
import { cancellationReason } from './cancellation.ts';
import { classifyDynamoDbError, isRefusal } from './classify.ts';
import type { DynamoDbCompiled, Operation } from './compile-statement.ts';
import { Connection, type ConnectionOptions, type DynamoDbClient, type OpenConnection } from './connect.ts';
import { decodeColumns, decodeRow } from './decode-value.ts';
import { type DialectOptions, dynamodbDialect } from './dialect.ts';
import { encodeKey } from './limits.ts';
import type { NameOptions } from './names.ts';
import { optionNames } from './option-names.ts';
import { SingleAttempt } from './single-attempt.ts';
import { DynamoDbTables } from './tables.ts';

export interface DynamoDbOptions extends ConnectionOptions, DialectOptions {
  /** A `DynamoDBClient` or `DynamoDBDocumentClient`; it stays open on `close()`. Without it, the other options make one. */
  readonly client?: DynamoDbClient;
}

/** The adapter of Amazon DynamoDB. */
export interface DynamoDbAdapter extends Adapter<DynamoDbCompiled> {
  readonly client: DynamoDbClient | undefined;
}

/** Amazon DynamoDB: `dynamodb({ client })`, or with the SDK's options instead of a client: `dynamodb({ region: 'eu-west-1' })`. */
export function dynamodb(options: DynamoDbOptions = {}): DynamoDbAdapter {
  checkNames('The options of dynamodb', optionNames, options, 'What else the SDK may have is given by a client.');
  return new DynamoDb(options);
}

class DynamoDb implements DynamoDbAdapter {
  readonly dialect: Dialect<DynamoDbCompiled>;
  readonly tables: DynamoDbTables;
  readonly #connection: Connection;

  constructor({ client, tableName, exactlyOnce, ...own }: DynamoDbOptions) {
    const names: NameOptions = tableName === undefined ? {} : { tableName };
    this.dialect = dynamodbDialect(exactlyOnce === undefined ? names : { ...names, exactlyOnce });
    this.#connection = new Connection(client, own);
    this.tables = new DynamoDbTables(this.#connection, names);
  }

  get client(): DynamoDbClient | undefined {
    return this.#connection.client;
  }

  async execute(compiled: DynamoDbCompiled, context: CallContext): Promise<Answer> {
    try {
      await this.#send(compiled, context);
      return { applied: true };
    } catch (error) {
      const failed = failedCondition(error);
      if (failed === undefined) throw error;
      return rejection(compiled, failed);
    }
  }

  async read(compiled: DynamoDbCompiled, context: CallContext): Promise<Row | null> {
    const { statement } = compiled;
    if (statement.kind !== 'get') throw invalidStatement('Only a get is read.');
    const { Item } = (await this.#send(compiled, context)) as GetItemOutput;
    if (Item === undefined) return null;
    const columns = statement.columns?.map((name) => statement.table.columns[name]);
    return columns === undefined ? decodeRow(statement.table, Item) : decodeColumns(columns as never, Item);
  }

  classify(error: unknown): Failure {
    return classifyDynamoDbError(error);
  }

  encodeKey(table: TableDefinition, key: Row): Record<string, AttributeValue> {
    return encodeKey(table, keyOf(table as AnyTable, key) as Row);
  }

  decodeRow(table: TableDefinition, nativeRow: unknown): Row {
    return decodeRow(table, nativeRow as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** One attempt; throws the error of that attempt as the SDK made it. */
  async #send({ operation, input }: DynamoDbCompiled, context: CallContext): Promise<unknown> {
    const { client, sdk } = await this.#connection.open();
    const token = operation === 'TransactWriteItems' ? { ClientRequestToken: context.requestToken } : {};
    const command = makeCommand(sdk, operation, { ...input, ...token, ...addedBy(context.native, metricNames) });
    return new SingleAttempt(context).send(client, command);
  }
}

interface OneCommand {
  new (input: Record<string, unknown>): object;
}

/** The command classes differ in the types of their inputs alone. */
function makeCommand(sdk: OpenConnection['sdk'], operation: Operation, input: Record<string, unknown>): object {
  const Command = sdk[`${operation}Command`] as unknown as OneCommand;
  return new Command(input);
}

interface FailedCondition {
  readonly Item?: Record<string, unknown>;
}

/** Undefined where the error is another one than that the condition was false. */
function failedCondition(error: unknown): FailedCondition | undefined {
  if (!isRefusal(error)) return undefined;
  if ((error as { readonly name?: unknown }).name === 'ConditionalCheckFailedException') return error as FailedCondition;
  const reason = cancellationReason(error);
  return reason?.Code === 'ConditionalCheckFailed' ? reason : undefined;
}

/** The whole item that was judged comes with the refusal; none where there is no item, or where none was asked for. */
function rejection({ statement, returnsItem }: DynamoDbCompiled, { Item }: FailedCondition): Answer {
  if (!returnsItem) return { applied: false, known: 'nothing' };
  return { applied: false, known: 'row', row: Item === undefined ? null : decodeRow(statement.table, Item) };
}

const metricNames = ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'] as const;
