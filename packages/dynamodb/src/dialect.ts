import type { Dialect } from '@onlyif/core';
import { type DynamoDbCompiled, DynamoDbCompiler } from './compile-statement.ts';
import type { NameOptions } from './names.ts';

/** What DynamoDB can say, without a connection. */
export function dynamodbDialect(options: NameOptions = {}): Dialect<DynamoDbCompiled> {
  const compiler = new DynamoDbCompiler(options);
  return {
    name: 'dynamodb',
    capabilities: { booleanLogic: true, readCloses: false, staticColumns: false, maxKeyColumns: { partition: 1, clustering: 1 } },
    compile: (statement, compileOptions) => compiler.compile(statement, compileOptions),
  };
}
