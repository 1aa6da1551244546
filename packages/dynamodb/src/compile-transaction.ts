import { costOfWrite, type DynamoDbCompiled, type Operation } from './compile-statement.ts';

const actions: { readonly [O in Operation]?: string } = { PutItem: 'Put', UpdateItem: 'Update', DeleteItem: 'Delete' };

/** What stands for the token in explanations; every call has its own. */
const anyToken = '<one for each call>';

/** DynamoDB keeps a token for 10 minutes; a minute is left for the way. */
const repeatableMs = 9 * 60_000;

const notes: readonly string[] = [
  'Sent as a transaction of one item, which costs twice the write units.',
  'A repeat with the same ClientRequestToken is written once, for 10 minutes after the first request; where that was cancelled, the repeat is judged anew.',
];

/** R38: the same write as a transaction of one item, which can be repeated with its token. Reads stay as they are. */
export function compileTransaction(single: DynamoDbCompiled): DynamoDbCompiled {
  const action = actions[single.operation];
  if (action === undefined) return single;
  const input = { TransactItems: [{ [action]: single.input }] };
  return {
    ...single,
    operation: 'TransactWriteItems',
    input,
    requests: [{ ...input, ClientRequestToken: anyToken }],
    notes: [...single.notes, ...notes],
    cost: costOfWrite(2),
    repeatableMs,
  };
}
