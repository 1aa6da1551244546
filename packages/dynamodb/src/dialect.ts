import { type Dialect, invalidStatement } from '@onlyif/core';
import { type DynamoDbCompiled, DynamoDbCompiler } from './compile-statement.ts';
import { compileTransaction } from './compile-transaction.ts';
import type { NameOptions } from './names.ts';

export interface DialectOptions extends NameOptions {
  /**
   * `'transaction'` sends every conditional write as a `TransactWriteItems` of one item with a token, so that an unknown
   * outcome can be repeated for 10 minutes without writing twice. Costs twice the write units.
   */
  readonly exactlyOnce?: 'transaction';
}

/** What DynamoDB can say, without a connection. */
export function dynamodbDialect({ exactlyOnce, ...names }: DialectOptions = {}): Dialect<DynamoDbCompiled> {
  if (exactlyOnce !== undefined && exactlyOnce !== 'transaction')
    throw invalidStatement(`dynamodb: exactlyOnce is 'transaction' or left out, not ${JSON.stringify(exactlyOnce)}.`);
  const compiler = new DynamoDbCompiler(names);
  return {
    name: 'dynamodb',
    capabilities: { booleanLogic: true, readCloses: false, staticColumns: false, maxKeyColumns: { partition: 1, clustering: 1 } },
    compile: (statement, options) => {
      const single = compiler.compile(statement, options);
      return exactlyOnce === undefined ? single : compileTransaction(single);
    },
  };
}
