export { dynamodb, type DynamoDbAdapter, type DynamoDbOptions } from './adapter.ts';
export type { AttributeValue } from './attribute-value.ts';
export { classifyDynamoDbError } from './classify.ts';
export type { DynamoDbCompiled, Operation } from './compile-statement.ts';
export type { ConnectionOptions, DynamoDbClient } from './connect.ts';
export { type DialectOptions, dynamodbDialect } from './dialect.ts';
export type { NameOptions } from './names.ts';
export { createTableInput } from './tables.ts';
