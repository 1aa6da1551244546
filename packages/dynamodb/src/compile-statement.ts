import {
  type ColumnDefinition,
  type Compiled,
  type CompileOptions,
  type Cost,
  type GetStatement,
  type InsertStatement,
  normalise,
  refuseStatics,
  type Row,
  Shapes,
  type Statement,
  type TableDefinition,
  type WriteNode,
} from '@onlyif/core';
import type { AttributeValue } from './attribute-value.ts';
import { compileCondition, writeMember } from './compile-condition.ts';
import { rangeGuards, writeUpdate } from './compile-update.ts';
import { encodeValue } from './encode-value.ts';
import { type ExpressionTexts, ExpressionWriter } from './expression-writer.ts';
import { checkItemSize, encodeKey } from './limits.ts';
import { checkCollections, checkKeySchema, type NameOptions, tableNameIn } from './names.ts';

/** The operations that statements become. */
export type Operation = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'GetItem' | 'TransactWriteItems';

export interface DynamoDbCompiled extends Compiled {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether a refusal brings the item that was judged. */
  readonly returnsItem: boolean;
}

interface TableTexts {
  readonly name: string;
  readonly partitionKey: ColumnDefinition;
  readonly shapes: Shapes<ExpressionTexts>;
}

/** Every write but an insert. */
type Change = Exclude<WriteNode, InsertStatement>;

/** Compiles statements to inputs of the DynamoDB API; expression texts are made once per shape and table. */
export class DynamoDbCompiler {
  readonly #options: NameOptions;
  readonly #tables = new WeakMap<TableDefinition, TableTexts>();

  constructor(options: NameOptions) {
    this.#options = options;
  }

  compile(statement: Statement, options: CompileOptions = {}): DynamoDbCompiled {
    const texts = this.#texts(statement.table);
    switch (statement.kind) {
      case 'get':
        return compileGet(texts, statement);
      case 'insert':
        return compileInsert(texts, statement, options);
      case 'update':
      case 'replace':
      case 'upsert':
      case 'delete':
        return compileChange(texts, statement, options);
    }
  }

  #texts(table: TableDefinition): TableTexts {
    let texts = this.#tables.get(table);
    if (texts === undefined) this.#tables.set(table, (texts = tableTexts(this.#options, table)));
    return texts;
  }
}

function tableTexts(options: NameOptions, table: TableDefinition): TableTexts {
  refuseStatics(table);
  checkKeySchema(table);
  checkCollections(table);
  return { name: tableNameIn(options, table), partitionKey: table.partitionKey[0] as ColumnDefinition, shapes: new Shapes() };
}

function compiled(statement: Statement, operation: Operation, input: Record<string, unknown>): DynamoDbCompiled {
  const cost = operation === 'GetItem' ? costOfRead(statement) : costOfWrite(1);
  const returnsItem = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  return { statement, requests: [input], notes: [], cost, operation, input, returnsItem };
}

const oneTrip = { applied: 1, notApplied: 1, rowAbsent: 1 };

/** DynamoDB Developer Guide, "Read/write capacity": a false condition is billed by the item that is there; a transaction twice. */
export function costOfWrite(units: 1 | 2): Cost {
  const one = units === 1 ? '1 write unit' : '2 write units';
  const capacity = {
    applied: `${one} for each started KB of the larger of the item before and after`,
    notApplied: `${one} for each started KB of the item`,
    rowAbsent: `${one}; of an insert, for each started KB of the item written`,
  };
  return { roundTrips: oneTrip, capacity };
}

function costOfRead(statement: Statement): Cost {
  const units = statement.kind === 'get' && statement.consistency === 'eventual' ? '0.5' : '1';
  const read = `${units} read unit for each started 4 KB of the item`;
  return { roundTrips: oneTrip, capacity: { applied: read, notApplied: read, rowAbsent: `${units} read unit` } };
}

function compileGet({ name, partitionKey }: TableTexts, statement: GetStatement): DynamoDbCompiled {
  const input = { TableName: name, Key: encodeKey(statement.table, statement.key), ConsistentRead: statement.consistency !== 'eventual' };
  if (statement.columns === undefined) return compiled(statement, 'GetItem', input);
  // The partition key is always read: it tells an item without the wanted attributes from no item.
  const columns = new Set([partitionKey, ...statement.columns.map((column) => statement.table.columns[column] as ColumnDefinition)]);
  const names = Object.fromEntries(Array.from(columns, ({ native }, i) => [`#n${i}`, native]));
  return compiled(statement, 'GetItem', { ...input, ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names });
}

function compileInsert({ name, partitionKey }: TableTexts, statement: InsertStatement, { existing }: CompileOptions): DynamoDbCompiled {
  const item = { ...encodeKey(statement.table, statement.key), ...encodeSet(statement.table, statement.set) };
  checkItemSize(statement.table, item);
  return compiled(statement, 'PutItem', {
    TableName: name,
    Item: item,
    ConditionExpression: 'attribute_not_exists(#n0)',
    ExpressionAttributeNames: { '#n0': partitionKey.native },
    ReturnValuesOnConditionCheckFailure: existing === 'none' ? 'NONE' : 'ALL_OLD',
  });
}

function encodeSet(table: TableDefinition, set: Row): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const column of table.regular) {
    const value = set[column.name] ?? null;
    if (value !== null) attributes[column.native] = encodeValue(column, value);
  }
  return attributes;
}

function compileChange({ name, partitionKey, shapes }: TableTexts, statement: Change, { existing }: CompileOptions): DynamoDbCompiled {
  const out = new ExpressionWriter(shapes, partitionKey);
  if (statement.kind !== 'delete') writeUpdate(statement.table, statement.set, out);
  out.condition();
  writeCondition(statement, out);
  const texts = out.texts();
  const input: Record<string, unknown> = { TableName: name, Key: encodeKey(statement.table, statement.key) };
  if (texts.update !== undefined) input['UpdateExpression'] = texts.update;
  input['ConditionExpression'] = texts.condition;
  input['ExpressionAttributeNames'] = texts.names;
  if (out.hasValues) input['ExpressionAttributeValues'] = out.values;
  input['ReturnValuesOnConditionCheckFailure'] = existing === 'none' ? 'NONE' : 'ALL_OLD';
  return compiled(statement, statement.kind === 'delete' ? 'DeleteItem' : 'UpdateItem', input);
}

/** `UpdateItem` creates what is not there: only an upsert goes without `attribute_exists(<partition key>)`. */
function writeCondition(statement: Change, out: ExpressionWriter): void {
  const condition = statement.if.kind === 'exists' ? undefined : normalise(statement.if);
  const guards = rangeGuards(statement);
  const isGuarded = statement.kind !== 'upsert' && condition?.kind !== 'constant';
  if (isGuarded || condition === undefined) out.call('attribute_exists', out.partitionKey);
  if (condition !== undefined) {
    if (isGuarded) out.operator(' AND ');
    if (condition.kind === 'and' || (!isGuarded && guards.length === 0)) compileCondition(condition, out);
    else writeMember(condition, out);
  }
  for (const guard of guards) {
    out.operator(' AND ');
    guard(out);
  }
}
